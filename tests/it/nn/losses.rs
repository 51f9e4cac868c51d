//! Losses: their reductions, and what they are far out.

use downhill::nn::loss::*;
use downhill::prelude::*;
use ndarray::{Array1, Array2, array};

const EXTREMES: [f64; 7] = [-1e3, -40.0, -1e-3, 0.0, 1e-3, 40.0, 1e3];

#[test]
fn the_singular_is_the_mean_of_the_plural() {
    let y = Tensor::from(Array2::from_shape_fn((4, 3), |(i, j)| ((i * 3 + j) as f64).sin()));
    let t = Array2::from_shape_fn((4, 3), |(i, j)| ((i * 3 + j) as f64).cos().abs());
    let labels = [2, 0, 1, 1];
    let pairs = [
        ("mse", mse(&y, &t), squared_errors(&y, &t)),
        ("mae", mae(&y, &t), absolute_errors(&y, &t)),
        ("huber", huber(&y, &t, 0.3), hubers(&y, &t, 0.3)),
        ("hinge", hinge(&y, &t), hinges(&y, &t)),
        ("binary cross-entropy", binary_cross_entropy(&y, &t), binary_cross_entropies(&y, &t)),
        ("cross-entropy", cross_entropy(&y, &labels), cross_entropies(&y, &labels)),
        ("nll", nll(&y, &labels), nlls(&y, &labels)),
        // PyTorch's "batchmean".
        ("divergence", kl_divergence(&y, &t), kl_divergences(&y, &t).sum_axis(1)),
    ];
    for (name, one, each) in pairs {
        assert!((one.value() - each.mean().value()).abs() < 1e-15, "{name}: {one} and {each}");
    }
}

#[test]
fn binary_cross_entropy_of_extreme_logits_is_exact() {
    let tape = Tape::new();
    let z = tape.tensor(&EXTREMES[..]);
    for target in [0.0, 1.0, 0.25] {
        let t = Array1::from_elem(EXTREMES.len(), target);
        let each = binary_cross_entropies(&z, &t);
        let gradient = each.sum().backward().wrt(&z);
        for (k, x) in EXTREMES.into_iter().enumerate() {
            // ln(1 + e^x) without cancellation.
            let softplus = |x: f64| x.max(0.0) + (-x.abs()).exp().ln_1p();
            let sigmoid = |x: f64| if x > 0.0 { 1.0 / (1.0 + (-x).exp()) } else { x.exp() / (1.0 + x.exp()) };
            let (value, slope) = (
                target * softplus(-x) + (1.0 - target) * softplus(x),
                (1.0 - target) * sigmoid(x) - target * sigmoid(-x),
            );
            let near =
                |own: f64, expected: f64| (own - expected).abs() <= 4.0 * f64::EPSILON * expected.abs();
            assert!(
                near(each.view()[k], value),
                "at {x} for {target}: {} in place of {value}",
                each.view()[k]
            );
            assert!(
                near(gradient[k], slope),
                "slope at {x} for {target}: {} in place of {slope}",
                gradient[k]
            );
        }
    }
}

#[test]
fn losses_of_extreme_results_are_numbers() {
    let tape = Tape::new();
    let z = tape.tensor(Array2::from_shape_fn((7, 7), |(i, j)| EXTREMES[(i + j) % 7]));
    let t = Array2::from_shape_fn((7, 7), |(i, _)| (i % 2) as f64);
    let labels: Vec<usize> = (0..7).collect();
    let losses = [
        ("mse", mse(&z, &t)),
        ("mae", mae(&z, &t)),
        ("huber", huber(&z, &t, 1.0)),
        ("hinge", hinge(&z, &t)),
        ("binary cross-entropy", binary_cross_entropy(&z, &t)),
        ("cross-entropy", cross_entropy(&z, &labels)),
        ("cross-entropies", cross_entropies(&z, &labels).mean()),
        ("nll", nll(&z.log_softmax(1), &labels)),
        ("divergence", kl_divergence(&z.log_softmax(1), &t)),
    ];
    for (name, loss) in losses {
        let gradient = loss.backward().wrt(&z);
        assert!(loss.value().is_finite(), "{name}: {loss}");
        assert!(gradient.iter().all(|slope| slope.is_finite()), "{name}: {gradient}");
    }
}

#[test]
fn hubers_loss_is_smooth_at_its_bound() {
    let tape = Tape::new();
    let y = tape.tensor(&array![0.5, -0.5, 0.4, 3.0]);
    let loss = hubers(&y, &array![0.0, 0.0, 0.0, 0.0], 0.5);
    assert_eq!(loss.view(), array![0.125, 0.125, 0.5 * 0.4 * 0.4, 0.5 * 2.75].into_dyn());
    assert_eq!(loss.sum().backward().wrt(&y), array![0.5, -0.5, 0.4, 0.5].into_dyn());
}

#[test]
fn classes_without_a_share_add_nothing_to_the_divergence() {
    let shares = Tensor::from(array![[0.0, 1.0], [0.25, 0.75]]);
    assert_eq!(kl_divergence(&shares.ln(), &shares).value(), 0.0);
    let tape = Tape::new();
    let logs = tape.tensor(&array![[f64::NEG_INFINITY, 0.0], [-1.0, -2.0]]);
    let each = kl_divergences(&logs, &shares);
    assert_eq!((each.view()[[0, 0]], each.view()[[0, 1]]), (0.0, 0.0));
    let slopes = array![[0.0, -1.0], [-0.25, -0.75]];
    assert_eq!(each.sum().backward().wrt(&logs), slopes.into_dyn());
    // A class that there is, and was given no share.
    assert_eq!(kl_divergence(&logs, &array![[0.5, 0.5], [0.5, 0.5]]).value(), f64::INFINITY);
}
