//! A network that reads handwritten digits: the training of `examples/mlp_digits.rs`, with fewer epochs.

#[path = "../../examples/mlp_digits.rs"]
#[allow(
    dead_code,
    clippy::duplicate_mod,
    reason = "it has a `main`, and pictures, and brings `common` for itself"
)]
mod mlp_digits;

use mlp_digits::{learned_and_held_out, train};

#[test]
fn a_network_learns_to_read_digits_it_never_saw() {
    let (learned, held_out) = learned_and_held_out().unwrap();
    let reader = train((&learned, &held_out), 6).unwrap();
    let (old, new) = (reader.read(&learned).accuracy, reader.read(&held_out).accuracy);
    assert!(new >= 0.95, "{new:.4} of the digits held out are read right");
    assert!(old >= 0.97, "{old:.4} of the digits learned are read right");
    let losses: Vec<f64> = reader.history.iter().map(|epoch| epoch.loss).collect();
    assert!(losses[5] < 0.2 * losses[0], "{losses:?}");
}
