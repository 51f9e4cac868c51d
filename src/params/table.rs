//! How parameters are printed.

use std::fmt;

use super::Params;
use super::element::Element;
use super::layout::Layout;

/// A table: a row per array, and the total.
impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, "", f)
    }
}

/// A table: a row per array, the type of the numbers and the total.
impl<T: Element> fmt::Display for Params<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self.layout(), T::NAME, f)
    }
}

impl<T: Element> fmt::Debug for Params<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

fn write(layout: &Layout, kind: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let row = |name: &str, shape: &str, numbers: String| [name.to_owned(), shape.to_owned(), numbers];
    let mut rows = vec![row("name", "shape", "numbers".to_owned())];
    for (name, block) in layout.iter() {
        rows.push(row(name, &format!("{:?}", block.shape()), grouped(block.range().len())));
    }
    rows.push(row("total", kind, grouped(layout.len())));

    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let [first, second, third] = [width(0), width(1), width(2)];
    for (at, [name, shape, numbers]) in rows.iter().enumerate() {
        let end = if at + 1 < rows.len() { "\n" } else { "" };
        write!(f, "{name:<first$}  {shape:>second$}  {numbers:>third$}{end}")?;
    }
    Ok(())
}

/// `1234567` as `1,234,567`.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
