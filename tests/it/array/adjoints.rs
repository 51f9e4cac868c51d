//! Adjoints that are handed on without being copied: each array has its own all the same.

use downhill::params::Params;
use downhill::prelude::*;
use ndarray::{ArrayD, array};

fn all(x: f64) -> ArrayD<f64> {
    ArrayD::from_elem(vec![2, 3], x)
}

#[test]
fn every_array_on_the_way_has_its_own_gradient() {
    let tape = Tape::new();
    let x = tape.tensor(&array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let a = &x * 2.0;
    let before = (&a * 7.0).sum(); // adds to what `a` has been handed on by `b`
    let b = &a + 1.0;
    let c = &b - &b.exp().detach();
    let d = &c + &c;
    let result = (&d * 3.0).sum() + before + (&b * 11.0).sum();
    for _ in 0..2 {
        let gradient = result.backward();
        assert_eq!(gradient.wrt(&d), all(3.0));
        assert_eq!(gradient.wrt(&c), all(6.0));
        assert_eq!(gradient.wrt(&b), all(17.0));
        assert_eq!(gradient.wrt(&a), all(24.0));
        assert_eq!(gradient.wrt(&x), all(48.0));
    }
}

#[test]
fn sums_of_one_array_in_several_layouts_add_up() {
    let tape = Tape::new();
    let x = tape.tensor(&array![[1.0, 2.0], [3.0, 4.0]]);
    let y = &x * 1.0;
    let weights = array![[1.0, 2.0], [3.0, 4.0]];
    let sum = &(&y + &y.t()) - &y.reversed(0);
    let gradient = (&sum * &Tensor::from(weights)).sum().backward();
    assert_eq!(gradient.wrt(&sum), array![[1.0, 2.0], [3.0, 4.0]].into_dyn());
    // w + wᵗ less w with its rows in the other order.
    assert_eq!(gradient.wrt(&y), array![[-1.0, 1.0], [4.0, 6.0]].into_dyn());
    assert_eq!(gradient.wrt(&x), gradient.wrt(&y));
}

#[test]
fn elements_that_become_variables_add_to_what_was_handed_on() {
    let tape = Tape::new();
    let x = tape.tensor(&array![1.0, 2.0, 3.0]);
    let y = &x * 2.0;
    let element = y.at([1]); // a variable, made before the sum
    let z = &y + 1.0;
    let result = (&z * 3.0).sum().to_var() + element * 10.0;
    let gradient = result.backward();
    assert_eq!(gradient.wrt(&z), array![3.0, 3.0, 3.0].into_dyn());
    assert_eq!(gradient.wrt(&y), array![3.0, 13.0, 3.0].into_dyn());
    assert_eq!(gradient.wrt(&x), array![6.0, 26.0, 6.0].into_dyn());
}

#[test]
fn variables_of_one_array_each_hand_on_what_comes() {
    let tape = Tape::new();
    let v = [tape.var(1.0), tape.var(2.0)];
    let y = Tensor::of_vars(&v, [2]);
    let z = &y + &Tensor::from(array![1.0, 1.0]);
    let w = (&z - &y) + &z;
    let gradient = (w * &array![3.0, 5.0]).sum().backward();
    assert_eq!([gradient.wrt(v[0]), gradient.wrt(v[1])], [3.0, 5.0]);
    assert_eq!(gradient.wrt(&z), array![6.0, 10.0].into_dyn());
    assert_eq!(gradient.wrt(&y), array![3.0, 5.0].into_dyn());
}

#[test]
fn variables_keep_their_places_beside_one_another() {
    let mut params = Params::new();
    params.insert("a", &[1.0, 2.0]).insert("b", &[3.0, 4.0]);
    let tape = Tape::new();
    let p = tape.params(&params);
    let sum = p.tensor("a") + p.tensor("b");
    let gradient = (sum * &array![5.0, 7.0]).sum().backward();
    assert_eq!(gradient.slice(&p), [5.0, 7.0, 5.0, 7.0]);
}
