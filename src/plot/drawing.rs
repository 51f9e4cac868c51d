//! A picture as a list of marks, in pixels from the upper left corner; [`save`](super::render::save) writes it.

use super::color::{Color, INK, WHITE};

pub(super) type Spot = [f64; 2];
/// How long a line is drawn and left out in turn, in pixels.
pub(super) type Dashes = &'static [f64];

pub(super) const SOLID: Dashes = &[];
pub(super) const DASHED: Dashes = &[7.0, 4.0];
pub(super) const DASH_DOTTED: Dashes = &[10.0, 3.0, 2.0, 3.0];
pub(super) const DOTTED: Dashes = &[2.0, 3.0];

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Anchor {
    Left,
    Middle,
    Right,
}

#[derive(Debug, Clone)]
pub(super) enum Mark {
    Line { spots: Vec<Spot>, color: Color, width: f64 },
    Area { spots: Vec<Spot>, color: Color },
    Disc { at: Spot, radius: f64, color: Color },
    Text(Text),
}

/// A line of letters on the baseline `at`.
#[derive(Debug, Clone)]
pub(super) struct Text {
    pub(super) at: Spot,
    pub(super) text: String,
    pub(super) size: f64,
    pub(super) color: Color,
    pub(super) anchor: Anchor,
    pub(super) bold: bool,
    /// Reads from below upwards.
    pub(super) upwards: bool,
}

impl Text {
    pub(super) fn new(at: Spot, text: impl Into<String>, size: f64, anchor: Anchor) -> Text {
        Text { at, text: text.into(), size, color: INK, anchor, bold: false, upwards: false }
    }
}

/// A rectangle of the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(super) fn contains(&self, [x, y]: Spot) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// The part of a straight line inside, by Liang and Barsky's parameters.
    pub(super) fn clip(&self, a: Spot, b: Spot) -> Option<(Spot, Spot)> {
        let d = [b[0] - a[0], b[1] - a[1]];
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        let sides = [
            (-d[0], a[0] - self.left),
            (d[0], self.right - a[0]),
            (-d[1], a[1] - self.top),
            (d[1], self.bottom - a[1]),
        ];
        for (p, q) in sides {
            if p == 0.0 && q < 0.0 {
                return None;
            }
            if p < 0.0 {
                from = from.max(q / p);
            } else if p > 0.0 {
                to = to.min(q / p);
            }
        }
        let at = |t: f64| [a[0] + d[0] * t, a[1] + d[1] * t];
        (from <= to).then(|| (at(from), at(to)))
    }
}

#[derive(Debug, Clone)]
pub(super) struct Drawing {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) marks: Vec<Mark>,
}

impl Drawing {
    pub(super) fn new(width: f64, height: f64) -> Drawing {
        Drawing { width, height, marks: Vec::new() }
    }

    pub(super) fn line(&mut self, spots: Vec<Spot>, color: Color, width: f64) {
        if spots.len() > 1 {
            self.marks.push(Mark::Line { spots, color, width });
        }
    }

    /// A line in dashes.
    pub(super) fn dashed(&mut self, spots: &[Spot], dashes: Dashes, color: Color, width: f64) {
        if dashes.is_empty() {
            return self.line(spots.to_vec(), color, width);
        }
        cut(spots, dashes).into_iter().for_each(|dash| self.line(dash, color, width));
    }

    pub(super) fn area(&mut self, spots: Vec<Spot>, color: Color) {
        self.marks.push(Mark::Area { spots, color });
    }

    pub(super) fn disc(&mut self, at: Spot, radius: f64, color: Color) {
        self.marks.push(Mark::Disc { at, radius, color });
    }

    /// A disc with a white rim, to be seen on any ground.
    pub(super) fn bead(&mut self, at: Spot, radius: f64, color: Color) {
        self.disc(at, radius + 1.3, WHITE);
        self.disc(at, radius, color);
    }

    pub(super) fn text(&mut self, text: Text) {
        self.marks.push(Mark::Text(text));
    }

    /// A line with a head at its end.
    pub(super) fn arrow(&mut self, from: Spot, to: Spot, color: Color, width: f64) {
        let d = [to[0] - from[0], to[1] - from[1]];
        let length = d[0].hypot(d[1]);
        if length < 1e-6 {
            return;
        }
        let head = (3.0 + 2.0 * width).min(length * 0.6);
        let [ux, uy] = [d[0] / length, d[1] / length];
        let neck = [to[0] - ux * head, to[1] - uy * head];
        let side = |s: f64| [neck[0] - uy * head * 0.42 * s, neck[1] + ux * head * 0.42 * s];
        self.line(vec![from, [neck[0] + ux * 0.3, neck[1] + uy * 0.3]], color, width);
        self.area(vec![to, side(1.0), side(-1.0)], color);
    }

    /// The parts of a polyline inside `area`, in pieces of at most what is inside; spots closer than a third of a
    /// pixel to the last one are left out.
    pub(super) fn pieces(spots: impl IntoIterator<Item = Spot>, area: &Area) -> Vec<Vec<Spot>> {
        let (mut pieces, mut last): (Vec<Vec<Spot>>, Option<Spot>) = (Vec::new(), None);
        let mut open = false;
        for spot in spots {
            let finite = spot[0].is_finite() && spot[1].is_finite();
            let Some(before) = last.filter(|_| finite) else {
                (last, open) = (finite.then_some(spot), false);
                continue;
            };
            if (spot[0] - before[0]).hypot(spot[1] - before[1]) < 0.33 {
                continue;
            }
            match area.clip(before, spot) {
                Some((a, b)) => {
                    match pieces.last_mut() {
                        Some(piece) if open => piece.push(b),
                        _ => pieces.push(vec![a, b]),
                    }
                    open = b == spot || area.contains(spot);
                }
                None => open = false,
            }
            last = Some(spot);
        }
        pieces
    }

    /// All marks of `other`, moved by `by`.
    pub(super) fn place(&mut self, other: Drawing, by: Spot) {
        let shift = |[x, y]: Spot| [x + by[0], y + by[1]];
        self.marks.extend(other.marks.into_iter().map(|mark| match mark {
            Mark::Line { spots, color, width } => {
                Mark::Line { spots: spots.into_iter().map(shift).collect(), color, width }
            }
            Mark::Area { spots, color } => {
                Mark::Area { spots: spots.into_iter().map(shift).collect(), color }
            }
            Mark::Disc { at, radius, color } => Mark::Disc { at: shift(at), radius, color },
            Mark::Text(text) => Mark::Text(Text { at: shift(text.at), ..text }),
        }));
    }
}

/// The spots of a line without those that are within a twentieth of a pixel of the straight line past them, by the
/// method of D. H. Douglas and T. K. Peucker (1973).
pub(super) fn straightened(spots: &[Spot]) -> Vec<Spot> {
    let mut kept = vec![false; spots.len()];
    if let [first, .., last] = &mut kept[..] {
        (*first, *last) = (true, true);
    }
    let mut spans = vec![(0, spots.len().saturating_sub(1))];
    while let Some((from, to)) = spans.pop() {
        let (a, b) = (spots[from], spots[to]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length = dx.hypot(dy);
        let off = |k: usize| {
            let (x, y) = (spots[k][0] - a[0], spots[k][1] - a[1]);
            // The ends of a closed line are one spot.
            if length < 1e-9 { x.hypot(y) } else { (x * dy - y * dx).abs() / length }
        };
        let farthest = (from + 1..to).max_by(|&j, &k| off(j).total_cmp(&off(k)));
        if let Some(k) = farthest.filter(|&k| off(k) > 0.05) {
            kept[k] = true;
            spans.extend([(from, k), (k, to)]);
        }
    }
    spots.iter().zip(kept).filter(|(_, kept)| *kept).map(|(&spot, _)| spot).collect()
}

/// The dashes of a line.
fn cut(spots: &[Spot], dashes: Dashes) -> Vec<Vec<Spot>> {
    let (mut pieces, mut piece) = (Vec::new(), Vec::new());
    let (mut k, mut left) = (0, dashes[0]);
    for pair in spots.windows(2) {
        let (mut a, b) = (pair[0], pair[1]);
        loop {
            let drawing = k % 2 == 0;
            let length = (b[0] - a[0]).hypot(b[1] - a[1]);
            if drawing && piece.is_empty() {
                piece.push(a);
            }
            if length < left {
                left -= length;
                if drawing {
                    piece.push(b);
                }
                break;
            }
            let t = left / length;
            a = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
            if drawing {
                piece.push(a);
                pieces.push(std::mem::take(&mut piece));
            }
            k += 1;
            left = dashes[k % dashes.len()];
        }
    }
    pieces.push(piece);
    pieces
}
