//! The largest element, or the mean, of windows that move over images.
//!
//! ```text
//! y_o = max x_w over window o,   x̄_w += ȳ_o for the first w of the largest x_w
//! y_o = Σ x_w / |window|,        x̄_w += ȳ_o / |window|
//! ```

use super::Tensor;
use super::element::Element;
use super::layout::{Layout, Shape};
use super::misuse;
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::View;
use super::windows::{Window, as_images, for_each_line};

/// Inputs have four axes, of which the windows move along the last two.
#[derive(Debug, Clone)]
pub(crate) struct MaxPool([Window; 2]);

/// As `MaxPool`.
#[derive(Debug, Clone)]
pub(crate) struct AvgPool([Window; 2]);

/// Where the images of an array `[n, c, h, w]` begin.
fn images(layout: &Layout) -> impl Iterator<Item = isize> + use<> {
    let ([n, c], [by_n, by_c]) = ([layout.shape[0], layout.shape[1]], [layout.strides[0], layout.strides[1]]);
    let start = layout.offset as isize;
    (0..(n * c) as isize).map(move |k| start + k / c as isize * by_n + k % c as isize * by_c)
}

impl MaxPool {
    /// Calls `f` with the number of each window, and where its largest element is.
    #[inline(always)]
    fn for_each<E: Element>(&self, x: View<E>, mut f: impl FnMut(usize, usize)) {
        let [down, across] = self.0;
        let (by_row, by_column) = (x.layout.strides[2], x.layout.strides[3]);
        let mut window = 0;
        for start in images(x.layout) {
            for row in 0..down.count {
                let (top, bottom) = down.covered(row);
                for column in 0..across.count {
                    let (left, right) = across.covered(column);
                    let first = start + top as isize * by_row + left as isize * by_column;
                    let mut largest = first as usize;
                    for i in 0..bottom - top {
                        for j in 0..right - left {
                            let place = (first + i as isize * by_row + j as isize * by_column) as usize;
                            let (here, best) = (x.numbers[place].number(), x.numbers[largest].number());
                            // Once there is a NaN, it stays.
                            if here > best || here.is_nan() && !best.is_nan() {
                                largest = place;
                            }
                        }
                    }
                    f(window, largest);
                    window += 1;
                }
            }
        }
    }
}

impl Rule for MaxPool {
    fn name(&self) -> &'static str {
        "max_pool"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let x = inputs.at(0);
        self.for_each(x, |window, largest| out[window] = x.numbers[largest]);
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, adjoint, target) = (flow.input(0), flow.adjoint, flow.target(0));
        self.for_each(x, |window, largest| target.numbers[largest] += adjoint[window]);
    }
}

impl AvgPool {
    fn area<E: Element>(&self) -> E {
        E::of((self.0[0].kernel * self.0[1].kernel) as f64)
    }

    fn windows(&self) -> usize {
        self.0[0].count * self.0[1].count
    }

    /// The elements of a window, by their places in it.
    fn elements(&self) -> impl Iterator<Item = [usize; 2]> + use<> {
        let [rows, columns] = self.0.map(|window| window.kernel);
        (0..rows * columns).map(move |k| [k / columns, k % columns])
    }
}

impl Rule for AvgPool {
    fn name(&self) -> &'static str {
        "avg_pool"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let (x, area) = (inputs.at(0), self.area());
        let strides = [x.layout.strides[2], x.layout.strides[3]];
        out.fill(E::of(0.0));
        for (start, out) in images(x.layout).zip(out.chunks_exact_mut(self.windows())) {
            for element in self.elements() {
                for_each_line(&self.0, element, start, strides, |line| {
                    let sums = &mut out[line.window..][..line.len];
                    if line.stride == 1 {
                        let row = &x.numbers[line.place..][..line.len];
                        sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += x);
                    } else {
                        sums.iter_mut().enumerate().for_each(|(i, sum)| *sum += x.numbers[line.at(i)]);
                    }
                });
            }
            out.iter_mut().for_each(|sum| *sum = *sum / area);
        }
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (adjoint, area, target) = (flow.adjoint, self.area(), flow.target(0));
        let strides = [target.layout.strides[2], target.layout.strides[3]];
        for (start, adjoint) in images(target.layout).zip(adjoint.chunks_exact(self.windows())) {
            for element in self.elements() {
                for_each_line(&self.0, element, start, strides, |line| {
                    let from = &adjoint[line.window..][..line.len];
                    if line.stride == 1 {
                        let row = &mut target.numbers[line.place..][..line.len];
                        row.iter_mut().zip(from).for_each(|(to, &adjoint)| *to += adjoint / area);
                    } else {
                        let places = from.iter().enumerate();
                        places.for_each(|(i, &adjoint)| target.numbers[line.at(i)] += adjoint / area);
                    }
                });
            }
        }
    }
}

/// The windows on the axes behind the first two.
#[track_caller]
fn windows<T, const D: usize>(name: &str, x: &Tensor<T>, given: [[usize; D]; 3]) -> [Window; 2] {
    let [kernel, stride, padding] = given;
    if x.rank() != D + 2 {
        let needs = if D == 1 { "[n, c, length]" } else { "[n, c, height, width]" };
        misuse::shape(name, x.shape(), format_args!("it needs one of shape {needs}"));
    }
    let mut windows = [Window::single(); 2];
    for k in 0..D {
        let window = Window::on(name, x.shape(), 2 + k, [kernel[k], stride[k], padding[k], 1]);
        if window.padding >= window.kernel || window.input == 0 {
            let given = format_args!(
                "each window needs an element of it, and along axis {} there may be none: the kernel is {}, the padding {}",
                2 + k,
                window.kernel,
                window.padding
            );
            misuse::shape(name, x.shape(), given);
        }
        windows[2 - D + k] = window;
    }
    windows
}

/// The shape of the result, in which an axis per dimension is left.
fn result<const D: usize>(shape: &[usize], windows: [Window; 2]) -> Shape {
    shape[..2].iter().copied().chain(windows[2 - D..].iter().map(|window| window.count)).collect()
}

impl<T: Scalar> Tensor<T> {
    /// The largest element of each window of `kernel` elements along the last axis of `[n, c, length]`, windows `stride` apart:
    /// `[n, c, (length + 2 padding − kernel) / stride + 1]`. There are `padding` elements beyond both ends, which are never the
    /// largest. Of equal ones the first is it, for the way back.
    ///
    /// # Panics
    ///
    /// If it has not three axes; if the kernel or the stride is 0, or a window has no element.
    #[track_caller]
    pub fn max_pool1d(&self, kernel: usize, stride: usize, padding: usize) -> Tensor<T> {
        let windows = windows("max_pool1d", self, [[kernel], [stride], [padding]]);
        let shape = result::<1>(self.shape(), windows);
        Tensor::of(MaxPool(windows), &[&as_images::<T, 1>(self)], &shape)
    }

    /// The largest element of each window of `[h, w]` elements along the last two axes of `[n, c, height, width]`; see
    /// [`max_pool1d`](Tensor::max_pool1d).
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = tape.tensor(&array![[[[1.0, 5.0, 2.0, 0.0], [4.0, 3.0, 0.0, 6.0]]]]);
    /// let y = x.max_pool2d([2, 2], [2, 2], [0, 0]);
    /// assert_eq!(y.view(), array![[[[5.0, 6.0]]]].into_dyn());
    /// let gradient = y.sum().backward().wrt(&x);
    /// assert_eq!(gradient, array![[[[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// As `max_pool1d`; it needs four axes.
    #[track_caller]
    pub fn max_pool2d(&self, kernel: [usize; 2], stride: [usize; 2], padding: [usize; 2]) -> Tensor<T> {
        let windows = windows("max_pool2d", self, [kernel, stride, padding]);
        Tensor::of(MaxPool(windows), &[self], &result::<2>(self.shape(), windows))
    }

    /// The mean of each window of `kernel` elements along the last axis of `[n, c, length]`, windows `stride` apart:
    /// `[n, c, (length + 2 padding − kernel) / stride + 1]`. There are `padding` elements beyond both ends, which are 0 and
    /// counted as elements.
    ///
    /// # Panics
    ///
    /// If it has not three axes; if the kernel or the stride is 0, or a window has no element.
    #[track_caller]
    pub fn avg_pool1d(&self, kernel: usize, stride: usize, padding: usize) -> Tensor<T> {
        let windows = windows("avg_pool1d", self, [[kernel], [stride], [padding]]);
        let shape = result::<1>(self.shape(), windows);
        Tensor::of(AvgPool(windows), &[&as_images::<T, 1>(self)], &shape)
    }

    /// The mean of each window of `[h, w]` elements along the last two axes of `[n, c, height, width]`; see
    /// [`avg_pool1d`](Tensor::avg_pool1d).
    ///
    /// ```
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[[[1.0, 5.0, 2.0, 0.0], [4.0, 2.0, 0.0, 6.0]]]]);
    /// assert_eq!(x.avg_pool2d([2, 2], [2, 2], [0, 0]).view(), array![[[[3.0, 2.0]]]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// As `avg_pool1d`; it needs four axes.
    #[track_caller]
    pub fn avg_pool2d(&self, kernel: [usize; 2], stride: [usize; 2], padding: [usize; 2]) -> Tensor<T> {
        let windows = windows("avg_pool2d", self, [kernel, stride, padding]);
        Tensor::of(AvgPool(windows), &[self], &result::<2>(self.shape(), windows))
    }
}
