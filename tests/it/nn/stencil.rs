//! Gradients of whole networks against differences; without maxima, whose kinks a difference may step over.

use downhill::nn::loss::*;
use downhill::nn::*;
use downhill::params::Params;
use downhill::prelude::*;
use ndarray::ArrayD;

/// The parameters as arrays of the variables `x`, by name.
fn find(params: &Params<f64>, x: &[Var], name: &str) -> Tensor<f64> {
    let layout = params.layout();
    Tensor::of_vars(&x[layout.range(name)], layout.shape(name))
}

/// Holds the gradient of a loss by all parameters against the six-point stencil; the same state for each value.
#[track_caller]
fn check(network: &Sequential<f64>, shape: &[usize], loss: impl Fn(&Tensor<f64>) -> Tensor<f64>) {
    let (params, state) = (network.init(3), network.state(4));
    let numbers = (0..shape.iter().product::<usize>()).map(|k| (k as f64 * 1.7).sin()).collect();
    let input = Tensor::from(ArrayD::from_shape_vec(shape, numbers).expect("as many"));
    let value = |x: &[Var]| {
        let source = |name: &str| find(&params, x, name);
        loss(&network.train(&input, &source, &mut state.clone())).to_var()
    };
    let check = check_gradient(value, params.values());
    let worst = check.errors.iter().fold(0.0, |worst: f64, e| worst.max(*e));
    assert!(worst < 1e-7, "{network:?}: {worst}");
    assert!(check.gradient.iter().filter(|g| **g != 0.0).count() > params.len() / 2, "there is a gradient");
}

#[test]
fn gradients_of_dense_networks_are_differences() {
    let network = |activation| Sequential::new().add(Dense::new(3, 4)).add(activation).add(Dense::new(4, 3));
    let labels = [0, 2, 1, 1, 0];
    for activation in [Tanh, Sigmoid, Softplus, Silu, Gelu, Mish, Elu(1.0), Selu, Leaky(0.1), Relu] {
        check(&network(activation), &[5, 3], |z| cross_entropy(z, &labels));
    }
    let target = Tensor::from(ArrayD::from_shape_fn(&[5, 3][..], |k| (k[0] + k[1]) as f64 * 0.11));
    check(&network(Tanh), &[5, 3], |y| mse(y, &target));
    check(&network(Tanh), &[5, 3], |y| huber(y, &target, 0.3));
    check(&network(Tanh), &[5, 3], |y| binary_cross_entropy(y, &target));
    check(&network(Tanh), &[5, 3], |y| kl_divergence(&y.log_softmax(1), &target));
}

#[test]
fn gradients_of_convolutional_networks_with_norms_and_dropout_are_differences() {
    let network = Sequential::new()
        .add(Conv2d::new(2, 3, [2, 3]).padding([1, 1]).stride([1, 2]))
        .add(BatchNorm::new(3))
        .add(Silu)
        .add(AvgPool2d::new([2, 1]))
        .add(Dropout::new(0.25))
        .add(Flatten)
        .add(LayerNorm::new([27]))
        .add(Dense::new(27, 2));
    check(&network, &[3, 2, 5, 5], |z| cross_entropy(z, &[1, 0, 1]));
    let network = Sequential::new()
        .add(Conv1d::new(2, 4, [3]).groups(2).dilation([2]))
        .add(Tanh)
        .add(AvgPool1d::new([2]))
        .add(Flatten)
        .add(BatchNorm::new(8))
        .add(Dense::new(8, 2));
    check(&network, &[3, 2, 9], |z| cross_entropy(z, &[1, 0, 1]));
}

#[test]
fn gradients_through_time_are_differences() {
    let (embedding, cell, rnn) = (Embedding::new(4, 3), Gru::new(3, 4), Rnn::new(4, 2));
    let mut params = Params::<f64>::new();
    let parts: [(&str, &dyn Module<f64>); 3] = [("embedding", &embedding), ("gru", &cell), ("rnn", &rnn)];
    for (name, module) in parts {
        module.init(5).iter().for_each(|(leaf, array)| _ = params.insert(format!("{name}.{leaf}"), array));
    }
    let value = |x: &[Var]| {
        let source = |name: &str| find(&params, x, name);
        let mut pass = Pass::new(&source);
        let mut h = Tensor::from(ArrayD::zeros(&[2, 4][..]));
        let mut g = Tensor::from(ArrayD::zeros(&[2, 2][..]));
        for letters in [[0, 1], [3, 2], [1, 1]] {
            let x = embedding.forward(letters, &mut pass.within("embedding"));
            h = cell.forward(&x, &h, &mut pass.within("gru"));
            g = rnn.forward(&h, &g, &mut pass.within("rnn"));
        }
        g.square().sum().to_var()
    };
    let check = check_gradient(value, params.values());
    assert!(check.errors.iter().all(|e| *e < 1e-7), "{:?}", check.errors);
    assert!(check.gradient.iter().all(|g| *g != 0.0));
}
