//! From a drawing to a file, by `plotters`' two back ends.
//!
//! Both are given a canvas finer than the picture, as `plotters` counts in whole pixels: the SVG one of tenths, whose
//! size in the header is then set back; the bitmap one of quarters, averaged to halves, so that a PNG has two pixels for
//! one of the SVG.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::color::Color;
use super::drawing::{Anchor, Drawing, Mark, Spot, Text};
use super::letters;
use crate::error::Error;

/// The letters here, and those to fall back on where an SVG is shown.
const FAMILY: &str = "DejaVu Sans, Verdana, sans-serif";
const SVG_SCALE: f64 = 10.0;
const PNG_SCALE: f64 = 4.0;
/// What `plotters` calls the size of a font in SVG, for an em of 1.
const SVG_EM: f64 = 1.24;

/// Writes `drawing` to `path`: SVG or PNG by the ending.
pub(super) fn save(drawing: &Drawing, path: &Path) -> Result<(), Error> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    let refused = |why: &dyn std::fmt::Display| {
        Error::file(format!("the picture {} cannot be written: {why}", path.display()))
    };
    match ending.as_str() {
        "svg" => std::fs::write(path, svg(drawing)).map_err(|why| refused(&why)),
        "png" => {
            // `plotters` reports a folder that is not there only as text of its own: ask the system first.
            std::fs::File::create(path).map_err(|why| refused(&why))?;
            png(drawing, path).map_err(|why| refused(&why))
        }
        _ => Err(refused(&format!("its ending names the format, and must be svg or png, but is {ending:?}"))),
    }
}

fn svg(drawing: &Drawing) -> String {
    let mut text = String::new();
    let pixels = |length: f64| (length * SVG_SCALE).round() as u32;
    let (w, h) = (pixels(drawing.width), pixels(drawing.height));
    {
        let area = SVGBackend::with_string(&mut text, (w, h)).into_drawing_area();
        // Writing to a string does not fail.
        let _ = paint(&area, drawing, SVG_SCALE);
        let _ = area.present();
    }
    let given = format!("<svg width=\"{w}\" height=\"{h}\"");
    text.replacen(&given, &format!("<svg width=\"{}\" height=\"{}\"", drawing.width, drawing.height), 1)
}

fn png(drawing: &Drawing, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let ((w, h), pixels) = pixels(drawing)?;
    let mut file = BitMapBackend::new(path, (w, h));
    file.blit_bitmap((0, 0), (w, h), &pixels)?;
    file.present()?;
    Ok(())
}

/// Width and height in pixels, and red, green, blue of each pixel, in rows from above.
pub(super) fn pixels(drawing: &Drawing) -> Result<((u32, u32), Vec<u8>), String> {
    let (w, h) = ((drawing.width * 2.0).round() as u32, (drawing.height * 2.0).round() as u32);
    let mut fine = vec![255_u8; (4 * w * h * 3) as usize];
    {
        let area = BitMapBackend::with_buffer(&mut fine, (2 * w, 2 * h)).into_drawing_area();
        paint(&area, drawing, PNG_SCALE).map_err(|why| why.to_string())?;
        area.present().map_err(|why| why.to_string())?;
    }
    Ok(((w, h), halved(&fine, w as usize, h as usize)))
}

/// The mean of each two by two pixels: `[2h, 2w, 3] → [h, w, 3]`.
fn halved(fine: &[u8], w: usize, h: usize) -> Vec<u8> {
    let at = |x: usize, y: usize, c: usize| u32::from(fine[(y * 2 * w + x) * 3 + c]);
    let mut out = Vec::with_capacity(w * h * 3);
    for y in 0..h {
        for x in 0..w {
            for c in 0..3 {
                let (x, y) = (2 * x, 2 * y);
                out.push(
                    ((at(x, y, c) + at(x + 1, y, c) + at(x, y + 1, c) + at(x + 1, y + 1, c) + 2) / 4) as u8,
                );
            }
        }
    }
    out
}

type Painted<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;
type Sheet<DB> = DrawingArea<DB, plotters::coord::Shift>;

fn paint<DB: DrawingBackend>(area: &Sheet<DB>, drawing: &Drawing, scale: f64) -> Painted<DB> {
    area.fill(&WHITE)?;
    let bitmap = scale == PNG_SCALE;
    let at = |[x, y]: Spot| ((x * scale).round() as i32, (y * scale).round() as i32);
    for mark in &drawing.marks {
        match mark {
            Mark::Line { spots, color, width } if bitmap => stroke(area, spots, *color, *width, at)?,
            Mark::Line { spots, color, width } => {
                let style = style(*color).stroke_width((width * scale).round() as u32);
                area.draw(&PathElement::new(spots.iter().copied().map(at).collect::<Vec<_>>(), style))?;
            }
            Mark::Area { spots, color } => {
                let spots: Vec<_> = spots.iter().copied().map(at).collect();
                area.draw(&Polygon::new(spots, style(*color)))?;
            }
            Mark::Disc { at: centre, radius, color } => {
                area.draw(&Circle::new(at(*centre), (radius * scale).round() as i32, style(*color)))?;
            }
            Mark::Text(text) if bitmap => {
                letters::draw(text, scale, |spot, cover| area.draw_pixel(spot, &rgb(text.color).mix(cover)))?
            }
            Mark::Text(text) => write(area, text, scale)?,
        }
    }
    Ok(())
}

fn rgb(color: Color) -> RGBColor {
    RGBColor(color.0, color.1, color.2)
}

fn style(color: Color) -> ShapeStyle {
    rgb(color).mix(color.3).filled()
}

/// A polyline in a bitmap, piece by piece with round joints: where a path turns back, `plotters` draws a long spike.
fn stroke<DB: DrawingBackend>(
    area: &Sheet<DB>,
    spots: &[Spot],
    color: Color,
    width: f64,
    at: impl Fn(Spot) -> (i32, i32),
) -> Painted<DB> {
    for pair in spots.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let [dx, dy] = [b[0] - a[0], b[1] - a[1]];
        let half = width / 2.0 / dx.hypot(dy).max(1e-9);
        let [nx, ny] = [-dy * half, dx * half];
        let corners =
            [[a[0] + nx, a[1] + ny], [b[0] + nx, b[1] + ny], [b[0] - nx, b[1] - ny], [a[0] - nx, a[1] - ny]];
        area.draw(&Polygon::new(corners.map(&at).to_vec(), style(color)))?;
    }
    // Thin lines need no joints, and translucent ones would show them.
    if width > 1.2 && color.3 == 1.0 {
        let radius = (width * PNG_SCALE / 2.0).floor() as i32;
        for &spot in spots {
            area.draw(&Circle::new(at(spot), radius, style(color)))?;
        }
    }
    Ok(())
}

/// Text in an SVG. `plotters` knows its upper edge, and puts the baseline 0.76 em below.
fn write<DB: DrawingBackend>(area: &Sheet<DB>, text: &Text, scale: f64) -> Painted<DB> {
    let above = 0.76 * text.size * scale;
    let [x, y] = [text.at[0] * scale, text.at[1] * scale];
    let [x, y] = if text.upwards { [x - above, y] } else { [x, y - above] };
    let h_pos = match text.anchor {
        Anchor::Left => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::Right => HPos::Right,
    };
    let turn = if text.upwards { FontTransform::Rotate270 } else { FontTransform::None };
    let face = if text.bold { FontStyle::Bold } else { FontStyle::Normal };
    let font = FontDesc::new(FontFamily::Name(FAMILY), text.size * SVG_EM * scale, face).transform(turn);
    let color = rgb(text.color);
    let style = TextStyle::from(font).color(&color).pos(Pos::new(h_pos, VPos::Top));
    area.draw(&plotters::element::Text::new(text.text.as_str(), (x.round() as i32, y.round() as i32), style))
}
