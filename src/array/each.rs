//! Element by element: one pass over arrays of one shape, whatever their strides.
//!
//! The innermost loop is over numbers that follow one another, which the compiler makes vector code of. Where an array is
//! broadcast, transposed or reversed, its elements are first gathered, some hundred at a time, in a buffer that stays in the
//! cache.

use super::element::Element;
use super::step::Flow;
use super::view::{ARRAYS, Run, View, ViewMut, walk, walk_beside};

/// Elements gathered at once.
const TILE: usize = 256;

/// `out[i] = f(inputs[i])`; `out` is a row, the inputs have `shape`.
#[inline(always)]
pub(crate) fn map<E: Element, const N: usize>(
    out: &mut [E],
    shape: &[usize],
    inputs: [View<E>; N],
    f: impl Fn([E; N]) -> E,
) {
    let rows = inputs.map(|input| input.row());
    if rows.iter().all(|row| row.is_some()) {
        return fill(out, rows.map(|row| row.unwrap_or(&[])), &f);
    }
    let mut buffers = [[E::of(0.0); TILE]; N];
    walk_beside(shape, &inputs, |run| {
        let start = run.starts[0] as usize;
        for (first, len) in tiles(run.len) {
            let tile = gathered(&inputs, 1, run, first, len, &mut buffers);
            fill(&mut out[start + first..start + first + len], tile, &f);
        }
    });
}

/// Hands `f(inputs[i])` on to input `k` of an operation: writes it where nothing is yet, else adds it.
#[inline(always)]
pub(crate) fn give<E: Element, const N: usize>(
    flow: &mut Flow<E>,
    k: usize,
    inputs: [View<E>; N],
    f: impl Fn([E; N]) -> E,
) {
    let (target, fresh) = flow.target_or_fresh(k);
    if fresh && target.is_whole() {
        let shape = &target.layout.shape;
        return map(target.numbers, shape, inputs, f);
    }
    if fresh {
        target.numbers.fill(E::of(0.0));
    }
    add(target, inputs, f);
}

/// Hands a term on: writes it where nothing is yet, else adds it.
#[inline(always)]
pub(crate) fn put<E: Element>(target: &mut E, fresh: bool, term: E) {
    *target = if fresh { term } else { *target + term };
}

/// Hands the adjoint of the result on to input `k` as it is, without moving it if that can be.
pub(crate) fn hand_on<E: Element>(flow: &mut Flow<E>, k: usize, adjoint: View<E>) {
    if !flow.hand_on(k) {
        give(flow, k, [adjoint], |[adjoint]| adjoint);
    }
}

/// `target[i] += f(inputs[i])`, where elements of the target may be the same several times.
#[inline(always)]
pub(crate) fn add<E: Element, const N: usize>(
    mut target: ViewMut<E>,
    inputs: [View<E>; N],
    f: impl Fn([E; N]) -> E,
) {
    let layout = target.layout;
    let rows = inputs.map(|input| input.row());
    if rows.iter().all(|row| row.is_some())
        && let Some(out) = target.row()
    {
        return add_to(out, rows.map(|row| row.unwrap_or(&[])), &f);
    }
    let mut strides: [&[isize]; ARRAYS] = [&[]; ARRAYS];
    strides[0] = &layout.strides;
    for (own, input) in strides[1..].iter_mut().zip(&inputs) {
        *own = &input.layout.strides;
    }
    let (mut buffers, mut sums) = ([[E::of(0.0); TILE]; N], [E::of(0.0); TILE]);
    walk(&layout.shape, strides, |run| {
        for (first, len) in tiles(run.len) {
            let tile = gathered(&inputs, 1, run, first, len, &mut buffers);
            if let Some(places) = run.range(layout.offset, 0) {
                add_to(&mut target.numbers[places][first..first + len], tile, &f);
                continue;
            }
            fill(&mut sums[..len], tile, &f);
            if run.strides[0] == 0 {
                target.numbers[run.place(layout.offset, 0, 0)] += sum(&sums[..len]);
            } else {
                for (i, &term) in sums[..len].iter().enumerate() {
                    target.numbers[run.place(layout.offset, 0, first + i)] += term;
                }
            }
        }
    });
}

#[inline(never)] // once for each `f`, in place of several copies
fn fill<E: Element, const N: usize>(out: &mut [E], inputs: [&[E]; N], f: &impl Fn([E; N]) -> E) {
    let inputs = inputs.map(|input| &input[..out.len()]);
    for i in 0..out.len() {
        out[i] = f(inputs.map(|input| input[i]));
    }
}

#[inline(never)]
fn add_to<E: Element, const N: usize>(out: &mut [E], inputs: [&[E]; N], f: &impl Fn([E; N]) -> E) {
    let inputs = inputs.map(|input| &input[..out.len()]);
    for i in 0..out.len() {
        out[i] += f(inputs.map(|input| input[i]));
    }
}

fn tiles(len: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..len).step_by(TILE).map(move |first| (first, TILE.min(len - first)))
}

/// Elements `first..first + len` of a run in each of the inputs, of which number 0 is array `array` of the run.
#[inline(always)]
fn gathered<'a, E: Element, const N: usize>(
    inputs: &[View<'a, E>; N],
    array: usize,
    run: &Run,
    first: usize,
    len: usize,
    buffers: &'a mut [[E; TILE]; N],
) -> [&'a [E]; N] {
    let mut k = 0;
    buffers.each_mut().map(|buffer| {
        let (input, own) = (&inputs[k], array + k);
        k += 1;
        gather(input, own, run, first, len, buffer)
    })
}

#[inline]
fn gather<'a, E: Element>(
    input: &View<'a, E>,
    array: usize,
    run: &Run,
    first: usize,
    len: usize,
    buffer: &'a mut [E; TILE],
) -> &'a [E] {
    let offset = input.layout.offset;
    if let Some(places) = run.range(offset, array) {
        return &input.numbers[places][first..first + len];
    }
    let buffer = &mut buffer[..len];
    if run.strides[array] == 0 {
        buffer.fill(input.numbers[run.place(offset, array, 0)]);
    } else {
        for (i, element) in buffer.iter_mut().enumerate() {
            *element = input.numbers[run.place(offset, array, first + i)];
        }
    }
    buffer
}

/// The sum, in eight lanes that are added in pairs.
#[inline(always)]
pub(crate) fn sum<E: Element>(terms: &[E]) -> E {
    let (blocks, rest) = terms.as_chunks::<8>();
    let mut lanes = [E::of(0.0); 8];
    for block in blocks {
        for k in 0..8 {
            lanes[k] += block[k];
        }
    }
    let mut sum =
        ((lanes[0] + lanes[4]) + (lanes[1] + lanes[5])) + ((lanes[2] + lanes[6]) + (lanes[3] + lanes[7]));
    for &term in rest {
        sum += term;
    }
    sum
}
