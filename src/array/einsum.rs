//! Einstein's sums: products and sums of arrays whose axes are named by letters.
//!
//! An equation is taken apart into what is there already: the axes that one array has twice are its diagonal, those that
//! only one array has and the result has not are summed along, and what remains is a product of matrices, or one element by
//! element, of permuted views.

use smallvec::SmallVec;

use super::dots::dots;
use super::layout::{Layout, Shape};
use super::scalar::Scalar;
use super::sum::sum_along;
use super::{Tensor, misuse};
use crate::real::Binary;

/// The letters of axes.
type Labels = SmallVec<[u8; 8]>;

/// The sum of products that an equation states, of two arrays, as NumPy's `einsum`.
///
/// Each array's axes are named by letters; behind the arrow are those of the result, in their order. What the result does not
/// have is summed along; a letter that an array has twice is its diagonal. Without an arrow, the result has the letters that
/// occur once, in alphabetical order. [`Tensor::einsum`] is that of one array.
///
/// | equation | |
/// |---|---|
/// | `"ij,jk->ik"`, `"bij,bjk->bik"` | products of matrices, of stacks of them |
/// | `"bqhd,bkhd->bhqk"` | the scores of attention |
/// | `"i,j->ij"`, `"i,i->"`, `"ij,ij->"` | outer and inner products |
/// | `"bi,bi->b"` | inner products of rows |
///
/// Cost: that of the product of matrices that it is; an array is copied first where its axes cannot be taken together as
/// they lie.
///
/// ```
/// use downhill::array::einsum;
/// use downhill::prelude::*;
/// use ndarray::array;
///
/// let tape = Tape::new();
/// let a = tape.tensor(&array![[1.0, 2.0], [3.0, 4.0]]);
/// let b = Tensor::from(array![[1.0, 0.0], [1.0, 1.0]]);
/// assert_eq!(einsum("ij,kj->ik", &a, &b).view(), array![[1.0, 3.0], [3.0, 7.0]].into_dyn());
/// let trace = einsum("ij,ji->", &a, &b);
/// assert_eq!(trace.value(), 7.0);
/// assert_eq!(trace.backward().wrt(&a), b.t().view());
/// ```
///
/// # Panics
///
/// If the equation is not of that form or not of two arrays, has not a letter for each axis, has different lengths for a
/// letter, or letters of the result twice or in no array.
#[track_caller]
pub fn einsum<T: Scalar>(equation: &str, a: impl Into<Tensor<T>>, b: impl Into<Tensor<T>>) -> Tensor<T> {
    let (a, b) = (a.into(), b.into());
    let (inputs, result) = match parsed(equation, [a.shape(), b.shape()]) {
        Ok(parsed) => parsed,
        Err(needs) => misuse::shapes(format_args!("einsum {equation:?}"), a.shape(), b.shape(), needs),
    };
    let [of_a, of_b] = &inputs;
    let a = reduced(&a, of_a, |letter| of_b.contains(&letter) || result.contains(&letter));
    let b = reduced(&b, of_b, |letter| of_a.contains(&letter) || result.contains(&letter));
    product(a, b, &result)
}

impl<T: Scalar> Tensor<T> {
    /// What an equation states of this array alone, as [`einsum`](einsum()): its diagonals, its sums, its axes in another order.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let a = Tensor::from(array![[1.0, 2.0], [3.0, 4.0]]);
    /// assert_eq!(a.einsum("ij->ji").view(), array![[1.0, 3.0], [2.0, 4.0]].into_dyn());
    /// assert_eq!(a.einsum("ij->j").view(), array![4.0, 6.0].into_dyn());
    /// assert_eq!(a.einsum("ii->").value(), 5.0);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`einsum`](einsum()), of one array.
    #[track_caller]
    pub fn einsum(&self, equation: &str) -> Tensor<T> {
        let ([labels], result) = match parsed(equation, [self.shape()]) {
            Ok(parsed) => parsed,
            Err(needs) => misuse::shape(format_args!("einsum {equation:?}"), self.shape(), needs),
        };
        let (kept, labels) = reduced(self, &labels, |letter| result.contains(&letter));
        arranged(&kept, &labels, &result)
    }
}

/// The letters of each array and of the result, or what is needed and not so.
fn parsed<const N: usize>(
    equation: &str,
    shapes: [&[usize]; N],
) -> Result<([Labels; N], Labels), &'static str> {
    let mut parts: SmallVec<[Labels; 4]> = SmallVec::from_elem(Labels::new(), 1);
    let mut characters = equation.chars().filter(|character| !character.is_whitespace());
    let mut arrow = false;
    while let Some(character) = characters.next() {
        match character {
            letter if letter.is_ascii_alphabetic() => {
                parts.last_mut().expect("there is one").push(letter as u8);
            }
            ',' if !arrow => parts.push(Labels::new()),
            '-' if !arrow && characters.next() == Some('>') => {
                arrow = true;
                parts.push(Labels::new());
            }
            _ => return Err("an equation needs letters, commas between arrays, and an arrow: \"ij,jk->ik\""),
        }
    }
    let stated = if arrow { parts.pop() } else { None };
    if parts.len() != N {
        return Err("the equation needs letters for as many arrays");
    }
    let inputs: [Labels; N] = std::array::from_fn(|k| std::mem::take(&mut parts[k]));
    if (0..N).any(|k| inputs[k].len() != shapes[k].len()) {
        return Err("the equation needs a letter for each axis");
    }
    one_length(&inputs, shapes)?;
    let all: Labels = inputs.iter().flatten().copied().collect();
    let result = match stated {
        Some(result) => result,
        None => once(&all),
    };
    match result.iter().enumerate().all(|(k, letter)| all.contains(letter) && !result[..k].contains(letter)) {
        true => Ok((inputs, result)),
        false => Err("the result needs letters of the arrays, each once"),
    }
}

/// The letters that occur once, in alphabetical order.
fn once(all: &Labels) -> Labels {
    let mut once: Labels = all
        .iter()
        .copied()
        .filter(|letter| all.iter().filter(|other| *other == letter).count() == 1)
        .collect();
    once.sort_unstable();
    once
}

fn one_length<const N: usize>(inputs: &[Labels; N], shapes: [&[usize]; N]) -> Result<(), &'static str> {
    let mut lengths: SmallVec<[(u8, usize); 8]> = SmallVec::new();
    for (labels, shape) in inputs.iter().zip(shapes) {
        for (&letter, &length) in labels.iter().zip(shape) {
            match lengths.iter().find(|(other, _)| *other == letter) {
                Some(&(_, other)) if other != length => {
                    return Err("axes of one letter need one length");
                }
                Some(_) => {}
                None => lengths.push((letter, length)),
            }
        }
    }
    Ok(())
}

/// An array with each letter once, and of those only what is kept: diagonals and sums.
#[track_caller]
fn reduced<T: Scalar>(x: &Tensor<T>, labels: &Labels, keep: impl Fn(u8) -> bool) -> (Tensor<T>, Labels) {
    let (mut layout, mut labels) = (x.layout().clone(), labels.clone());
    let twice = |labels: &Labels| {
        let second = (1..labels.len()).find(|&k| labels[..k].contains(&labels[k]))?;
        Some((labels.iter().position(|letter| *letter == labels[second])?, second))
    };
    while let Some((first, second)) = twice(&labels) {
        layout = layout.diagonal(first, second);
        let letter = labels.remove(second);
        labels.remove(first);
        labels.push(letter);
    }
    let x = x.seen_as(layout);
    if labels.iter().all(|&letter| keep(letter)) {
        return (x, labels);
    }
    let summed = sum_along(&x, |axis| !keep(labels[axis]));
    labels.retain(|letter| keep(*letter));
    (summed, labels)
}

/// An array with its axes in the order of `result`, and axes of length 1 for the letters that it has not.
fn arranged<T: Scalar>(x: &Tensor<T>, labels: &Labels, result: &[u8]) -> Tensor<T> {
    let mut layout = Layout { offset: x.layout().offset, ..Layout::of_rows(&[]) };
    for letter in result {
        let own = labels.iter().position(|other| other == letter);
        layout.shape.push(own.map_or(1, |axis| x.layout().shape[axis]));
        layout.strides.push(own.map_or(0, |axis| x.layout().strides[axis]));
    }
    x.seen_as(layout)
}

/// The product of arrays whose letters the other or the result has.
#[track_caller]
fn product<T: Scalar>(
    (a, of_a): (Tensor<T>, Labels),
    (b, of_b): (Tensor<T>, Labels),
    result: &Labels,
) -> Tensor<T> {
    let (batch, inner) =
        (select(&of_a, &of_b, result, [true, true]), select(&of_a, &of_b, result, [true, false]));
    let (left, right) =
        (select(&of_a, &of_b, result, [false, true]), select(&of_b, &of_a, result, [false, true]));
    if inner.is_empty() {
        return arranged(&a, &of_a, result).with(Binary::Mul, &arranged(&b, &of_b, result));
    }
    if left.is_empty() && right.is_empty() && !batch.is_empty() {
        // Many inner products: as matrices they would be too small.
        let order = joined([&batch, &inner, &[]]);
        let along: Shape = (batch.len()..order.len()).collect();
        let products = dots(&arranged(&a, &of_a, &order), &arranged(&b, &of_b, &order), &along);
        return arranged(&products, &batch, result);
    }
    let a = arranged(&a, &of_a, &joined([&batch, &left, &inner]));
    let b = arranged(&b, &of_b, &joined([&batch, &inner, &right]));
    let lengths = a.shape()[..batch.len() + left.len()].iter().chain(&b.shape()[batch.len() + inner.len()..]);
    let lengths: Shape = lengths.copied().collect();
    let product = stack(&a, batch.len(), left.len()).matmul(stack(&b, batch.len(), inner.len()));
    arranged(&product.reshape(lengths), &joined([&batch, &left, &right]), result)
}

/// The letters which the other array, and the result, have or have not.
fn select(labels: &[u8], other: &[u8], result: &[u8], wanted: [bool; 2]) -> Labels {
    let is_so = |letter: &u8| [other.contains(letter), result.contains(letter)] == wanted;
    labels.iter().copied().filter(is_so).collect()
}

fn joined(parts: [&[u8]; 3]) -> Labels {
    parts.into_iter().flatten().copied().collect()
}

/// A stack of matrices: behind `before` axes, the next `rows` as one and the rest as one.
#[track_caller]
fn stack<T: Scalar>(x: &Tensor<T>, before: usize, rows: usize) -> Tensor<T> {
    let (outer, rest) = x.shape().split_at(before);
    let (rows, columns) = rest.split_at(rows);
    let shape: Shape =
        outer.iter().copied().chain([rows.iter().product(), columns.iter().product()]).collect();
    x.reshape(shape)
}

impl<T: Scalar> Tensor<T> {
    /// The products of each element of this vector with each of the other: `[m], [n]` to `[m, n]`. One step.
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![1.0, 2.0]);
    /// assert_eq!(x.outer(&array![3.0, 4.0, 5.0]).view(), array![[3.0, 4.0, 5.0], [6.0, 8.0, 10.0]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If they are not both vectors.
    #[track_caller]
    pub fn outer(&self, other: impl Into<Tensor<T>>) -> Tensor<T> {
        let other = other.into();
        if self.rank() != 1 || other.rank() != 1 {
            misuse::shapes("outer", self.shape(), other.shape(), "they need one axis each");
        }
        self.insert_axis(1).with(Binary::Mul, &other)
    }
}
