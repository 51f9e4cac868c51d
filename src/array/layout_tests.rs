//! Every layout against the elements it stands for, one by one.

use super::layout::{Layout, Shape};
use super::view::View;

/// The places of the elements in their order, without the walk that is used otherwise.
fn places(layout: &Layout) -> Vec<usize> {
    let mut places = Vec::new();
    for k in 0..layout.len() {
        let (mut rest, mut place) = (k, layout.offset as isize);
        for (&length, &stride) in layout.shape.iter().zip(&layout.strides).rev() {
            place += (rest % length) as isize * stride;
            rest /= length;
        }
        places.push(place as usize);
    }
    places
}

/// Layouts of all kinds in a block of 60 elements, with their names.
fn table() -> Vec<(&'static str, Layout)> {
    let rows = Layout::of_rows(&[3, 4, 5]);
    let ones = Layout::of_rows(&[1, 3, 1, 4, 1]);
    let all = |layout: &Layout, axis: usize| layout.shape[axis];
    let reversed =
        |layout: &Layout, axis: usize| layout.slice(axis, all(layout, axis) - 1, -1, all(layout, axis));
    vec![
        ("rows", rows.clone()),
        ("a number", Layout::of_rows(&[])),
        ("axes of length 1", ones.clone()),
        ("axes of length 1, permuted", ones.permute(&[2, 3, 0, 4, 1])),
        ("transposed", rows.permute(&[2, 1, 0])),
        ("first two exchanged", rows.permute(&[1, 0, 2])),
        ("last two exchanged", rows.permute(&[0, 2, 1])),
        ("reversed last axis", reversed(&rows, 2)),
        ("reversed first axis", reversed(&rows, 0)),
        ("reversed everywhere", reversed(&reversed(&reversed(&rows, 0), 1), 2)),
        ("every second row", rows.slice(1, 0, 2, 2)),
        ("every second element", rows.slice(2, 1, 2, 2)),
        ("rows from the second on", rows.slice(0, 1, 1, 2)),
        ("a column", rows.index(2, 3)),
        ("a middle row", rows.index(1, 2)),
        ("one element along an axis", rows.slice(1, 2, 1, 1)),
        ("broadcast in front", rows.index(0, 1).broadcast(&[2, 4, 5]).expect("it fits")),
        ("broadcast within", rows.slice(1, 1, 1, 1).broadcast(&[3, 4, 5]).expect("it fits")),
        ("broadcast behind", rows.slice(2, 1, 1, 1).broadcast(&[3, 4, 6]).expect("it fits")),
        ("a number broadcast", Layout::of_rows(&[]).broadcast(&[2, 3]).expect("it fits")),
        ("a diagonal", rows.diagonal(1, 2)),
        ("a diagonal of the outer axes", rows.diagonal(2, 0)),
        ("the diagonal of a reversed one", reversed(&rows, 1).diagonal(0, 1)),
        ("a further axis", rows.insert_axis(1)),
        ("no element", rows.slice(1, 4, 1, 0)),
        ("no element, reversed", rows.slice(0, 0, -1, 0)),
    ]
}

/// The shapes of `len` elements: products of up to three factors, without and with axes of length 1.
fn shapes(len: usize) -> Vec<Shape> {
    let factors: Vec<usize> =
        if len == 0 { vec![0, 1, 2] } else { (1..=len).filter(|k| len.is_multiple_of(*k)).collect() };
    let mut shapes = vec![Shape::from_slice(&[len])];
    for &a in &factors {
        for &b in &factors {
            for &c in &factors {
                if a * b * c == len {
                    shapes.extend([Shape::from_slice(&[a, b, c]), Shape::from_slice(&[1, a, 1, b, c, 1])]);
                    shapes.extend((c == 1).then(|| Shape::from_slice(&[a, b])));
                }
            }
        }
    }
    shapes.extend((len == 1).then(Shape::new));
    shapes
}

#[test]
fn a_reshape_has_the_elements_in_their_order() {
    for (name, layout) in table() {
        for shape in shapes(layout.len()) {
            if let Some(reshaped) = layout.reshape(&shape) {
                assert_eq!(reshaped.shape, shape, "{name}");
                assert_eq!(places(&reshaped), places(&layout), "{name} as {shape:?}");
            }
        }
    }
}

/// A shape has a layout if, and only if, the places are an affine function of its indices: what is to be found by trying.
#[test]
fn a_reshape_is_a_view_wherever_there_is_one() {
    for (name, layout) in table().into_iter().filter(|(_, layout)| layout.len() > 0) {
        let places = places(&layout);
        for shape in shapes(layout.len()) {
            let mut tried = Layout { offset: layout.offset, ..Layout::of_rows(&shape) };
            let mut behind = 1;
            for (axis, &length) in shape.iter().enumerate().rev() {
                if length > 1 {
                    tried.strides[axis] = places[behind] as isize - places[0] as isize;
                }
                behind *= length;
            }
            let there_is = self::places(&tried) == places;
            assert_eq!(layout.reshape(&shape).is_some(), there_is, "{name} as {shape:?}");
        }
    }
}

#[test]
fn the_walk_has_the_elements_in_their_order() {
    let block: Vec<usize> = (0..60).collect();
    for (name, layout) in table() {
        let view = View { numbers: &block, layout: &layout };
        let mut walked = Vec::new();
        view.for_each(|k, element| {
            assert_eq!(k, walked.len(), "{name}");
            walked.push(element);
        });
        assert_eq!(walked, places(&layout), "{name}");
        let in_a_row = walked.windows(2).all(|pair| pair[1] == pair[0] + 1);
        assert_eq!(layout.is_contiguous(), in_a_row, "{name}");
        assert_eq!(view.row().map(<[usize]>::to_vec), in_a_row.then_some(walked), "{name}");
    }
}

#[test]
fn layouts_compose_as_indices_do() {
    let rows = Layout::of_rows(&[3, 4, 5]);
    let at = |i: usize, j: usize, k: usize| 20 * i + 5 * j + k;
    let expected: Vec<usize> = (0..4).flat_map(|j| (0..3).map(move |i| at(i, j, i))).collect();
    assert_eq!(places(&rows.diagonal(0, 2)), expected);
    assert_eq!(places(&rows.diagonal(2, 0)), expected);
    assert_eq!(rows.diagonal(1, 2).shape[..], [3, 4]);
    let slice = rows.slice(1, 3, -2, 2).slice(1, 1, -1, 2);
    assert_eq!(places(&slice), places(&rows.slice(1, 1, 2, 2)));
    assert_eq!(places(&rows.index(2, 4).index(0, 2)), [44, 49, 54, 59]);
    assert_eq!(places(&rows.insert_axis(3).index(3, 0)), places(&rows));
    assert_eq!(rows.broadcast(&[4, 5]), None);
    assert_eq!(rows.broadcast(&[2, 1, 4, 5]), None);
    assert_eq!(rows.slice(0, 0, 1, 0).broadcast(&[1, 4, 5]), None);
}
