//! Columns of a table of text: as numbers, as classes, and written.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use ::csv::{StringRecord, WriterBuilder};
use ndarray::{Array2, AsArray, Ix2};

use super::column::Column;
use super::csv::Missing;
use crate::error::Error;
use crate::file;
use crate::params::Element;

/// Class numbers with the names they stand for: row `i` is of the class `names[labels[i]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// The number of the class of each row.
    pub labels: Vec<usize>,
    /// The name of each class.
    pub names: Vec<String>,
}

/// Rows of text, as [`Csv`](super::Csv) reads them; or made of numbers and names, to be written.
///
/// Two tables are equal if the names of their columns and their cells are.
///
/// ```
/// use downhill::data::{Csv, Table};
/// use ndarray::array;
///
/// let x = array![[0.1, 2.0], [1e-30, -3.0]];
/// let table = Table::new().with_numbers(&["x", "y"], &x).with_texts("kind", &["oak", "elm, old"]);
/// assert_eq!(table.to_csv(), "x,y,kind\n0.1,2.0,oak\n1e-30,-3.0,\"elm, old\"\n");
/// let read = Csv::new().parse(table.to_csv())?;
/// assert_eq!(read, table);
/// assert_eq!(read.numbers::<f64>(["x", "y"])?, x); // to the last bit
/// # Ok::<(), downhill::error::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Where it is from, for messages; empty if from no file.
    source: String,
    names: Option<Vec<String>>,
    rows: Vec<StringRecord>,
    /// The line each row starts at.
    lines: Vec<usize>,
    missing: Missing,
}

impl Table {
    /// Without columns; [`with_numbers`](Table::with_numbers) and [`with_texts`](Table::with_texts) add them.
    pub fn new() -> Table {
        Table { names: Some(Vec::new()), ..Table::default() }
    }

    pub(super) fn of_rows(
        names: Option<Vec<String>>,
        rows: Vec<StringRecord>,
        lines: Vec<usize>,
        missing: Missing,
    ) -> Table {
        Table { source: String::new(), names, rows, lines, missing }
    }

    pub(super) fn of_source(self, source: String) -> Table {
        Table { source, ..self }
    }

    /// With columns of these names: those of `x: [n, d]`, written so that reading gives the same bits, if they are finite.
    ///
    /// # Panics
    ///
    /// If `x` has not as many columns as there are names, or not as many rows as there are in the table.
    #[track_caller]
    #[must_use]
    pub fn with_numbers<'a, T: Element>(mut self, names: &[&str], x: impl AsArray<'a, T, Ix2>) -> Table {
        let x = x.into();
        assert!(
            names.len() == x.ncols(),
            "downhill: {} names were given for the columns of an array of shape {:?}: give one for each column",
            names.len(),
            x.shape()
        );
        self.grow(x.nrows());
        for (name, column) in names.iter().zip(x.columns()) {
            self.push(name, column.iter().map(|number| format!("{number:?}")));
        }
        self
    }

    /// With a column of this name.
    ///
    /// # Panics
    ///
    /// If there are not as many texts as rows in the table.
    #[track_caller]
    #[must_use]
    pub fn with_texts<S: AsRef<str>>(mut self, name: &str, texts: &[S]) -> Table {
        self.grow(texts.len());
        self.push(name, texts.iter().map(|text| text.as_ref().to_owned()));
        self
    }

    /// How many rows there are, the names not counted.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        let of_rows = || self.rows.first().map_or(0, StringRecord::len);
        self.names.as_ref().map_or_else(of_rows, Vec::len)
    }

    /// The names of the columns, if the first line was one of names.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// These columns as numbers `[n, columns]`, in this order.
    ///
    /// # Errors
    ///
    /// [`is_number`](Error::is_number) if a cell is no number, is missing (unless [`Missing::Nan`] was asked for), infinite or
    /// beyond the range of `T`: the message names file, line and column, and the text there. [`is_name`](Error::is_name) or
    /// [`is_shape`](Error::is_shape) if there is no such column, or two of the name.
    pub fn numbers<'a, T: Element>(
        &self,
        columns: impl IntoIterator<Item = impl Into<Column<'a>>>,
    ) -> Result<Array2<T>, Error> {
        let columns = columns.into_iter().map(|column| self.index(column.into()));
        let columns = columns.collect::<Result<Vec<_>, _>>()?;
        let mut numbers = Vec::with_capacity(self.rows() * columns.len());
        for row in 0..self.rows() {
            for &column in &columns {
                numbers.push(self.number::<T>(row, column)?);
            }
        }
        Ok(Array2::from_shape_vec((self.rows(), columns.len()), numbers).expect("one for each cell"))
    }

    /// All columns as numbers, `[n, columns]`.
    ///
    /// # Errors
    ///
    /// As [`numbers`](Table::numbers).
    pub fn all_numbers<T: Element>(&self) -> Result<Array2<T>, Error> {
        self.numbers(0..self.columns())
    }

    /// The cells of a column as they are.
    ///
    /// # Errors
    ///
    /// [`is_name`](Error::is_name) or [`is_shape`](Error::is_shape) if there is no such column, or two of the name.
    pub fn texts<'a>(&self, column: impl Into<Column<'a>>) -> Result<Vec<&str>, Error> {
        let column = self.index(column.into())?;
        Ok(self.rows.iter().map(|row| &row[column]).collect())
    }

    /// A column as classes: each text that occurs is one, in the order of the alphabet, or of their values if all are whole
    /// numbers.
    ///
    /// # Errors
    ///
    /// [`is_format`](Error::is_format) if a cell is missing: the message names file, line and column. Otherwise as
    /// [`texts`](Table::texts).
    pub fn classes<'a>(&self, column: impl Into<Column<'a>>) -> Result<Classes, Error> {
        let column = self.index(column.into())?;
        let texts: BTreeSet<&str> = self.rows.iter().map(|row| &row[column]).collect();
        let mut names: Vec<String> = texts.into_iter().map(str::to_owned).collect();
        if names.iter().all(|name| name.parse::<i64>().is_ok()) {
            names.sort_by_key(|name| name.parse::<i64>().ok());
        }
        let labels = self.labels(column, &names)?;
        Ok(Classes { labels, names })
    }

    /// A column as numbers of the classes `names`: of those that another table had, so that the numbers mean the same.
    ///
    /// # Errors
    ///
    /// [`is_name`](Error::is_name) if a cell is none of them; otherwise as [`classes`](Table::classes).
    ///
    /// ```
    /// use downhill::data::Csv;
    ///
    /// let train = Csv::new().parse("kind\noak\nash\nelm\n")?.classes("kind")?;
    /// let validation = Csv::new().parse("kind\nelm\noak\nfir\n")?;
    /// let error = validation.classes_among("kind", &train.names).unwrap_err();
    /// assert_eq!(error.to_string(), "line 4, column 1 (`kind`): `fir` is none of the classes ash, elm, oak");
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    pub fn classes_among<'a, S: AsRef<str>>(
        &self,
        column: impl Into<Column<'a>>,
        names: &[S],
    ) -> Result<Classes, Error> {
        let names: Vec<String> = names.iter().map(|name| name.as_ref().to_owned()).collect();
        let labels = self.labels(self.index(column.into())?, &names)?;
        Ok(Classes { labels, names })
    }

    /// The rows in which no cell is missing.
    #[must_use]
    pub fn complete(&self) -> Table {
        let whole = |&row: &usize| !self.rows[row].iter().any(is_missing);
        let kept: Vec<usize> = (0..self.rows()).filter(whole).collect();
        Table {
            rows: kept.iter().map(|&row| self.rows[row].clone()).collect(),
            lines: kept.iter().map(|&row| self.lines[row]).collect(),
            source: self.source.clone(),
            names: self.names.clone(),
            missing: self.missing,
        }
    }

    /// The table as text: commas, `\n`, quotes where needed, the names first if there are any.
    pub fn to_csv(&self) -> String {
        let mut writer = WriterBuilder::new().from_writer(Vec::new());
        let names = self.names.as_ref().map(|names| names.iter().collect::<StringRecord>());
        // A line without any cell could not be read as one.
        for row in names.iter().chain(&self.rows).filter(|row| !row.is_empty()) {
            writer.write_record(row).expect("rows of one length, into memory");
        }
        let bytes = writer.into_inner().expect("into memory");
        String::from_utf8(bytes).expect("made of texts")
    }

    /// Writes the table to a file, as [`to_csv`](Table::to_csv). A file that is there is replaced at once, when the new one
    /// is complete and on the disk.
    ///
    /// # Errors
    ///
    /// [`is_file`](Error::is_file) if the system refuses.
    ///
    /// ```
    /// use downhill::data::{Csv, Table};
    /// use ndarray::array;
    ///
    /// let path = std::env::temp_dir().join(format!("points-{}.csv", std::process::id()));
    /// Table::new().with_numbers(&["x", "y"], &array![[1.0, 2.0]]).save_csv(&path)?;
    /// assert_eq!(Csv::new().load(&path)?.numbers::<f64>(["y"])?, array![[2.0]]);
    ///
    /// let error = Csv::new().load(&path)?.numbers::<f64>(["z"]).unwrap_err();
    /// assert!(error.is_name() && error.to_string().contains(".csv"));
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    pub fn save_csv(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        file::replace(path.as_ref(), self.to_csv().as_bytes(), None)
    }

    /// Makes room for the columns of so many rows.
    #[track_caller]
    fn grow(&mut self, rows: usize) {
        if self.columns() == 0 {
            self.rows = vec![StringRecord::new(); rows];
            self.lines = (2..rows + 2).collect();
        }
        assert!(
            self.rows() == rows,
            "downhill: a table of {} rows was given a column of {rows}: give one cell for each row",
            self.rows()
        );
    }

    fn push(&mut self, name: &str, cells: impl Iterator<Item = String>) {
        if let Some(names) = &mut self.names {
            names.push(name.to_owned());
        }
        self.rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push_field(&cell));
    }

    fn index(&self, column: Column<'_>) -> Result<usize, Error> {
        self.find(column).map_err(|error| self.said(error))
    }

    fn find(&self, column: Column<'_>) -> Result<usize, Error> {
        let columns = self.columns();
        match (column, &self.names) {
            (Column::Index(index), _) if index < columns => Ok(index),
            (Column::Index(index), _) => Err(Error::shape(format!(
                "there is no column of index {index}: there are {columns}, and they count from 0"
            ))),
            (Column::Name(name), None) => Err(Error::name(format!(
                "there is no column named `{name}`, as the columns have no names: ask by their index"
            ))),
            (Column::Name(name), Some(names)) => {
                let mut places = (0..columns).filter(|&at| names[at] == name);
                match (places.next(), places.next()) {
                    (Some(at), None) => Ok(at),
                    (None, _) => Err(Error::name(format!(
                        "there is no column named `{name}`, and there are {}",
                        names.join(", ")
                    ))),
                    (Some(a), Some(b)) => Err(Error::name(format!(
                        "the columns {} and {} are both named `{name}`: ask by their index, from 0",
                        a + 1,
                        b + 1
                    ))),
                }
            }
        }
    }

    fn number<T: Element>(&self, row: usize, column: usize) -> Result<T, Error> {
        let text = &self.rows[row][column];
        if is_missing(text) {
            return match self.missing {
                Missing::Nan => Ok(T::nan()),
                Missing::Refuse => Err(self.at(
                    row,
                    column,
                    Error::number,
                    "the number is missing: put one there, leave \
                     such rows out with `complete`, or read them as NaN with `Missing::Nan`",
                )),
            };
        }
        match T::of_text(text) {
            Some(number) if number.is_finite() => Ok(number),
            Some(_) => {
                let what = format!("`{}` is infinite, or beyond the range of {}", short(text), T::NAME);
                Err(self.at(row, column, Error::number, &what))
            }
            None => Err(self.at(row, column, Error::number, &format!("`{}` is no number", short(text)))),
        }
    }

    fn labels(&self, column: usize, names: &[String]) -> Result<Vec<usize>, Error> {
        // Of a name given twice the first counts.
        let places: HashMap<&str, usize> =
            names.iter().map(String::as_str).enumerate().rev().map(|(at, name)| (name, at)).collect();
        let label = |row: usize| {
            let text = &self.rows[row][column];
            if is_missing(text) {
                let what = "the class is missing: put one there, or leave such rows out with `complete`";
                return Err(self.at(row, column, Error::format, what));
            }
            places.get(text).copied().ok_or_else(|| {
                let what = format!("`{}` is none of the classes {}", short(text), short(&names.join(", ")));
                self.at(row, column, Error::name, &what)
            })
        };
        (0..self.rows()).map(label).collect()
    }

    /// An error about a cell.
    fn at(&self, row: usize, column: usize, kind: fn(String) -> Error, what: &str) -> Error {
        let name = self.names.as_ref().map_or(String::new(), |names| format!(" (`{}`)", names[column]));
        self.said(kind(format!("line {}, column {}{name}: {what}", self.lines[row], column + 1)))
    }

    fn said(&self, error: Error) -> Error {
        if self.source.is_empty() { error } else { error.within(&self.source) }
    }
}

impl PartialEq for Table {
    fn eq(&self, other: &Table) -> bool {
        self.names == other.names && self.rows == other.rows
    }
}

fn is_missing(text: &str) -> bool {
    ["", "na", "n/a", "nan", "null", "?"].iter().any(|missing| text.trim().eq_ignore_ascii_case(missing))
}

/// The start of a long text, for a message.
fn short(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}
