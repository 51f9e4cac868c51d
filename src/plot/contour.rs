//! Contours: the levels, and the regions and lines of marching squares.
//!
//! The levels are quantiles of the heights, closer at the bottom: evenly spaced levels would crowd on the slopes of a
//! narrow valley and leave its floor blank. W. E. Lorensen, H. E. Cline, "Marching Cubes", SIGGRAPH (1987), in the plane.

use super::scale::Scale;

/// Heights on a grid over the plot: `[rows][columns]`, from the low ends of the axes.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub(super) n: usize,
    values: Vec<f64>,
}

/// The heights at which contours are drawn, ascending.
#[derive(Debug, Clone)]
pub(super) struct Levels {
    pub(super) levels: Vec<f64>,
    low: f64,
    high: f64,
}

impl Grid {
    /// `f` over `n` by `n` cells.
    pub(super) fn sample(f: &dyn Fn(f64, f64) -> f64, x: &Scale, y: &Scale, n: usize) -> Grid {
        let part = |k: usize| k as f64 / n as f64;
        let values = (0..=n).flat_map(|j| (0..=n).map(move |i| (i, j)));
        Grid { n, values: values.map(|(i, j)| f(x.at(part(i)), y.at(part(j)))).collect() }
    }

    pub(super) fn at(&self, i: usize, j: usize) -> f64 {
        self.values[j * (self.n + 1) + i]
    }

    /// The lowest and the highest finite height.
    pub(super) fn range(&self) -> (f64, f64) {
        let scale = Scale::over(self.values.iter().copied(), false, 0.0);
        (scale.low, scale.high)
    }

    pub(super) fn levels(&self, count: usize) -> Levels {
        let mut sorted: Vec<f64> = self.values.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = self.range();
        let quantile = |k: usize| {
            let part = (k as f64 / (count + 1) as f64).powf(1.35);
            sorted.get((part * sorted.len() as f64) as usize).copied().unwrap_or(high)
        };
        let mut levels: Vec<f64> = (1..=count).map(quantile).map(two_digits).collect();
        levels.retain(|&level| level > low && level < high);
        levels.dedup();
        Levels { levels, low, high }
    }

    /// The corners of a cell, around it, as (column, row, height).
    fn corners(&self, i: usize, j: usize) -> [(f64, f64, f64); 4] {
        [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)].map(|(i, j)| (i as f64, j as f64, self.at(i, j)))
    }

    /// The parts of the cells in which the height is at least `level`: polygons in parts of the axes. Whole cells in a
    /// row are one polygon.
    pub(super) fn above(&self, level: f64) -> Vec<Vec<[f64; 2]>> {
        let mut regions = Vec::new();
        for j in 0..self.n {
            let mut run: Option<usize> = None;
            for i in 0..=self.n {
                let whole = i < self.n && self.corners(i, j).iter().all(|c| c.2 >= level);
                match (whole, run) {
                    (true, None) => run = Some(i),
                    (false, Some(start)) => {
                        let (a, b, c, d) = (start as f64, i as f64, j as f64, j as f64 + 1.0);
                        regions.push(self.parts(&[[a, c], [b, c], [b, d], [a, d]]));
                        run = None;
                    }
                    _ => {}
                }
                if i < self.n && !whole {
                    let region = region(&self.corners(i, j), level);
                    if region.len() > 2 {
                        regions.push(self.parts(&region));
                    }
                }
            }
        }
        regions
    }

    /// The pieces of the line on which the height is `level`, in parts of the axes.
    pub(super) fn line(&self, level: f64) -> Vec<[[f64; 2]; 2]> {
        let mut pieces = Vec::new();
        for (i, j) in (0..self.n).flat_map(|j| (0..self.n).map(move |i| (i, j))) {
            let corners = self.corners(i, j);
            if corners.iter().any(|c| !c.2.is_finite()) {
                continue;
            }
            let crossings: Vec<[f64; 2]> =
                (0..4).filter_map(|k| crossing(corners[k], corners[(k + 1) % 4], level)).collect();
            pieces.extend(crossings.chunks_exact(2).map(|pair| {
                let ends = self.parts(pair);
                [ends[0], ends[1]]
            }));
        }
        pieces
    }

    fn parts(&self, spots: &[[f64; 2]]) -> Vec<[f64; 2]> {
        spots.iter().map(|[i, j]| [i / self.n as f64, j / self.n as f64]).collect()
    }
}

fn crossing(a: (f64, f64, f64), b: (f64, f64, f64), level: f64) -> Option<[f64; 2]> {
    let t = (level - a.2) / (b.2 - a.2);
    ((a.2 >= level) != (b.2 >= level)).then_some([a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t])
}

/// The part of a cell at or above `level`, around it.
fn region(corners: &[(f64, f64, f64); 4], level: f64) -> Vec<[f64; 2]> {
    let mut region = Vec::new();
    for k in 0..4 {
        let (a, b) = (corners[k], corners[(k + 1) % 4]);
        if a.2 >= level {
            region.push([a.0, a.1]);
        }
        region.extend(crossing(a, b, level).filter(|spot| spot[0].is_finite() && spot[1].is_finite()));
    }
    region
}

/// Rounded to two significant digits, as a label shows it.
fn two_digits(v: f64) -> f64 {
    if v == 0.0 || !v.is_finite() {
        return v;
    }
    let unit = 10_f64.powf(v.abs().log10().floor() - 1.0);
    (v / unit).round() * unit
}

impl Levels {
    /// Where `height` is among the levels: 0 at the lowest point, 1 at the highest.
    pub(super) fn rank(&self, height: f64) -> f64 {
        let below = self.levels.partition_point(|&level| level <= height);
        let from = if below == 0 { self.low } else { self.levels[below - 1] };
        let to = self.levels.get(below).copied().unwrap_or(self.high);
        let part = if to > from { ((height - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 };
        (below as f64 + part) / (self.levels.len() + 1) as f64
    }
}
