//! Lines: the elements of an array along an axis, or along several that follow one another.
//!
//! ```text
//! x: [outer, along, inner], in a row;   line (o, c) is  x[o, 0, c], x[o, 1, c], …
//! ```
//!
//! Along the last axis a line is a slice; short ones are taken together, as many as make some hundred elements. Else lines lie
//! beside one another; some hundred of them are taken at once, row by row, so that the innermost loop is over numbers that
//! follow one another here too.

use std::ops::Range;

use super::Tensor;
use super::each::sum;
use super::element::Element;
use super::layout::Shape;
use super::scalar::Scalar;
use crate::real::Unary;

/// Lines taken at once, and elements that functions are computed of at once.
pub(crate) const WIDTH: usize = 256;

/// See the head of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lines {
    pub(crate) outer: usize,
    pub(crate) along: usize,
    pub(crate) inner: usize,
}

/// Lines that are taken at once: element `r` of line `c` lies at `start + r step + c apart`. Either lines are slices that follow
/// one another, with `step` 1, or they lie beside one another, with `apart` 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tile {
    start: usize,
    along: usize,
    step: usize,
    apart: usize,
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
        if inner == 1 {
            let width = (WIDTH / along.max(1)).max(1);
            for first in (0..outer).step_by(width) {
                let width = width.min(outer - first);
                f(Tile { start: first * along, along, step: 1, apart: along, width, first });
            }
            return;
        }
        for o in 0..outer {
            for c in (0..inner).step_by(WIDTH) {
                let width = WIDTH.min(inner - c);
                let (start, first) = (o * along * inner + c, o * inner + c);
                f(Tile { start, along, step: inner, apart: 1, width, first });
            }
        }
    }
}

/// Memory for some hundred numbers, and for the values of a function at them.
pub(crate) struct Buffers<E> {
    arguments: [E; WIDTH],
    values: [E; WIDTH],
}

impl<E: Element> Buffers<E> {
    pub(crate) fn new() -> Buffers<E> {
        Buffers { arguments: [E::of(0.0); WIDTH], values: [E::of(0.0); WIDTH] }
    }

    /// The values of a function in place of some hundred numbers at most.
    pub(crate) fn apply(&mut self, op: Unary, numbers: &mut [E]) {
        let arguments = &mut self.arguments[..numbers.len()];
        arguments.copy_from_slice(numbers);
        E::every(op, arguments, numbers);
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

    /// Lines of which element `r` each lies in a [`row`](Tile::row): these, or one after the other.
    pub(crate) fn strips(self) -> impl Iterator<Item = Tile> {
        let (count, width) = if self.step == 1 { (self.width, 1) } else { (1, self.width) };
        (0..count).map(move |c| Tile { start: self.place(0, c), width, first: self.first + c, ..self })
    }

    /// Where element `r` of each line lies, of a strip.
    #[inline(always)]
    pub(crate) fn row(&self, r: usize) -> Range<usize> {
        let start = self.start + r * self.step;
        start..start + self.width
    }

    /// The elements of line `c`.
    pub(crate) fn line<E: Copy>(self, x: &[E], c: usize) -> impl DoubleEndedIterator<Item = E> {
        (0..self.along).map(move |r| x[self.place(r, c)])
    }

    /// Where element `r` of line `c` lies.
    #[inline(always)]
    pub(crate) fn place(&self, r: usize, c: usize) -> usize {
        self.start + r * self.step + c * self.apart
    }

    /// Where the elements of line `c` lie, which is a slice.
    #[inline(always)]
    fn slice(&self, c: usize) -> Range<usize> {
        let start = self.start + c * self.along;
        start..start + self.along
    }

    /// `acc[c] = x₀ ∘ x₁ ∘ …` over each line, where `from` is neutral.
    #[inline(always)]
    pub(crate) fn reduce<E: Element>(&self, x: &[E], acc: &mut [E], from: E, join: impl Fn(E, E) -> E) {
        self.join([x], acc, from, |_, [x]| x, join);
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
        let states = &states[..self.width];
        self.join([x], acc, from, |c, [x]| term(x, states[c]), join);
    }

    /// `acc[c] = x₀ y₀ + x₁ y₁ + …` over each line.
    #[inline(always)]
    pub(crate) fn dot<E: Element>(&self, x: &[E], y: &[E], acc: &mut [E]) {
        self.join([x, y], acc, E::of(0.0), |_, [x, y]| x * y, |sum, x| sum + x);
    }

    #[inline(always)]
    fn join<E: Element, const N: usize>(
        &self,
        inputs: [&[E]; N],
        acc: &mut [E],
        from: E,
        term: impl Fn(usize, [E; N]) -> E,
        join: impl Fn(E, E) -> E,
    ) {
        let acc = &mut acc[..self.width];
        if self.step == 1 {
            for c in 0..acc.len() {
                let line = inputs.map(|input| &input[self.slice(c)]);
                acc[c] = joined(line, from, |terms| term(c, terms), &join);
            }
            return;
        }
        acc.fill(from);
        for r in 0..self.along {
            let rows = inputs.map(|input| &input[self.row(r)][..acc.len()]);
            for c in 0..acc.len() {
                acc[c] = join(acc[c], term(c, rows.map(|row| row[c])));
            }
        }
    }

    /// Adds the elements of each line to its sum.
    #[inline(always)]
    pub(crate) fn add_to_sums<E: Element>(&self, sums: &mut [E], x: &[E]) {
        let sums = &mut sums[..self.width];
        if self.step == 1 {
            for c in 0..sums.len() {
                sums[c] += sum(&x[self.slice(c)]);
            }
            return;
        }
        for r in 0..self.along {
            sums.iter_mut().zip(&x[self.row(r)]).for_each(|(sum, &x)| *sum += x);
        }
    }

    /// Calls `f` with pieces of `e^(x − shift)`, with the shift of each line: where its elements lie, how its lines lie in
    /// it, and the piece.
    #[inline(always)]
    pub(crate) fn exponentials<E: Element>(
        &self,
        x: &[E],
        shifts: &[E],
        buffers: &mut Buffers<E>,
        mut f: impl FnMut(Range<usize>, Tile, &[E]),
    ) {
        self.pieces(|places, piece| {
            let arguments = &mut buffers.arguments[..places.len()];
            let values = &mut buffers.values[..places.len()];
            piece.update(arguments, [&x[places.clone()]], [shifts], |_, [x], [shift]| x - shift);
            E::every(Unary::Exp, arguments, values);
            f(places, piece, values);
        });
    }

    /// Calls `f` with parts of some hundred elements that follow one another: where they lie, and how the lines lie in them.
    #[inline(always)]
    fn pieces(&self, mut f: impl FnMut(Range<usize>, Tile)) {
        let Tile { start, along, step, width, .. } = *self;
        if step == 1 && width > 1 {
            return f(start..start + width * along, Tile { start: 0, ..*self });
        }
        // Rows that fill their block are taken together.
        let rows = if step == width { WIDTH / width } else { 1 };
        for r in (0..along).step_by(rows) {
            let (first, rows) = (start + r * step, rows.min(along - r));
            f(first..first + rows * width, Tile { start: 0, along: rows, step: width, apart: 1, ..*self });
        }
    }

    /// Hands `f(inputs, states)` on for each element, where the states are those of its line: writes it if nothing is there
    /// yet, else adds it.
    #[inline(always)]
    pub(crate) fn give<E: Element, const N: usize, const S: usize>(
        &self,
        target: &mut [E],
        fresh: bool,
        inputs: [&[E]; N],
        states: [&[E]; S],
        f: impl Fn([E; N], [E; S]) -> E,
    ) {
        if fresh {
            self.update(target, inputs, states, |_, inputs, states| f(inputs, states));
        } else {
            self.update(target, inputs, states, |old, inputs, states| old + f(inputs, states));
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
            let states = states.map(|states| &states[..self.width]);
            for c in 0..self.width {
                let out = &mut out[self.slice(c)];
                let inputs = inputs.map(|input| &input[self.slice(c)][..out.len()]);
                let states = states.map(|states| states[c]);
                for i in 0..out.len() {
                    out[i] = f(out[i], inputs.map(|input| input[i]), states);
                }
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
fn joined<E: Element, const N: usize>(
    inputs: [&[E]; N],
    from: E,
    term: impl Fn([E; N]) -> E,
    join: impl Fn(E, E) -> E,
) -> E {
    let parts = inputs.map(|input| input.as_chunks::<8>());
    let (blocks, rest) = (parts.map(|part| part.0), parts.map(|part| part.1));
    let mut all = from;
    if !blocks[0].is_empty() {
        let mut lanes = [from; 8];
        for b in 0..blocks[0].len() {
            let block = blocks.map(|blocks| &blocks[b]);
            for k in 0..8 {
                lanes[k] = join(lanes[k], term(block.map(|block| block[k])));
            }
        }
        let pairs: [E; 4] = std::array::from_fn(|k| join(lanes[k], lanes[k + 4]));
        all = join(join(pairs[0], pairs[1]), join(pairs[2], pairs[3]));
    }
    for i in 0..rest[0].len() {
        all = join(all, term(rest.map(|rest| rest[i])));
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
