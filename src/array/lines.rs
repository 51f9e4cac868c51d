//! Lines: the elements of an array along an axis, or along several that follow one another.
//!
//! ```text
//! x: [outer, along, inner], in a row;   line (o, c) is  x[o, 0, c], x[o, 1, c], …
//! ```
//!
//! Along the last axis a line is a slice, which is taken alone. Else lines lie beside one another; some hundred of them are
//! taken at once, row by row, so that the innermost loop is over numbers that follow one another here too.

use super::Tensor;
use super::element::Element;
use super::layout::Shape;
use super::scalar::Scalar;

/// Lines taken at once.
pub(crate) const WIDTH: usize = 256;

/// See the head of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) outer: usize,
    pub(crate) along: usize,
    pub(crate) inner: usize,
}

/// Lines that are taken at once: element `r` of line `c` lies at `start + r step + c`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tile {
    start: usize,
    along: usize,
    step: usize,
    pub(crate) width: usize,
    /// The number of the first line.
    pub(crate) first: usize,
}

impl Lines {
    /// The lines along `axes`, which are in order; none if others lie between them.
    pub(crate) fn of(shape: &[usize], axes: &[usize]) -> Option<Lines> {
        let first = axes.first().copied().unwrap_or(shape.len());
        let end = first + axes.len();
        let follow = axes.iter().copied().eq(first..end);
        let product = |lengths: &[usize]| lengths.iter().product();
        follow.then(|| Lines {
            outer: product(&shape[..first]),
            along: product(&shape[first..end]),
            inner: product(&shape[end..]),
        })
    }

    pub(crate) fn count(&self) -> usize {
        self.outer * self.inner
    }

    #[inline(always)]
    pub(crate) fn for_each(self, mut f: impl FnMut(Tile)) {
        let Lines { outer, along, inner } = self;
        for o in 0..outer {
            let mut c = 0;
            while c < inner {
                let width = WIDTH.min(inner - c);
                f(Tile { start: o * along * inner + c, along, step: inner, width, first: o * inner + c });
                c += width;
            }
        }
    }
}

impl Tile {
    /// What belongs to these lines, of a number for each line.
    pub(crate) fn own<'a, S>(&self, per_line: &'a [S]) -> &'a [S] {
        &per_line[self.first..][..self.width]
    }

    pub(crate) fn own_mut<'a, S>(&self, per_line: &'a mut [S]) -> &'a mut [S] {
        &mut per_line[self.first..][..self.width]
    }

    /// Where element `r` of each line lies.
    #[inline(always)]
    pub(crate) fn row(&self, r: usize) -> std::ops::Range<usize> {
        let start = self.start + r * self.step;
        start..start + self.width
    }

    /// The elements of line `c`.
    pub(crate) fn line<E: Copy>(self, x: &[E], c: usize) -> impl DoubleEndedIterator<Item = E> {
        (0..self.along).map(move |r| x[self.start + r * self.step + c])
    }

    /// Where element `r` of line `c` lies.
    #[inline(always)]
    pub(crate) fn place(&self, r: usize, c: usize) -> usize {
        self.start + r * self.step + c
    }

    /// `acc[c] = term(x₀, state[c]) ∘ term(x₁, state[c]) ∘ …` over each line, where `from` is neutral.
    #[inline(always)]
    pub(crate) fn fold<E: Element>(
        &self,
        (x, states): (&[E], &[E]),
        acc: &mut [E],
        from: E,
        term: impl Fn(E, E) -> E,
        join: impl Fn(E, E) -> E,
    ) {
        if self.step == 1 {
            let state = states[0];
            acc[0] = joined(&x[self.start..self.start + self.along], from, |x| term(x, state), join);
            return;
        }
        let acc = &mut acc[..self.width];
        let states = &states[..acc.len()];
        acc.fill(from);
        for r in 0..self.along {
            let row = &x[self.row(r)][..acc.len()];
            for c in 0..acc.len() {
                acc[c] = join(acc[c], term(row[c], states[c]));
            }
        }
    }

    /// `out = f(out, inputs, states)` for each element, where the states are those of its line.
    #[inline(always)]
    pub(crate) fn update<E: Element, const N: usize, const S: usize>(
        &self,
        out: &mut [E],
        inputs: [&[E]; N],
        states: [&[E]; S],
        f: impl Fn(E, [E; N], [E; S]) -> E,
    ) {
        if self.step == 1 {
            let places = self.start..self.start + self.along;
            let out = &mut out[places.clone()];
            let inputs = inputs.map(|input| &input[places.clone()][..out.len()]);
            let states = states.map(|states| states[0]);
            for i in 0..out.len() {
                out[i] = f(out[i], inputs.map(|input| input[i]), states);
            }
            return;
        }
        for r in 0..self.along {
            let out = &mut out[self.row(r)];
            let inputs = inputs.map(|input| &input[self.row(r)][..out.len()]);
            let states = states.map(|states| &states[..out.len()]);
            for c in 0..out.len() {
                out[c] = f(out[c], inputs.map(|input| input[c]), states.map(|states| states[c]));
            }
        }
    }
}

/// All terms, in eight lanes that are joined in pairs.
#[inline(always)]
fn joined<E: Element>(x: &[E], from: E, term: impl Fn(E) -> E, join: impl Fn(E, E) -> E) -> E {
    let (blocks, rest) = x.as_chunks::<8>();
    let mut all = from;
    if !blocks.is_empty() {
        let mut lanes = [from; 8];
        for block in blocks {
            for k in 0..8 {
                lanes[k] = join(lanes[k], term(block[k]));
            }
        }
        let pairs: [E; 4] = std::array::from_fn(|k| join(lanes[k], lanes[k + 4]));
        all = join(join(pairs[0], pairs[1]), join(pairs[2], pairs[3]));
    }
    for &x in rest {
        all = join(all, term(x));
    }
    all
}

impl<T: Scalar> Tensor<T> {
    /// The array in a row, its lines along `axes`, which are in order, and the shape without these. Axes between which others
    /// lie are first brought to the end.
    #[track_caller]
    pub(crate) fn lines(&self, axes: &[usize]) -> (Tensor<T>, Lines, Shape) {
        let left: Shape = (0..self.rank()).filter(|axis| !axes.contains(axis)).collect();
        let shape: Shape = left.iter().map(|&axis| self.shape()[axis]).collect();
        if let Some(lines) = Lines::of(self.shape(), axes) {
            return (self.in_a_row(), lines, shape);
        }
        let order: Shape = left.iter().chain(axes).copied().collect();
        let moved = self.seen_as(self.layout().permute(&order)).in_a_row();
        let lines = Lines { outer: shape.iter().product(), along: 1, inner: 1 };
        let along = axes.iter().map(|&axis| self.shape()[axis]).product();
        (moved, Lines { along, ..lines }, shape)
    }
}
