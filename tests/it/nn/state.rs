//! What networks remember: the random numbers of dropout, the statistics of batch norms.

use downhill::nn::*;
use downhill::params::Params;
use downhill::prelude::*;
use downhill::saved;
use ndarray::{Array1, Array2, Axis, array};

use crate::saved::folder;

#[test]
fn dropout_keeps_the_mean_and_drops_as_often_as_it_says() {
    let params = Params::<f64>::new();
    for probability in [0.0, 0.1, 0.5, 0.9] {
        let dropout = Dropout::new(probability);
        let mut state = dropout.state(11);
        let n = 40_000;
        let y = dropout.train(&Tensor::from(Array1::ones(n)), &params, &mut state);
        let dropped = y.view().iter().filter(|&&y| y == 0.0).count() as f64 / n as f64;
        // Five standard errors of 40,000 draws are at most 0.0125.
        assert!((dropped - probability).abs() < 0.0125, "{probability}: {dropped}");
        let kept = 1.0 / (1.0 - probability);
        assert!(y.view().iter().all(|&y| y == 0.0 || y == kept));
        let error = (probability * kept / n as f64).sqrt();
        assert!((y.mean().value() - 1.0).abs() <= 5.0 * error, "{probability}: mean {}", y.mean());
    }
}

#[test]
fn what_is_dropped_depends_on_the_state_only() {
    let network = Sequential::new().add(Dropout::new(0.5)).add(Dropout::new(0.5));
    let (params, mut state) = (Params::<f64>::new(), network.state(3));
    let x = Tensor::from(Array2::ones((4, 50)));
    let first = network.train(&x, &params, &mut state);
    assert_eq!(state.random, Random { seed: 3, drawn: 2 });
    let saved = state.clone();
    let second = network.train(&x, &params, &mut state);
    assert_ne!(first.view(), second.view());
    // About a quarter stays: the two layers do not drop the same ones.
    let kept = first.view().iter().filter(|&&y| y > 0.0).count();
    assert!((25..80).contains(&kept), "{kept} of 200");
    // From what was saved, it goes on as it did.
    assert_eq!(network.train(&x, &params, &mut saved.clone()).view(), second.view());
    assert_eq!(network.train(&x, &params, &mut network.state(3)).view(), first.view());
    assert_ne!(network.train(&x, &params, &mut network.state(4)).view(), first.view());
}

#[test]
fn the_gradient_of_dropout_flows_through_what_was_kept() {
    let (dropout, params) = (Dropout::new(0.4), Params::<f64>::new());
    let tape = Tape::new();
    let x = tape.tensor(Array1::linspace(1.0, 2.0, 30));
    let y = dropout.train(&x, &params, &mut dropout.state(1));
    let gradient = y.sum().backward().wrt(&x);
    for ((&x, &y), &slope) in x.view().iter().zip(&y.view()).zip(&gradient) {
        assert_eq!(y, x * slope);
        assert!(slope == 0.0 || slope == 1.0 / 0.6);
    }
    let same = dropout.evaluate(&x, &params, &dropout.state(1));
    assert_eq!(same.view(), x.view());
}

#[test]
fn running_statistics_come_to_those_of_the_data() {
    let norm = BatchNorm::new(2).rate(0.05);
    let (params, mut state): (Params<f64>, State<f64>) = (norm.init(1), norm.state(1));
    let mut stream = Random { seed: 9, drawn: 0 }.stream();
    for _ in 0..400 {
        let batch = Array2::from_shape_fn((32, 2), |(_, c)| [3.0, -1.0][c] + [2.0, 0.5][c] * stream.normal());
        norm.train(&Tensor::from(batch), &params, &mut state);
    }
    let [mean, variance] = ["running_mean", "running_var"].map(|name| state.statistics.view(name));
    assert!((mean[0] - 3.0).abs() < 0.3 && (mean[1] + 1.0).abs() < 0.08, "{mean}");
    assert!((variance[0] / 4.0 - 1.0).abs() < 0.2 && (variance[1] / 0.25 - 1.0).abs() < 0.2, "{variance}");
    // In use, each row by itself is as in a batch.
    let rows = array![[5.0, -1.0], [1.0, -0.5], [3.0, 0.0]];
    let all = norm.evaluate(&Tensor::from(&rows), &params, &state);
    for (k, row) in rows.axis_chunks_iter(Axis(0), 1).enumerate() {
        let alone = norm.evaluate(&Tensor::from(&row), &params, &state);
        assert_eq!(alone.row(0).view(), all.row(k as isize).view());
    }
    assert!((all.view()[[0, 0]] - 1.0).abs() < 0.3);
}

/// `n / (n − 1)` is 2 for two rows.
#[test]
fn the_batch_is_divided_by_the_biased_variance_and_the_unbiased_one_is_remembered() {
    let norm = BatchNorm::new(1).rate(1.0).epsilon(0.0);
    let (params, mut state): (Params<f64>, State<f64>) = (norm.init(1), norm.state(1));
    let y = norm.train(&Tensor::from(array![[1.0], [5.0]]), &params, &mut state);
    assert_eq!(y.view(), array![[-1.0], [1.0]].into_dyn());
    assert_eq!(state.statistics.values(), [3.0, 8.0]);
}

#[test]
fn use_does_not_change_the_state() {
    let network = Sequential::new().add(BatchNorm::new(2)).add(Dropout::new(0.5));
    let (params, state): (Params<f64>, State<f64>) = (network.init(1), network.state(1));
    let before = state.clone();
    let y = network.evaluate(&Tensor::from(array![[1.0, 2.0]]), &params, &state);
    assert_eq!(state, before);
    assert!((&y.view() - &array![[1.0, 2.0]]).iter().all(|e| e.abs() < 1e-4));
}

#[test]
fn a_state_comes_back_from_a_file() {
    let folder = folder("network-state");
    let network = Sequential::new().add(Dense::new(2, 3)).add(BatchNorm::new(3)).add(Dropout::new(0.5));
    let (params, mut state): (Params<f32>, State<f32>) = (network.init(1), network.state(2));
    let x = Tensor::from(array![[1.0, 2.0], [0.5, -1.0], [3.0, 0.0]]);
    network.train(&x, &params, &mut state);
    saved::save(folder.join("state"), &state).unwrap();
    let mut again: State<f32> = saved::load(folder.join("state")).unwrap();
    assert_eq!(again, state);
    assert_eq!(network.train(&x, &params, &mut again).view(), network.train(&x, &params, &mut state).view());
    std::fs::remove_dir_all(folder).unwrap();
}
