//! The networks of the examples, trained for a shorter time.

#[path = "../../examples/sine_regression.rs"]
#[allow(
    dead_code,
    clippy::duplicate_mod,
    reason = "it has a `main`, and pictures, and brings `common` for itself"
)]
mod sine_regression;
#[path = "../../examples/spirals.rs"]
#[allow(
    dead_code,
    clippy::duplicate_mod,
    reason = "it has a `main`, and pictures, and brings `common` for itself"
)]
mod spirals;

use crate::saved::folder;

#[test]
fn a_small_network_tells_spirals_apart() {
    let (learned, held_out) = spirals::points();
    let trained = spirals::train((&learned, &held_out), 40).unwrap();
    assert!(trained.accuracy(&held_out) >= 0.99, "{:.4}", trained.accuracy(&held_out));
    assert!(trained.accuracy(&learned) >= 0.99, "{:.4}", trained.accuracy(&learned));
    let losses: Vec<f64> = trained.history.iter().map(|epoch| epoch.loss).collect();
    assert!(losses[39] < 0.1 * losses[0]);
}

#[test]
fn a_run_that_was_given_up_goes_on_to_the_same_weights() {
    let folder = folder("sine");
    let (learned, held_out) = sine_regression::samples();
    let sets = (&learned, &held_out);
    let whole = sine_regression::train(sets, &folder.join("whole"), None).unwrap();
    assert!(whole.error() < 0.05, "{}", whole.error());
    for steps in [1, 333, 1201] {
        let given_up = sine_regression::train(sets, &folder.join("run"), Some(steps)).unwrap();
        assert_ne!(given_up.params, whole.params);
    }
    let resumed = sine_regression::train(sets, &folder.join("run"), None).unwrap();
    assert_eq!(resumed.params, whole.params);
    std::fs::remove_dir_all(folder).unwrap();
}
