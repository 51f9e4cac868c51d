//! The optimizers, on functions whose gradients are written by hand.

mod articles;
mod descent;
mod matrix;
mod rules;
mod schedule_properties;
mod schedules;
mod single_rules;
mod stepping;
mod steps;
mod stops;
mod table;
mod trajectories;
mod transforms;

use downhill::diff::Objective;
use serde_json::Value;

/// A function with its gradient.
#[derive(Clone, Copy)]
struct Function {
    value: fn(&[f64]) -> f64,
    gradient: fn(&[f64], &mut [f64]),
}

impl Objective for Function {
    fn value(&mut self, x: &[f64]) -> f64 {
        (self.value)(x)
    }

    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64 {
        (self.gradient)(x, gradient);
        (self.value)(x)
    }
}

/// (1 - x)² + 100 (y - x²)², least at (1, 1).
const BANANA: Function = Function {
    value: |p| (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2),
    gradient: |p, g| {
        let (x, y) = (p[0], p[1]);
        g[0] = -2.0 * (1.0 - x) - 400.0 * x * (y - x * x);
        g[1] = 200.0 * (y - x * x);
    },
};

/// (1.5 - x + x y)² + (2.25 - x + x y²)² + (2.625 - x + x y³)², least at (3, 0.5).
const BEALE: Function = Function {
    value: |p| beale(p).iter().map(|(r, _, _)| r * r).sum(),
    gradient: |p, g| {
        g.fill(0.0);
        for (r, along_x, along_y) in beale(p) {
            g[0] += 2.0 * r * along_x;
            g[1] += 2.0 * r * along_y;
        }
    },
};

/// The three residuals, each with its slopes.
fn beale(p: &[f64]) -> [(f64, f64, f64); 3] {
    [(1.5, 1), (2.25, 2), (2.625, 3)].map(|(c, k)| {
        (c - p[0] + p[0] * p[1].powi(k), p[1].powi(k) - 1.0, p[0] * k as f64 * p[1].powi(k - 1))
    })
}

/// x² + y², least at (0, 0).
const BOWL: Function = Function {
    value: |p| p[0] * p[0] + p[1] * p[1],
    gradient: |p, g| {
        g[0] = 2.0 * p[0];
        g[1] = 2.0 * p[1];
    },
};

/// 0.5 x² + 0.1 y², least at (0, 0).
const TROUGH: Function = Function {
    value: |p| 0.5 * p[0] * p[0] + 0.1 * p[1] * p[1],
    gradient: |p, g| {
        g[0] = p[0];
        g[1] = 0.2 * p[1];
    },
};

/// 0.5 Σ dᵢ (xᵢ - 1)², dᵢ = 100^(i/9), least at (1, …, 1).
const QUAD10: Function = Function {
    value: |x| (0..10).map(|i| 0.5 * curvature(i) * (x[i] - 1.0).powi(2)).sum(),
    gradient: |x, g| {
        for i in 0..10 {
            g[i] = curvature(i) * (x[i] - 1.0);
        }
    },
};

fn curvature(i: usize) -> f64 {
    100f64.powf(i as f64 / 9.0)
}

/// x - ln x + y - 2 ln y, least at (1, 2); NaN where x or y is negative.
const BARRIER: Function = Function {
    value: |p| p[0] - p[0].ln() + p[1] - 2.0 * p[1].ln(),
    gradient: |p, g| {
        g[0] = 1.0 - 1.0 / p[0];
        g[1] = 1.0 - 2.0 / p[1];
    },
};

/// x⁴ + (y - 2)⁴, least at (0, 2), where the curvature vanishes.
const QUARTIC: Function = Function {
    value: |p| p[0].powi(4) + (p[1] - 2.0).powi(4),
    gradient: |p, g| {
        g[0] = 4.0 * p[0].powi(3);
        g[1] = 4.0 * (p[1] - 2.0).powi(3);
    },
};

/// x, without a lower bound.
const RAMP: Function = Function { value: |x| x[0], gradient: |_, g| g[0] = 1.0 };

/// Counts calls.
struct Counted(Function, usize);

impl Objective for Counted {
    fn value(&mut self, x: &[f64]) -> f64 {
        self.1 += 1;
        self.0.value(x)
    }

    fn value_and_gradient(&mut self, x: &[f64], gradient: &mut [f64]) -> f64 {
        assert!(x.iter().all(|x| x.is_finite()), "asked about {x:?}");
        self.1 += 1;
        self.0.value_and_gradient(x, gradient)
    }
}

fn gradient(f: Function, x: &[f64]) -> Vec<f64> {
    let mut g = vec![0.0; x.len()];
    (f.gradient)(x, &mut g);
    g
}

fn norm(v: &[f64]) -> f64 {
    v.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

/// The largest deviation of a component, relative where the component is above 1.
fn deviation(x: &[f64], expected: &[f64]) -> f64 {
    assert_eq!(x.len(), expected.len());
    x.iter()
        .zip(expected)
        .map(|(x, e)| (x - e).abs() / e.abs().max(1.0))
        .fold(0.0, |m: f64, d| if m.is_nan() || d <= m { m } else { d })
}

#[test]
fn the_gradient_of_beale_is_its_slope() {
    let (p, h) = ([1.2, -0.7], 1e-6);
    let g = gradient(BEALE, &p);
    for i in 0..2 {
        let at = |h: f64| {
            (BEALE.value)(&std::array::from_fn::<f64, 2, _>(|j| p[j] + if i == j { h } else { 0.0 }))
        };
        assert!(((at(h) - at(-h)) / (2.0 * h) - g[i]).abs() < 1e-6);
    }
}
