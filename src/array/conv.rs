//! Convolutions, as neural networks have them: the kernel is not turned.
//!
//! ```text
//! y[n, o, r, s] = Σ_{c i j} w[o, c, i, j] x[n, c, r·stride + i·dilation − padding, …]
//! ```
//!
//! For each image and group, the elements that meet are copied into a matrix, `cols[c i j, r s]`, one column per window; then
//! (Chellapilla, Puri, Simard, *High performance convolutional neural networks for document processing*, 2006)
//!
//! ```text
//! y = w cols,   w̄ += ȳ colsᵀ,   cols̄ = wᵀ ȳ, which is added to x̄ where its elements came from
//! ```

use super::element::Element;
use super::layout::{Layout, Shape};
use super::matmul::{add_product, mat};
use super::scalar::Scalar;
use super::step::{Failure, Flow, Inputs, Rule};
use super::view::{View, ViewMut};
use super::windows::{Line, Window, as_images, for_each_line};
use super::{Tensor, misuse};
use crate::linalg::{Mat, MatMut};

/// How a convolution of one or two dimensions goes over its input: `Conv::default()`, and from there what is otherwise.
///
/// ```
/// use downhill::array::Conv;
///
/// let options = Conv::default().stride([2, 2]).padding([1, 1]);
/// assert_eq!(options, Conv { stride: [2, 2], padding: [1, 1], dilation: [1, 1], groups: 1 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv<const D: usize> {
    /// From one window to the next; 1 by default.
    pub stride: [usize; D],
    /// Zeros beyond both ends; none by default.
    pub padding: [usize; D],
    /// From one element of a window to the next; 1 by default.
    pub dilation: [usize; D],
    /// Channels are divided into so many groups, and each group of results sees one of them only; 1 by default.
    pub groups: usize,
}

impl<const D: usize> Default for Conv<D> {
    fn default() -> Conv<D> {
        Conv { stride: [1; D], padding: [0; D], dilation: [1; D], groups: 1 }
    }
}

impl<const D: usize> Conv<D> {
    /// With another stride.
    #[must_use]
    pub fn stride(self, stride: [usize; D]) -> Conv<D> {
        Conv { stride, ..self }
    }

    /// With zeros beyond both ends.
    #[must_use]
    pub fn padding(self, padding: [usize; D]) -> Conv<D> {
        Conv { padding, ..self }
    }

    /// With gaps within the kernel.
    #[must_use]
    pub fn dilation(self, dilation: [usize; D]) -> Conv<D> {
        Conv { dilation, ..self }
    }

    /// In groups of channels.
    #[must_use]
    pub fn groups(self, groups: usize) -> Conv<D> {
        Conv { groups, ..self }
    }
}

/// Inputs are images `[n, c, h, w]` and weights `[groups, o/groups, c/groups · kh · kw]`.
#[derive(Debug, Clone)]
pub(crate) struct Convolution([Window; 2]);

impl Convolution {
    /// Windows of an image.
    fn windows(&self) -> usize {
        self.0[0].count * self.0[1].count
    }

    /// Where the matrix of group `g` of image `n` begins in the result, whose rows are `outs` per group.
    fn place(&self, weight: &Layout, n: usize, g: usize) -> usize {
        (n * weight.shape[0] + g) * weight.shape[1] * self.windows()
    }

    /// The image and the group, each of them, and where its first channel begins.
    fn parts(images: &Layout, groups: usize) -> impl Iterator<Item = (usize, usize, isize)> + use<> {
        let (n, by_n) = (images.shape[0], images.strides[0]);
        let (start, by_group) =
            (images.offset as isize, (images.shape[1] / groups) as isize * images.strides[1]);
        (0..n).flat_map(move |n| {
            (0..groups).map(move |g| (n, g, start + n as isize * by_n + g as isize * by_group))
        })
    }

    /// The rows of `cols`: the channel's start, and the element of the window.
    fn rows(&self, start: isize, channels: usize, by: isize) -> impl Iterator<Item = (isize, [usize; 2])> {
        let [height, width] = self.0.map(|window| window.kernel);
        let kernel = height * width;
        (0..channels * kernel)
            .map(move |k| (start + (k / kernel) as isize * by, [k % kernel / width, k % width]))
    }

    /// Whether the columns are the image as it is: each window is one element, and they lie in a row.
    fn is_product(&self, images: &Layout) -> bool {
        let [down, across] = self.0;
        let one = |window: Window| window.kernel == 1 && window.stride == 1 && window.padding == 0;
        let in_a_row = images.strides[3] == 1 && images.strides[2] == across.count as isize;
        one(down) && one(across) && in_a_row && self.windows() > 0
    }

    /// Writes the columns of the channels from `start` on.
    fn to_columns<E: Element>(&self, cols: &mut [E], x: View<E>, channels: usize, start: isize) {
        let strides = [x.layout.strides[2], x.layout.strides[3]];
        let rows = self.rows(start, channels, x.layout.strides[1]);
        for ((channel, element), cols) in rows.zip(cols.chunks_exact_mut(self.windows())) {
            if self.0.iter().any(|window| window.padding > 0) {
                cols.fill(E::of(0.0));
            }
            for_each_line(&self.0, element, channel, strides, |line| {
                let cols = &mut cols[line.window..][..line.len];
                match line.stride {
                    1 => cols.copy_from_slice(&x.numbers[line.place..][..line.len]),
                    _ => cols.iter_mut().enumerate().for_each(|(i, col)| *col = x.numbers[line.at(i)]),
                }
            });
        }
    }

    /// Adds the columns to where their elements came from.
    fn add_columns<E: Element>(&self, cols: &[E], target: &mut ViewMut<E>, channels: usize, start: isize) {
        let strides = [target.layout.strides[2], target.layout.strides[3]];
        let rows = self.rows(start, channels, target.layout.strides[1]);
        for ((channel, element), cols) in rows.zip(cols.chunks_exact(self.windows())) {
            for_each_line(&self.0, element, channel, strides, |line| {
                add_line(target.numbers, line, &cols[line.window..][..line.len])
            });
        }
    }

    /// Calls `f` with the columns of each part: of the image itself where they lie there.
    fn with_columns<E: Element>(
        &self,
        x: View<E>,
        [groups, k]: [usize; 2],
        mut f: impl FnMut(usize, usize, Mat<E>),
    ) {
        let (channels, windows) = (x.shape()[1] / groups, self.windows());
        if self.is_product(x.layout) {
            for (n, g, start) in Convolution::parts(x.layout, groups) {
                let (shape, strides) = ([k, windows], [x.layout.strides[1], 1]);
                f(n, g, Mat { data: x.numbers, offset: start as usize, shape, strides });
            }
            return;
        }
        E::with_scratch(k * windows, |cols| {
            for (n, g, start) in Convolution::parts(x.layout, groups) {
                self.to_columns(cols, x, channels, start);
                f(n, g, Mat::of_rows(cols, k, windows));
            }
        });
    }

    fn back_to_images<E: Element>(&self, weight: View<E>, adjoint: &[E], mut target: ViewMut<E>) {
        let [groups, outs, k] = lengths(&weight);
        let (channels, windows) = (target.layout.shape[1] / groups, self.windows());
        E::with_scratch(k * windows, |cols| {
            for (n, g, start) in Convolution::parts(target.layout, groups) {
                let adjoint = Mat::of_rows(&adjoint[self.place(weight.layout, n, g)..], outs, windows);
                E::matmul(MatMut::of_rows(cols, k, windows), mat(weight, g).t(), adjoint, false);
                self.add_columns(cols, &mut target, channels, start);
            }
        });
    }
}

#[inline(always)]
fn add_line<E: Element>(numbers: &mut [E], line: Line, terms: &[E]) {
    if line.stride == 1 {
        let row = &mut numbers[line.place..][..line.len];
        row.iter_mut().zip(terms).for_each(|(to, &term)| *to += term);
    } else {
        terms.iter().enumerate().for_each(|(i, &term)| numbers[line.at(i)] += term);
    }
}

fn lengths<E: Copy>(weight: &View<E>) -> [usize; 3] {
    [0, 1, 2].map(|axis| weight.shape()[axis])
}

impl Rule for Convolution {
    fn name(&self) -> &'static str {
        "conv"
    }

    fn forward<E: Element>(&self, inputs: &Inputs<E>, out: &mut [E]) -> Result<(), Failure> {
        let (x, weight) = (inputs.at(0), inputs.at(1));
        let [groups, outs, k] = lengths(&weight);
        self.with_columns(x, [groups, k], |n, g, cols| {
            let out = &mut out[self.place(weight.layout, n, g)..];
            E::matmul(MatMut::of_rows(out, outs, self.windows()), mat(weight, g), cols, false);
        });
        Ok(())
    }

    fn backward<E: Element>(&self, flow: &mut Flow<E>) {
        let (x, weight, adjoint) = (flow.input(0), flow.input(1), flow.adjoint);
        let [groups, outs, k] = lengths(&weight);
        if flow.varies(0) {
            self.back_to_images(weight, adjoint, flow.target(0));
        }
        if flow.varies(1) {
            let ViewMut { numbers, layout } = flow.target(1);
            self.with_columns(x, [groups, k], |n, g, cols| {
                let adjoint = Mat::of_rows(&adjoint[self.place(layout, n, g)..], outs, self.windows());
                add_product(ViewMut { numbers: &mut *numbers, layout }, g, [adjoint, cols.t()], false);
            });
        }
    }
}

impl<T: Scalar> Tensor<T> {
    /// The convolution of signals `[n, c, length]` with weights `[o, c / groups, kernel]`, as of neural networks, without turning
    /// the kernel: `[n, o, (length + 2 padding − dilation (kernel − 1) − 1) / stride + 1]`. See [`conv2d`](Tensor::conv2d).
    ///
    /// ```
    /// use downhill::array::Conv;
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let x = Tensor::from(array![[[1.0, 2.0, 4.0, 8.0]]]);
    /// let difference = array![[[-1.0, 1.0]]];
    /// assert_eq!(x.conv1d(&difference, Conv::default()).view(), array![[[1.0, 2.0, 4.0]]].into_dyn());
    /// assert_eq!(x.conv1d(&difference, Conv::default().stride([2])).view(), array![[[1.0, 4.0]]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// As `conv2d`; both need three axes.
    #[track_caller]
    pub fn conv1d(&self, weight: impl Into<Tensor<T>>, options: Conv<1>) -> Tensor<T> {
        convolved("conv1d", self, &weight.into(), options)
    }

    /// The convolution of images `[n, c, height, width]` with weights `[o, c / groups, kh, kw]`, as of neural networks, without
    /// turning the kernel: `[n, o, …, …]`, with `(length + 2 padding − dilation (kernel − 1) − 1) / stride + 1` windows along the last
    /// two axes.
    ///
    /// Cost: `n·o·windows·(c / groups)·kh·kw` multiplications forward, twice as many back; memory for the windows of one
    /// image.
    ///
    /// ```
    /// use downhill::array::Conv;
    /// use downhill::prelude::*;
    /// use ndarray::array;
    ///
    /// let tape = Tape::new();
    /// let x = Tensor::from(array![[[[1.0, 2.0], [3.0, 4.0]]]]);
    /// let w = tape.tensor(&array![[[[1.0, 0.0], [0.0, 1.0]]]]);
    /// let y = x.conv2d(&w, Conv::default().padding([0, 1]));
    /// assert_eq!(y.view(), array![[[[3.0, 5.0, 2.0]]]].into_dyn());
    /// assert_eq!(y.sum().backward().wrt(&w), array![[[[3.0, 3.0], [7.0, 7.0]]]].into_dyn());
    /// ```
    ///
    /// # Panics
    ///
    /// If one has not four axes; if the channels are not those of the weights times the groups, or the results no multiple of
    /// the groups; if a stride, a dilation or a kernel is 0, or a kernel longer than the input with its padding.
    #[track_caller]
    pub fn conv2d(&self, weight: impl Into<Tensor<T>>, options: Conv<2>) -> Tensor<T> {
        convolved("conv2d", self, &weight.into(), options)
    }
}

#[track_caller]
fn convolved<T: Scalar, const D: usize>(
    name: &str,
    x: &Tensor<T>,
    weight: &Tensor<T>,
    options: Conv<D>,
) -> Tensor<T> {
    let ([n, c, spatial @ ..], [o, per_group, kernel @ ..]) = (x.shape(), weight.shape()) else {
        no_convolution(name, x, weight, D);
    };
    if spatial.len() != D || kernel.len() != D {
        no_convolution(name, x, weight, D);
    }
    let groups = options.groups;
    if groups == 0 || per_group * groups != *c || o % groups != 0 {
        let needs = format_args!(
            "in {groups} groups, the first needs as many channels (axis 1) as the second times the groups, and the results \
             (axis 0 of the second) need to be a multiple of them"
        );
        misuse::shapes(name, x.shape(), weight.shape(), needs);
    }
    let mut windows = [Window::single(); 2];
    for k in 0..D {
        let given = [kernel[k], options.stride[k], options.padding[k], options.dilation[k]];
        windows[2 - D + k] = Window::on(name, x.shape(), 2 + k, given);
    }
    let weights = weight.reshape([groups, o / groups, per_group * kernel.iter().product::<usize>()]);
    let lengths = windows[2 - D..].iter().map(|window| window.count);
    let shape: Shape = [*n, *o].into_iter().chain(lengths).collect();
    Tensor::of(Convolution(windows), &[&as_images::<T, D>(x), &weights], &shape)
}

#[cold]
#[track_caller]
fn no_convolution<T: Scalar>(name: &str, x: &Tensor<T>, weight: &Tensor<T>, dimensions: usize) -> ! {
    let needs = if dimensions == 1 {
        "they need to be [n, c, length] and [o, c / groups, kernel]"
    } else {
        "they need to be [n, c, height, width] and [o, c / groups, kh, kw]"
    };
    misuse::shapes(name, x.shape(), weight.shape(), needs)
}
