//! How the examples show their figures: a line each, the published figure beside the one found here.

#![allow(dead_code, reason = "not every example uses all of it")]

use std::path::{Path, PathBuf};

/// Shows a line of a chapter: what it is, the figure found here, and the published one.
///
/// Two figures are equal if they read the same. `""` for the published one means that there is none; one that ends in
/// `(misprint)` is what the article prints by mistake. A line with `""` for both is text.
pub(crate) type Show<'a> = dyn FnMut(&str, &str, &str) + 'a;

/// How many figures of a chapter were shown.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) equal: usize,
    pub(crate) misprints: usize,
    pub(crate) off: usize,
}

impl Tally {
    /// Counts the figure, and returns its line; the first figure with a published one brings the heading.
    pub(crate) fn line(&mut self, what: &str, here: &str, published: &str) -> String {
        if published.is_empty() {
            return format!("  {what:<38} {here}").trim_end().to_owned();
        }
        let first = self.equal + self.misprints + self.off == 0;
        let (count, mark) = match published.strip_suffix(" (misprint)") {
            Some(misprint) if misprint != here => (&mut self.misprints, "≠"),
            None if published == here => (&mut self.equal, "="),
            _ => (&mut self.off, "✗"),
        };
        *count += 1;
        let line = format!("  {what:<38} {here:<36} {mark}  {published}");
        if first { format!("  {:<38} {:<36}    published\n{line}", "", "here") } else { line }
    }
}

/// Runs one chapter and prints it.
///
/// # Panics
///
/// If a figure is off, after all are printed.
pub(crate) fn print(title: &str, chapter: fn(&mut Show)) {
    println!("{title}\n");
    let mut tally = Tally::default();
    chapter(&mut |what, here, published| println!("{}", tally.line(what, here, published)));
    assert_eq!(tally.off, 0, "the figures marked ✗ are not the published ones");
}

/// The file of a picture in `target/gallery/`; makes the folder.
pub(crate) fn gallery(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gallery");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

/// A whole number in groups of three digits: `199,078`.
pub(crate) fn grouped(n: usize) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", grouped(n / 1000), n % 1000) }
}

/// Without the rounding of many steps: to 12 decimals.
pub(crate) fn rounded(x: f64) -> f64 {
    (x * 1e12).round() / 1e12
}
