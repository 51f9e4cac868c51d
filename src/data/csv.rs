//! Tables of text, read.

use std::path::Path;

use ::csv::{ErrorKind, ReaderBuilder, StringRecord, Trim};

use super::table::Table;
use crate::error::Error;
use crate::file;

/// What a missing cell is where a number is needed: one that is empty, or `NA`, `N/A`, `NaN`, `null` or `?`, in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// An error that names the cell.
    #[default]
    Refuse,
    /// A NaN.
    Nan,
}

/// How a file of comma-separated values is read: RFC 4180, with a choice of the delimiter.
///
/// Cells may be quoted (`"a ""b"", c"`), from their first character on: a quote behind a blank belongs to the text. Blanks
/// around a cell and empty lines do not count. The text is UTF-8, with or without a mark at its start; lines end as they do
/// on any system.
///
/// ```
/// use downhill::data::Csv;
/// use ndarray::array;
///
/// let table = Csv::new().parse("width, height, kind\n1.5, 2, oak\n2.5, 1e1, elm\n0.5, 3, oak\n")?;
/// let x = table.numbers::<f64>(["height", "width"])?;
/// assert_eq!(x, array![[2.0, 1.5], [10.0, 2.5], [3.0, 0.5]]);
/// let kind = table.classes("kind")?;
/// assert_eq!((kind.labels, kind.names), (vec![1, 0, 1], vec!["elm".to_owned(), "oak".to_owned()]));
///
/// let error = table.numbers::<f64>(["width", "kind"]).unwrap_err();
/// assert_eq!(error.to_string(), "line 2, column 3 (`kind`): `oak` is no number");
///
/// let table = Csv::new().without_header().delimiter(b';').parse("1;2\n3;4\n")?;
/// assert_eq!(table.numbers::<f32>([1])?, array![[2.0], [4.0]]);
/// # Ok::<(), downhill::error::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Csv {
    /// What stands between cells: `b','`, unless set.
    pub delimiter: u8,
    /// Whether the first line names the columns: so it is, unless set.
    pub header: bool,
    /// A character that starts lines to be skipped; none, unless set.
    pub comment: Option<u8>,
    /// What a missing number is: an error, unless set.
    pub missing: Missing,
}

impl Default for Csv {
    fn default() -> Csv {
        Csv { delimiter: b',', header: true, comment: None, missing: Missing::Refuse }
    }
}

impl Csv {
    /// Commas, a header, no comments, and no missing numbers.
    pub fn new() -> Csv {
        Csv::default()
    }

    /// With another delimiter: `b';'`, `b'\t'`.
    #[must_use]
    pub fn delimiter(self, delimiter: u8) -> Csv {
        Csv { delimiter, ..self }
    }

    /// The first line is data, and columns go by their index.
    #[must_use]
    pub fn without_header(self) -> Csv {
        Csv { header: false, ..self }
    }

    /// Lines that start with this character are skipped.
    #[must_use]
    pub fn comment(self, start: u8) -> Csv {
        Csv { comment: Some(start), ..self }
    }

    /// With missing numbers.
    ///
    /// ```
    /// use downhill::data::{Csv, Missing};
    ///
    /// let text = "x,y\n1,\n3,4\n";
    /// let error = Csv::new().parse(text)?.all_numbers::<f64>().unwrap_err();
    /// assert!(error.is_number() && error.to_string().starts_with("line 2, column 2 (`y`): the number is missing"));
    /// assert!(Csv::new().missing(Missing::Nan).parse(text)?.all_numbers::<f64>()?[[0, 1]].is_nan());
    /// assert_eq!(Csv::new().parse(text)?.complete().all_numbers::<f64>()?.dim(), (1, 2));
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    #[must_use]
    pub fn missing(self, missing: Missing) -> Csv {
        Csv { missing, ..self }
    }

    /// Reads the file at `path`. Cost: the file in memory, twice.
    ///
    /// # Errors
    ///
    /// [`is_file`](Error::is_file) if the system refuses; otherwise as [`parse`](Csv::parse). The messages name the file, also
    /// those of the table that is returned.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Table, Error> {
        let path = path.as_ref();
        Ok(file::read(path, |bytes| self.parse(bytes))?.of_source(format!("the file {}", path.display())))
    }

    /// Reads a text.
    ///
    /// # Errors
    ///
    /// [`is_format`](Error::is_format) if a line has not as many cells as the first, if the text is not UTF-8, ends within
    /// quotes, or lacks the header: the message names the line.
    ///
    /// ```
    /// let error = downhill::data::Csv::new().parse("x,y\n1,2\n3\n").unwrap_err();
    /// assert_eq!(error.to_string(), "line 3 has 1 cell, and the first has 2: give each line as many");
    /// ```
    pub fn parse(&self, text: impl AsRef<[u8]>) -> Result<Table, Error> {
        let text = text.as_ref();
        // Without the mark, behind which a quote or a comment would not be seen to begin.
        let bytes = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .delimiter(self.delimiter)
            .comment(self.comment)
            .trim(Trim::All)
            .from_reader(bytes);
        let mut place = Place { bytes, comment: self.comment, at: 0, line: 1 };
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        loop {
            let before = reader.position().byte() as usize;
            let mut row = StringRecord::new();
            let more = reader.read_record(&mut row);
            place.advance(before);
            match more {
                Ok(false) => break,
                Ok(true) => {
                    rows.push(row);
                    lines.push(place.line);
                }
                Err(why) => return Err(place.unread(self.delimiter, &why)),
            }
        }
        if place.is_open(self.delimiter) {
            return Err(place.unclosed());
        }
        if !self.header {
            return Ok(Table::of_rows(None, rows, lines, self.missing));
        }
        if rows.is_empty() {
            return Err(Error::format("there is no line, and the first is to name the columns"));
        }
        let names = rows.remove(0).iter().map(str::to_owned).collect();
        lines.remove(0);
        Ok(Table::of_rows(Some(names), rows, lines, self.missing))
    }
}

/// The start of the last row in the text, and its line. The library counts neither empty lines nor the `\n` of `\r\n` to the
/// row before them, but to the one after.
struct Place<'a> {
    bytes: &'a [u8],
    comment: Option<u8>,
    at: usize,
    line: usize,
}

impl Place<'_> {
    /// To the row that was read from `from` on.
    fn advance(&mut self, from: usize) {
        let mut start = from;
        while let Some(&byte) = self.bytes.get(start) {
            match byte {
                b'\r' | b'\n' => start += 1,
                _ if Some(byte) == self.comment => {
                    let rest = &self.bytes[start..];
                    start += rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                }
                _ => break,
            }
        }
        if start == self.bytes.len() {
            return;
        }
        let passed = &self.bytes[self.at..=start];
        self.line += passed
            .windows(2)
            .filter(|pair| pair[0] == b'\n' || (pair[0] == b'\r' && pair[1] != b'\n'))
            .count();
        self.at = start;
    }

    fn unread(&self, delimiter: u8, why: &::csv::Error) -> Error {
        let line = self.line;
        match why.kind() {
            // It took the rest of the text for its last cell.
            _ if self.is_open(delimiter) => self.unclosed(),
            ErrorKind::UnequalLengths { expected_len, len, .. } => {
                let cells = if *len == 1 { "cell" } else { "cells" };
                Error::format(format!(
                    "line {line} has {len} {cells}, and the first has {expected_len}: give each line as many"
                ))
            }
            ErrorKind::Utf8 { err, .. } => Error::format(format!(
                "line {line}, column {}: the text is not UTF-8: save it as that",
                err.field() + 1
            )),
            _ => Error::format(format!("line {line}: {why}")),
        }
    }

    fn unclosed(&self) -> Error {
        Error::format(format!("line {}: a quote is opened there and never closed", self.line))
    }

    /// Whether the row at this place runs to the end of the text, within quotes.
    fn is_open(&self, delimiter: u8) -> bool {
        let (mut open, mut fresh) = (false, true);
        for &byte in &self.bytes[self.at..] {
            match byte {
                // A doubled quote closes and opens again.
                b'"' if open || fresh => (open, fresh) = (!open, open),
                b'\n' | b'\r' if !open => return false,
                _ => fresh = !open && byte == delimiter,
            }
        }
        open
    }
}
