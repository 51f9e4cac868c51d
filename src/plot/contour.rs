//! Contours: the levels, and the lines and regions of marching squares.
//!
//! The levels are quantiles of the heights, closer at the bottom: evenly spaced levels would crowd on the slopes of a
//! narrow valley and leave its floor blank. W. E. Lorensen, H. E. Cline, "Marching Cubes", SIGGRAPH (1987), in the plane.
//!
//! A contour goes from cell to cell with the higher ground at its left. Contours never cross: painted from the one that
//! encloses most to the one that encloses least, each in the colour just inside of it, they give the map of the bands
//! without cutting holes into any of them.

use super::scale::Scale;

/// Heights on a grid over the plot, `[rows][columns]`, from the low ends of the axes.
///
/// Around them is a ring of nodes without a height, which closes the contours at the border of the plot.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    n: usize,
    values: Vec<f64>,
}

/// The heights at which contours are drawn, ascending.
#[derive(Debug, Clone)]
pub(super) struct Levels {
    pub(super) levels: Vec<f64>,
    low: f64,
    high: f64,
}

/// A closed contour in parts of the axes: just inside of it the heights are in `band`, counted from the lowest.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) spots: Vec<[f64; 2]>,
    pub(super) band: usize,
    /// What it encloses, negative where the higher ground is outside.
    area: f64,
}

/// The part of a contour in one cell, between two edges of the grid.
#[derive(Debug, Clone, Copy)]
struct Piece {
    from: usize,
    to: usize,
    ends: [[f64; 2]; 2],
}

impl Grid {
    /// `f` over `n` by `n` cells.
    pub(super) fn sample(f: &dyn Fn(f64, f64) -> f64, x: &Scale, y: &Scale, n: usize) -> Grid {
        let part = |k: usize| (k as f64 - 1.0) / n as f64;
        let node = |(i, j): (usize, usize)| {
            let inside = (1..=n + 1).contains(&i) && (1..=n + 1).contains(&j);
            if inside { f(x.at(part(i)), y.at(part(j))) } else { f64::NAN }
        };
        Grid { n, values: (0..n + 3).flat_map(|j| (0..n + 3).map(move |i| (i, j))).map(node).collect() }
    }

    /// How many nodes are in a row.
    fn side(&self) -> usize {
        self.n + 3
    }

    /// The lowest and the highest finite height.
    pub(super) fn range(&self) -> (f64, f64) {
        let scale = Scale::over(self.values.iter().copied(), false, 0.0);
        (scale.low, scale.high)
    }

    pub(super) fn levels(&self, count: usize) -> Levels {
        let mut sorted: Vec<f64> = self.values.iter().copied().filter(|v| v.is_finite()).collect();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = self.range();
        let quantile = |k: usize| {
            let part = (k as f64 / (count + 1) as f64).powf(1.35);
            sorted.get((part * sorted.len() as f64) as usize).copied().unwrap_or(high)
        };
        let mut levels: Vec<f64> = (1..=count).map(quantile).map(two_digits).collect();
        levels.retain(|&level| level > low && level < high);
        levels.dedup();
        Levels { levels, low, high }
    }

    /// The lines on which the height is `level`, in parts of the axes; a closed one ends where it began.
    pub(super) fn lines(&self, level: f64) -> Vec<Vec<[f64; 2]>> {
        // Where a height is missing or infinite, and beyond the border, no line is drawn.
        let whole = |corners: &[f64; 4]| corners.iter().all(|height| height.is_finite());
        self.chained(&self.pieces(level, whole))
    }

    /// The borders of all bands, in the order in which they are to be painted over the lowest one.
    pub(super) fn loops(&self, levels: &Levels) -> Vec<Loop> {
        let mut loops = Vec::new();
        for (k, &level) in levels.levels.iter().enumerate() {
            for spots in self.chained(&self.pieces(level, |_| true)) {
                let twice: f64 = spots.windows(2).map(|s| s[0][0] * s[1][1] - s[1][0] * s[0][1]).sum();
                loops.push(Loop { spots, band: if twice > 0.0 { k + 1 } else { k }, area: twice / 2.0 });
            }
        }
        // Of equal ones, as around a plot or a hole in it, the band farthest inside comes last.
        let inward = |l: &Loop| if l.area > 0.0 { l.band as isize } else { -(l.band as isize) };
        loops.sort_by(|a, b| b.area.abs().total_cmp(&a.area.abs()).then(inward(a).cmp(&inward(b))));
        loops
    }

    /// The pieces of the contour at `level` in those cells of whose corners `within` is true.
    fn pieces(&self, level: f64, within: impl Fn(&[f64; 4]) -> bool) -> Vec<Piece> {
        let side = self.side();
        let mut pieces = Vec::new();
        for (i, j) in (0..side - 1).flat_map(|j| (0..side - 1).map(move |i| (i, j))) {
            let nodes = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
            let heights = nodes.map(|(i, j)| self.values[j * side + i]);
            let above = heights.map(|height| height >= level);
            if above == [above[0]; 4] || !within(&heights) {
                continue;
            }
            // Around the cell, from where the heights fall below the level to where they next reach it.
            for from in (0..4).filter(|&k| above[k] && !above[(k + 1) % 4]) {
                let next = (from + 1..from + 4).map(|k| k % 4).find(|&k| above[(k + 1) % 4]);
                let edges = [from, next.unwrap_or(from)];
                let ends = edges.map(|k| self.crossing(nodes[k], nodes[(k + 1) % 4], level));
                let [from, to] = edges.map(|k| self.edge(nodes[k], nodes[(k + 1) % 4]));
                pieces.push(Piece { from, to, ends });
            }
        }
        pieces
    }

    /// The number of the edge between two neighbours, the same from both.
    fn edge(&self, a: (usize, usize), b: (usize, usize)) -> usize {
        let (i, j) = a.min(b);
        2 * (j * self.side() + i) + usize::from(a.0 == b.0)
    }

    /// Where the edge between two neighbours is at `level`, in parts of the axes, the same from both.
    fn crossing(&self, a: (usize, usize), b: (usize, usize), level: f64) -> [f64; 2] {
        let (a, b) = (a.min(b), a.max(b));
        let [low, high] = [a, b].map(|(i, j)| self.values[j * self.side() + i]);
        let t = match (low.is_finite(), high.is_finite()) {
            (true, true) => (level - low) / (high - low),
            // What has a height ends at the last node that has one.
            (true, false) => 0.0,
            (false, true) => 1.0,
            (false, false) => 0.5,
        };
        let part = |a: usize, b: usize| {
            ((a as f64 - 1.0 + (b as f64 - a as f64) * t) / self.n as f64).clamp(0.0, 1.0)
        };
        [part(a.0, b.0), part(a.1, b.1)]
    }

    /// Pieces joined at their common edges: first the open lines, then the closed ones.
    fn chained(&self, pieces: &[Piece]) -> Vec<Vec<[f64; 2]>> {
        let edges = 2 * self.side() * self.side();
        let (mut begins, mut ends) = (vec![None; edges], vec![false; edges]);
        for piece in pieces {
            begins[piece.from] = Some(piece);
            ends[piece.to] = true;
        }
        let (closed, open): (Vec<&Piece>, Vec<&Piece>) = pieces.iter().partition(|piece| ends[piece.from]);
        let mut lines = Vec::new();
        for first in open.into_iter().chain(closed) {
            let mut line = vec![first.ends[0]];
            let mut at = first.from;
            while let Some(piece) = begins[at].take() {
                line.push(piece.ends[1]);
                at = piece.to;
            }
            // Of a line drawn already, nothing is left.
            if line.len() > 1 {
                lines.push(line);
            }
        }
        lines
    }
}

/// Rounded to two significant digits, as a label shows it.
fn two_digits(v: f64) -> f64 {
    if v == 0.0 || !v.is_finite() {
        return v;
    }
    let unit = 10_f64.powf(v.abs().log10().floor() - 1.0);
    (v / unit).round() * unit
}

impl Levels {
    /// Where `height` is among the levels: 0 at the lowest point, 1 at the highest.
    pub(super) fn rank(&self, height: f64) -> f64 {
        let below = self.levels.partition_point(|&level| level <= height);
        let from = if below == 0 { self.low } else { self.levels[below - 1] };
        let to = self.levels.get(below).copied().unwrap_or(self.high);
        let part = if to > from { ((height - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 };
        (below as f64 + part) / (self.levels.len() + 1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 40;

    fn sample(f: &dyn Fn(f64, f64) -> f64) -> Grid {
        let scale = |low, high| Scale { low, high, log: false };
        Grid::sample(f, &scale(-2.0, 2.0), &scale(-1.0, 3.0), N)
    }

    /// Valleys, hills with saddles between them, a cliff, a hole without heights, and a pole.
    fn grounds() -> Vec<Grid> {
        vec![
            sample(&|x, y| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)),
            sample(&|x, y| (5.0 * x).sin() * (5.0 * y).cos() + 0.1 * x),
            sample(&|x, y| if x + y > 0.3 { 5.0 + x } else { y }),
            sample(&|x, y| (x * x + y * y - 0.5).sqrt() + x),
            sample(&|x, y| 1.0 / ((x - 0.1).abs() + (y - 1.0).abs())),
        ]
    }

    /// A segment from its lesser end, bit by bit.
    fn segment(a: [f64; 2], b: [f64; 2]) -> [[u64; 2]; 2] {
        let [a, b] = [a, b].map(|spot| spot.map(f64::to_bits));
        [a.min(b), a.max(b)]
    }

    #[test]
    fn a_chained_contour_has_the_segments_of_its_pieces() {
        for grid in grounds() {
            for level in grid.levels(14).levels {
                let whole = |corners: &[f64; 4]| corners.iter().all(|height| height.is_finite());
                let mut single: Vec<_> = grid
                    .pieces(level, whole)
                    .iter()
                    .map(|piece| segment(piece.ends[0], piece.ends[1]))
                    .collect();
                let lines = grid.lines(level);
                let mut joined: Vec<_> =
                    lines.iter().flat_map(|line| line.windows(2).map(|s| segment(s[0], s[1]))).collect();
                single.sort_unstable();
                joined.sort_unstable();
                assert_eq!(single, joined);
                // A few long lines, and not one for each piece: here and there a summit is a short one.
                assert!(lines.len() * 8 < joined.len() + 40, "{} lines of {}", lines.len(), joined.len());
            }
        }
    }

    #[test]
    fn an_open_line_ends_at_the_border_and_a_closed_one_where_it_began() {
        let bowl = sample(&|x, y| x * x + (y - 1.0).powi(2));
        let [circle] = &bowl.lines(1.0)[..] else { panic!("one circle") };
        assert_eq!(circle.first(), circle.last());
        let arcs = bowl.lines(5.0);
        assert_eq!(arcs.len(), 4);
        for spot in arcs.iter().flat_map(|arc| [arc[0], arc[arc.len() - 1]]) {
            assert!(spot.iter().any(|&part| part == 0.0 || part == 1.0), "an arc ends at {spot:?}");
        }
    }

    /// Whether the loop goes around a spot.
    fn encloses(spots: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
        let crossed = |s: &&[[f64; 2]]| {
            let ([ax, ay], [bx, by]) = (s[0], s[1]);
            (ay > y) != (by > y) && x < ax + (bx - ax) * (y - ay) / (by - ay)
        };
        spots.windows(2).filter(crossed).count() % 2 == 1
    }

    #[test]
    fn the_last_loop_around_a_spot_tells_its_band() {
        for grid in grounds() {
            let levels = grid.levels(14);
            let loops = grid.loops(&levels);
            assert!(loops.iter().all(|l| l.spots.first() == l.spots.last()));
            for (i, j) in (1..N).flat_map(|j| (1..N).map(move |i| (i, j))) {
                let height = |i: usize, j: usize| grid.values[(j + 1) * grid.side() + i + 1];
                // Beside a node without a height, this one is itself on the border.
                let around = (0..9).map(|k| height(i + k % 3 - 1, j + k / 3 - 1));
                let height = height(i, j);
                let on_a_level = levels.levels.iter().any(|level| (level - height).abs() < 1e-9);
                if on_a_level || around.into_iter().any(|height| !height.is_finite()) {
                    continue;
                }
                let spot = [i as f64 / N as f64, j as f64 / N as f64 + 1e-12];
                let painted = loops.iter().rev().find(|l| encloses(&l.spots, spot)).map_or(0, |l| l.band);
                assert_eq!(painted, levels.levels.partition_point(|&level| level <= height), "at {spot:?}");
            }
        }
    }
}
