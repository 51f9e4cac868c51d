//! Windows that move over the rows and columns of images: what convolutions and pooling have in common.

use super::{Tensor, misuse};

/// A window along one axis: element `k` of window `o` lies at `o·stride + k·dilation − padding`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    /// The length of the axis.
    pub(super) input: usize,
    /// How many windows there are.
    pub(super) count: usize,
    /// Elements of a window.
    pub(super) kernel: usize,
    pub(super) stride: usize,
    pub(super) padding: usize,
    pub(super) dilation: usize,
}

impl Window {
    /// The window that an axis of length 1 has.
    pub(super) fn single() -> Window {
        Window { input: 1, count: 1, kernel: 1, stride: 1, padding: 0, dilation: 1 }
    }

    /// A window on an axis; panics if there is none.
    #[track_caller]
    pub(super) fn on(
        operation: &str,
        shape: &[usize],
        axis: usize,
        [kernel, stride, padding, dilation]: [usize; 4],
    ) -> Window {
        let input = shape[axis];
        if kernel == 0 || stride == 0 || dilation == 0 {
            let given = format_args!(
                "kernels, strides and dilations need to be 1 at least, and along axis {axis} they are {kernel}, {stride} and {dilation}"
            );
            misuse::shape(operation, shape, given);
        }
        let (padded, extent) = (input + 2 * padding, (kernel - 1) * dilation + 1);
        if padded < extent {
            let needs = format_args!(
                "axis {axis} needs the length {extent} of the kernel at least, with padding, and has {padded}"
            );
            misuse::shape(operation, shape, needs);
        }
        Window { input, count: (padded - extent) / stride + 1, kernel, stride, padding, dilation }
    }

    /// The windows whose element `k` lies on the axis, not in the padding: from the first one to before the last.
    #[inline]
    pub(super) fn inside(&self, k: usize) -> (usize, usize) {
        let at = k * self.dilation;
        let first = self.padding.saturating_sub(at).div_ceil(self.stride).min(self.count);
        let end = match (self.input + self.padding).checked_sub(at + 1) {
            Some(last) => (last / self.stride + 1).min(self.count),
            None => 0,
        };
        (first, end.max(first))
    }

    /// Where element `k` of window `o` lies, which is on the axis.
    #[inline]
    pub(super) fn place(&self, o: usize, k: usize) -> usize {
        o * self.stride + k * self.dilation - self.padding
    }

    /// The elements of the axis that lie in window `o`, of which there is no dilation.
    #[inline]
    pub(super) fn covered(&self, o: usize) -> (usize, usize) {
        let first = o * self.stride;
        (first.saturating_sub(self.padding), (first + self.kernel - self.padding).min(self.input))
    }
}

/// Elements of an image along its last axis that are the same element of windows which follow one another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// The first of these windows, row after row.
    pub(super) window: usize,
    pub(super) len: usize,
    /// Where its element lies, and the distance to that of the next.
    pub(super) place: usize,
    pub(super) stride: isize,
}

impl Line {
    #[inline(always)]
    pub(super) fn at(&self, i: usize) -> usize {
        (self.place as isize + i as isize * self.stride) as usize
    }
}

/// Calls `f` with the places of element `[i, j]` of all windows where it is not in the padding; the image begins at `start`.
#[inline(always)]
pub(super) fn for_each_line(
    windows: &[Window; 2],
    [i, j]: [usize; 2],
    start: isize,
    strides: [isize; 2],
    mut f: impl FnMut(Line),
) {
    let [(top, bottom), (left, right)] = [windows[0].inside(i), windows[1].inside(j)];
    if left == right {
        return;
    }
    for row in top..bottom {
        let (y, x) = (windows[0].place(row, i), windows[1].place(left, j));
        f(Line {
            window: row * windows[1].count + left,
            len: right - left,
            place: (start + y as isize * strides[0] + x as isize * strides[1]) as usize,
            stride: windows[1].stride as isize * strides[1],
        });
    }
}

/// Images of one row: `[…, length]` as `[…, 1, length]`. Those of two axes are as they are.
pub(super) fn as_images<T, const D: usize>(x: &Tensor<T>) -> Tensor<T> {
    if D == 2 { x.clone() } else { x.seen_as(x.layout().insert_axis(2)) }
}
