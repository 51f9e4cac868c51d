//! A bitmap: areas are filled a row at a time by the even-odd rule, from where their borders cross the row's middle.
//!
//! Bands of heights have thousands of corners and are far from convex; `plotters` guesses which borders belong together
//! where several meet in one row.

use super::color::Color;
use super::drawing::Spot;

/// Pixels in rows from above, each red, green, blue.
#[derive(Debug)]
pub(super) struct Bitmap {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Bitmap {
    /// All white.
    pub(super) fn new(width: usize, height: usize) -> Bitmap {
        Bitmap { width, height, pixels: vec![255; 3 * width * height] }
    }

    /// Covers a part of a pixel; what is outside is left out.
    pub(super) fn mix(&mut self, x: i32, y: i32, color: Color, cover: f64) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return;
        };
        if x < self.width && y < self.height && cover > 0.0 {
            let part = (cover * color.3 * 256.0).round() as i32;
            let at = 3 * (y * self.width + x);
            for (old, new) in self.pixels[at..at + 3].iter_mut().zip([color.0, color.1, color.2]) {
                let step = (i32::from(new) - i32::from(*old)) * part;
                *old = (i32::from(*old) + ((step + 128) >> 8)) as u8;
            }
        }
    }

    /// Fills the area within `spots`, in pixels.
    pub(super) fn area(&mut self, spots: &[Spot], color: Color) {
        let mut crossings = Vec::new();
        for (k, a) in spots.iter().enumerate() {
            let b = spots[(k + 1) % spots.len()];
            let (high, low) = if a[1] <= b[1] { (*a, b) } else { (b, *a) };
            let first = (high[1] - 0.5).ceil().max(0.0);
            let last = (low[1] - 0.5).ceil().min(self.height as f64);
            let slope = (low[0] - high[0]) / (low[1] - high[1]);
            for row in first as i32..last as i32 {
                crossings.push((row, high[0] + slope * (f64::from(row) + 0.5 - high[1])));
            }
        }
        crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for pair in crossings.chunks_exact(2) {
            self.span(pair[0].0, pair[0].1, pair[1].1, color);
        }
    }

    /// Fills a part of a row, its first and last pixels as far as they are covered.
    fn span(&mut self, row: i32, from: f64, to: f64, color: Color) {
        let (from, to) = (from.max(0.0), to.min(self.width as f64));
        if from >= to {
            return;
        }
        // The pixels that are covered wholly; the ones beside them in part.
        let (first, last) = (from.ceil(), to.floor());
        if first > last {
            return self.mix(last as i32, row, color, to - from);
        }
        self.mix(first as i32 - 1, row, color, first - from);
        self.mix(last as i32, row, color, to - last);
        if color.3 < 1.0 {
            (first as i32..last as i32).for_each(|x| self.mix(x, row, color, 1.0));
            return;
        }
        let start = 3 * row as usize * self.width;
        let whole = &mut self.pixels[start + 3 * first as usize..start + 3 * last as usize];
        whole.chunks_exact_mut(3).for_each(|pixel| pixel.copy_from_slice(&[color.0, color.1, color.2]));
    }

    pub(super) fn disc(&mut self, at: Spot, radius: f64, color: Color) {
        const CORNERS: usize = 48;
        let spot = |k: usize| {
            let (sin, cos) = (std::f64::consts::TAU * k as f64 / CORNERS as f64).sin_cos();
            [at[0] + radius * cos, at[1] + radius * sin]
        };
        self.area(&(0..CORNERS).map(spot).collect::<Vec<_>>(), color);
    }

    /// The mean of each two by two pixels: `[h, w, 3] → [h / 2, w / 2, 3]`.
    pub(super) fn halved(&self) -> Vec<u8> {
        let at = |x: usize, y: usize, c: usize| u32::from(self.pixels[(y * self.width + x) * 3 + c]);
        let mut out = Vec::with_capacity(self.pixels.len() / 4);
        for (y, x) in (0..self.height / 2).flat_map(|y| (0..self.width / 2).map(move |x| (2 * y, 2 * x))) {
            out.extend([0, 1, 2].map(|c| {
                ((at(x, y, c) + at(x + 1, y, c) + at(x, y + 1, c) + at(x + 1, y + 1, c) + 2) / 4) as u8
            }));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::color::{INK, WHITE};

    /// How much of each pixel is covered, in percent.
    fn covered(bitmap: &Bitmap) -> Vec<i32> {
        let percent =
            |red: u8| ((255.0 - f64::from(red)) / (255.0 - f64::from(INK.0)) * 100.0).round() as i32;
        bitmap.pixels.iter().step_by(3).map(|&red| percent(red)).collect()
    }

    #[test]
    fn a_ring_leaves_its_hole_free_and_covers_parts_of_pixels() {
        let mut bitmap = Bitmap::new(6, 3);
        // A frame with a slit, as one polygon, out to beyond the edges.
        let outer = [[1.0, -9.0], [5.5, -9.0], [5.5, 9.0], [-9.0, 9.0], [-9.0, -9.0], [1.0, -9.0]];
        let inner = [[1.0, 1.0], [1.0, 2.0], [3.25, 2.0], [3.25, 1.0], [1.0, 1.0]];
        bitmap.area(&[&outer[..], &inner[..]].concat(), INK);
        let full = [100, 100, 100, 100, 100, 50];
        assert_eq!(covered(&bitmap), [full, [100, 0, 0, 75, 100, 50], full].concat());
    }

    #[test]
    fn a_disc_has_its_area_and_translucent_colours_mix() {
        let mut bitmap = Bitmap::new(20, 20);
        bitmap.disc([10.0, 10.0], 8.0, INK);
        let area = covered(&bitmap).iter().sum::<i32>() as f64 / 100.0;
        assert!((area - 64.0 * std::f64::consts::PI).abs() < 1.5, "{area}");
        bitmap.mix(10, 10, WHITE.opacity(0.5), 1.0);
        assert_eq!(covered(&bitmap)[10 * 20 + 10], 50);
        bitmap.mix(-1, 99, WHITE, 1.0);
    }
}
