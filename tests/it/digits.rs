//! A network that reads handwritten digits: the training of `examples/mlp_digits.rs`, with fewer epochs.

#[path = "../../examples/mlp_digits.rs"]
#[allow(dead_code, reason = "it has a `main`, and pictures")]
mod mlp_digits;

use mlp_digits::{Set, train};

#[test]
fn a_network_learns_to_read_digits_it_never_saw() {
    let (training, held_out) = Set::learned_and_held_out().unwrap();
    let mut readings = Vec::new();
    train((&training, &held_out), 4, |learned, new| readings.push((learned, new)));
    let (learned, new) = readings.last().unwrap();
    assert!(new.accuracy >= 0.93, "{:.4} of the digits held out are read right", new.accuracy);
    assert!(learned.accuracy >= 0.95, "{:.4} of the digits learned are read right", learned.accuracy);
    assert!(learned.loss < 0.5 * readings[0].0.loss);
    assert!(readings.iter().all(|(learned, new)| learned.loss < new.loss));
}
