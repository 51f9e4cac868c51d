//! From a drawing to a file: an SVG by `plotters`, and a PNG, which `plotters` encodes, from a bitmap of our own.
//!
//! `plotters` counts in whole pixels and is given a canvas of tenths, whose size in the header is then set back. The bitmap
//! is one of quarters, averaged to halves, so that a PNG has two pixels for one of the SVG.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::Color as _;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::bitmap::Bitmap;
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
        let _ = paint(&area, drawing);
        let _ = area.present();
    }
    let given = format!("<svg width=\"{w}\" height=\"{h}\"");
    text.replacen(&given, &format!("<svg width=\"{}\" height=\"{}\"", drawing.width, drawing.height), 1)
}

fn png(drawing: &Drawing, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let (w, h) = ((drawing.width * 2.0).round() as u32, (drawing.height * 2.0).round() as u32);
    let mut fine = Bitmap::new(2 * w as usize, 2 * h as usize);
    let at = |spot: &Spot| spot.map(|v| v * PNG_SCALE);
    for mark in &drawing.marks {
        match mark {
            Mark::Line { spots, color, width } => {
                let spots: Vec<Spot> = spots.iter().map(at).collect();
                stroke(&mut fine, &spots, *color, width * PNG_SCALE);
            }
            Mark::Area { spots, color } => fine.area(&spots.iter().map(at).collect::<Vec<_>>(), *color),
            Mark::Disc { at: centre, radius, color } => fine.disc(at(centre), radius * PNG_SCALE, *color),
            Mark::Text(text) => {
                letters::draw(text, PNG_SCALE, |x, y, cover| fine.mix(x, y, text.color, cover))
            }
        }
    }
    let mut file = BitMapBackend::new(path, (w, h));
    file.blit_bitmap((0, 0), (w, h), &fine.halved())?;
    file.present()?;
    Ok(())
}

/// A polyline in a bitmap, piece by piece with round joints.
fn stroke(bitmap: &mut Bitmap, spots: &[Spot], color: Color, width: f64) {
    for pair in spots.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        let [dx, dy] = [b[0] - a[0], b[1] - a[1]];
        let half = width / 2.0 / dx.hypot(dy).max(1e-9);
        let [nx, ny] = [-dy * half, dx * half];
        let corners =
            [[a[0] + nx, a[1] + ny], [b[0] + nx, b[1] + ny], [b[0] - nx, b[1] - ny], [a[0] - nx, a[1] - ny]];
        bitmap.area(&corners, color);
    }
    // Thin lines need no joints, and translucent ones would show them.
    if width > 1.2 * PNG_SCALE && color.3 == 1.0 {
        spots.iter().for_each(|&spot| bitmap.disc(spot, width / 2.0, color));
    }
}

type Painted<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;
type Sheet<DB> = DrawingArea<DB, plotters::coord::Shift>;

fn paint<DB: DrawingBackend>(area: &Sheet<DB>, drawing: &Drawing) -> Painted<DB> {
    area.fill(&WHITE)?;
    let pixels = |length: f64| (length * SVG_SCALE).round() as i32;
    let at = |spot: &Spot| (pixels(spot[0]), pixels(spot[1]));
    for mark in &drawing.marks {
        match mark {
            Mark::Line { spots, color, width } => {
                let style = style(*color).stroke_width(pixels(*width) as u32);
                area.draw(&PathElement::new(spots.iter().map(at).collect::<Vec<_>>(), style))?;
            }
            Mark::Area { spots, color } => {
                area.draw(&Polygon::new(spots.iter().map(at).collect::<Vec<_>>(), style(*color)))?;
            }
            Mark::Disc { at: centre, radius, color } => {
                area.draw(&Circle::new(at(centre), pixels(*radius), style(*color)))?;
            }
            Mark::Text(text) => write(area, text)?,
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

/// Text in an SVG. `plotters` knows its upper edge, and puts the baseline 0.76 em below.
fn write<DB: DrawingBackend>(area: &Sheet<DB>, text: &Text) -> Painted<DB> {
    let above = 0.76 * text.size * SVG_SCALE;
    let [x, y] = text.at.map(|v| v * SVG_SCALE);
    let [x, y] = if text.upwards { [x - above, y] } else { [x, y - above] };
    let h_pos = match text.anchor {
        Anchor::Left => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::Right => HPos::Right,
    };
    let turn = if text.upwards { FontTransform::Rotate270 } else { FontTransform::None };
    let face = if text.bold { FontStyle::Bold } else { FontStyle::Normal };
    let font = FontDesc::new(FontFamily::Name(FAMILY), text.size * SVG_EM * SVG_SCALE, face).transform(turn);
    let color = rgb(text.color);
    let style = TextStyle::from(font).color(&color).pos(Pos::new(h_pos, VPos::Top));
    area.draw(&plotters::element::Text::new(text.text.as_str(), (x.round() as i32, y.round() as i32), style))
}
