//! Letters: how wide a text is, and its pixels in a bitmap.

use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};

use super::drawing::{Anchor, Text};

/// The faces are part of the program, and parsed once.
static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| parsed(dejavu::sans::regular()));
static BOLD: LazyLock<FontRef<'static>> = LazyLock::new(|| parsed(dejavu::sans::bold()));

fn parsed(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the font in the program is sound")
}

fn face(bold: bool) -> &'static FontRef<'static> {
    if bold { &BOLD } else { &REGULAR }
}

/// The scale at which an em has `size` pixels; `ab_glyph` counts from the lowest to the highest letter.
fn scale(font: &FontRef<'_>, size: f64) -> PxScale {
    PxScale::from(size as f32 * font.height_unscaled() / font.units_per_em().unwrap_or(2048.0))
}

/// The letters with their distances from the start, and the width of all.
fn layout(text: &str, size: f64, bold: bool) -> (Vec<(GlyphId, f32)>, f32) {
    let font = face(bold);
    let scaled = font.as_scaled(scale(font, size));
    let (mut at, mut last, mut letters) = (0.0, None, Vec::new());
    for glyph in text.chars().map(|c| font.glyph_id(c)) {
        at += last.map_or(0.0, |last| scaled.kern(last, glyph));
        letters.push((glyph, at));
        at += scaled.h_advance(glyph);
        last = Some(glyph);
    }
    (letters, at)
}

/// How wide the text is, in pixels.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    f64::from(layout(text, size, bold).1)
}

/// Calls `pixel` for each pixel that the text touches, with how much of it is covered; the picture's pixels are `fine`
/// pixels wide and high.
pub(super) fn draw<E>(
    text: &Text,
    fine: f64,
    mut pixel: impl FnMut((i32, i32), f64) -> Result<(), E>,
) -> Result<(), E> {
    let (font, size) = (face(text.bold), text.size * fine);
    let (letters, width) = layout(&text.text, size, text.bold);
    let before = match text.anchor {
        Anchor::Left => 0.0,
        Anchor::Middle => width / 2.0,
        Anchor::Right => width,
    };
    let [x, y] = text.at.map(|v| (v * fine).round() as i32);
    for (glyph, at) in letters {
        let placed = glyph.with_scale_and_position(scale(font, size), point(at - before, 0.0));
        let Some(outline) = font.outline_glyph(placed) else {
            continue;
        };
        let corner = outline.px_bounds().min;
        let mut covered = Vec::new();
        outline.draw(|i, j, cover| {
            covered.push((corner.x as i32 + i as i32, corner.y as i32 + j as i32, cover))
        });
        for (right, down, cover) in covered {
            let (right, down) = if text.upwards { (down, -right) } else { (right, down) };
            pixel((x + right, y + down), f64::from(cover.min(1.0)))?;
        }
    }
    Ok(())
}
