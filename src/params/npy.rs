//! One array in the format `.npy` of NumPy.
//!
//! ```text
//! \x93NUMPY  major minor  length of the header  header                                                  numbers
//!            1     0      u16                   {'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }
//!            2, 3  0      u32
//! ```
//!
//! The header is a dictionary in Python's notation, padded with spaces so that the numbers start at a multiple of 64:
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>.

use std::io::{self, Read};

use ndarray::{ArrayViewD, IxDyn, ShapeBuilder};

use super::element::Element;
use super::encoding::{self, Kind};
use crate::error::Error;

pub(crate) const MAGIC: &[u8] = b"\x93NUMPY";
/// A header is some 100 bytes; a longer one than this is not read into memory.
const LONGEST_HEADER: u32 = 1 << 20;
/// The axes NumPy 2 knows.
pub(crate) const MOST_AXES: usize = 64;

/// The array as a file of version 1.0; it has at most [`MOST_AXES`] axes.
pub(super) fn written<T: Element>(shape: &[usize], values: &[T]) -> Vec<u8> {
    let code = if T::NAME == "f32" { "f4" } else { "f8" };
    with_header(code, shape, false, &encoding::encoded(values))
}

fn with_header(code: &str, shape: &[usize], fortran: bool, numbers: &[u8]) -> Vec<u8> {
    let order = if code.ends_with('1') { '|' } else { '<' };
    let fortran = if fortran { "True" } else { "False" };
    // Python writes a tuple of one element with a comma, and lets every other have one at its end.
    let axes: String = shape.iter().map(|n| format!("{n}, ")).collect();
    let axes = if shape.len() == 1 { axes.trim_end() } else { axes.trim_end_matches(", ") };
    let mut header = format!("{{'descr': '{order}{code}', 'fortran_order': {fortran}, 'shape': ({axes}), }}");
    let before = MAGIC.len() + 4;
    let padded = (before + header.len() + 1).next_multiple_of(64) - before;
    header.push_str(&" ".repeat(padded - header.len() - 1));
    header.push('\n');
    let length = u16::try_from(header.len()).expect("64 axes take less than 2 KB");

    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend(length.to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend(numbers);
    bytes
}

/// The shape and the numbers, row-major whatever their order in the file.
pub(super) fn read<T: Element>(source: &mut (impl Read + ?Sized)) -> Result<(Vec<usize>, Vec<T>), Error> {
    let raw = Raw::read(source, &["f2", "f4", "f8"])?;
    let values = floats(raw.code, &raw.bytes).expect("one of the three")?;
    let values = raw.row_major(values);
    Ok((raw.shape, values))
}

/// Floating-point numbers of this code; `None` if it is the code of others.
pub(crate) fn floats<T: Element>(code: &str, bytes: &[u8]) -> Option<Result<Vec<T>, Error>> {
    let kind = match code {
        "f2" => Kind::F16,
        "f4" => Kind::F32,
        "f8" => Kind::F64,
        _ => return None,
    };
    Some(encoding::decoded(kind, bytes))
}

/// An array as it is in a file, but that each number has the least significant byte first.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    /// The type of the numbers, such as `f8`: the digit is the number of bytes.
    pub(crate) code: &'static str,
    pub(crate) shape: Vec<usize>,
    /// Column-major.
    pub(crate) fortran: bool,
    pub(crate) bytes: Vec<u8>,
}

impl Raw {
    /// Of one of the types `taken`.
    pub(crate) fn read(source: &mut (impl Read + ?Sized), taken: &[&'static str]) -> Result<Raw, Error> {
        let text = header_text(source)?;
        let header = Header::parse(&text).ok_or_else(|| {
            Error::format(format!("its header does not describe an array: {:?}", text.trim_end()))
        })?;
        let (code, reversed) = code(header.descr, taken)?;
        let size = usize::from(code.as_bytes()[1] - b'0');
        let count = encoding::count(&header.shape);
        let Some(length) = count.and_then(|n| n.checked_mul(size)) else {
            return Err(Error::format(format!("no memory could hold its shape {:?}", header.shape)));
        };
        // One byte more than there should be: so that the end is reached, where the archive checks its sum.
        let mut bytes = Vec::new();
        source.take(length as u64 + 1).read_to_end(&mut bytes).map_err(damaged)?;
        if bytes.len() != length {
            let given = if bytes.len() < length { format!("{}", bytes.len()) } else { "more".to_owned() };
            return Err(Error::format(format!(
                "its shape {:?} takes {length} bytes, and there are {given}",
                header.shape
            )));
        }
        if reversed {
            bytes.chunks_exact_mut(size).for_each(<[u8]>::reverse);
        }
        Ok(Raw { code, shape: header.shape, fortran: header.fortran, bytes })
    }

    /// The numbers of the array, brought into row-major order.
    pub(crate) fn row_major<A: Copy>(&self, values: Vec<A>) -> Vec<A> {
        if !self.fortran {
            return values;
        }
        let shape = IxDyn(&self.shape).f();
        let view = ArrayViewD::from_shape(shape, &values).expect("as many values as the shape has");
        view.iter().copied().collect()
    }

    /// The array as a file of version 1.0.
    #[cfg(feature = "data")]
    pub(crate) fn written(&self) -> Result<Vec<u8>, Error> {
        if self.shape.len() > MOST_AXES {
            return Err(Error::shape(format!(
                "the array has {} axes, and NumPy knows {MOST_AXES}: write it with fewer",
                self.shape.len()
            )));
        }
        Ok(with_header(self.code, &self.shape, self.fortran, &self.bytes))
    }
}

fn damaged(why: io::Error) -> Error {
    Error::format(format!("it is cut off or damaged: {why}"))
}

fn header_text(source: &mut (impl Read + ?Sized)) -> Result<String, Error> {
    let mut start = [0; 8];
    source.read_exact(&mut start).map_err(damaged)?;
    if !start.starts_with(MAGIC) {
        return Err(Error::format("it is no .npy file"));
    }
    let length = match start[6] {
        1 => {
            let mut length = [0; 2];
            source.read_exact(&mut length).map_err(damaged)?;
            u32::from(u16::from_le_bytes(length))
        }
        2 | 3 => {
            let mut length = [0; 4];
            source.read_exact(&mut length).map_err(damaged)?;
            u32::from_le_bytes(length)
        }
        other => {
            return Err(Error::format(format!("it is of version {other} of .npy, and 1 to 3 are known")));
        }
    };
    if length > LONGEST_HEADER {
        return Err(Error::format(format!(
            "its header has {length} bytes, and that of an array has about 100"
        )));
    }
    let mut header = vec![0; length as usize];
    source.read_exact(&mut header).map_err(damaged)?;
    Ok(String::from_utf8_lossy(&header).into_owned())
}

/// The type of the numbers, one of `taken`, and whether their bytes are reversed: the most significant first.
fn code(descr: &str, taken: &[&'static str]) -> Result<(&'static str, bool), Error> {
    let (order, own) = descr.split_at_checked(1).unwrap_or_default();
    let code = taken.iter().copied().find(|&code| code == own);
    let reversed = match order {
        "<" => Some(false),
        ">" => Some(true),
        "=" => Some(cfg!(target_endian = "big")),
        // Of one byte there is no order.
        "|" if own.ends_with('1') => Some(false),
        _ => None,
    };
    code.zip(reversed).ok_or_else(|| {
        let (last, others) = taken.split_last().expect("some are");
        Error::number(format!(
            "its numbers are of type `{descr}`, and {} and {last} are read: convert it before it is saved",
            others.join(", ")
        ))
    })
}

#[derive(Debug, PartialEq)]
struct Header<'a> {
    descr: &'a str,
    fortran: bool,
    shape: Vec<usize>,
}

impl Header<'_> {
    fn parse(text: &str) -> Option<Header<'_>> {
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        let mut rest = Rest(text);
        rest.take("{")?;
        while rest.take("}").is_none() {
            let key = rest.quoted()?;
            rest.take(":")?;
            match key {
                "descr" => descr = Some(rest.descr()?),
                "fortran_order" => fortran = Some(rest.truth()?),
                "shape" => shape = Some(rest.tuple()?),
                _ => return None,
            }
            if rest.take(",").is_none() {
                rest.take("}")?;
                break;
            }
        }
        rest.0.trim().is_empty().then_some(())?;
        Some(Header { descr: descr?, fortran: fortran?, shape: shape? })
    }
}

/// What is left of a text in Python's notation.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn take(&mut self, token: &str) -> Option<()> {
        self.0 = self.0.trim_start().strip_prefix(token)?;
        Some(())
    }

    fn quoted(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start();
        let quote = text.chars().next().filter(|&c| c == '\'' || c == '"')?;
        let (quoted, rest) = text[1..].split_once(quote)?;
        self.0 = rest;
        Some(quoted)
    }

    /// A type; one of several fields is a list, which is not read but skipped.
    fn descr(&mut self) -> Option<&'a str> {
        let text = self.0.trim_start();
        if !text.starts_with('[') {
            return self.quoted();
        }
        let (list, rest) = text.split_at(text.rfind(']')? + 1);
        self.0 = rest;
        Some(list)
    }

    fn truth(&mut self) -> Option<bool> {
        self.take("True").map(|()| true).or_else(|| self.take("False").map(|()| false))
    }

    fn tuple(&mut self) -> Option<Vec<usize>> {
        let mut numbers = Vec::new();
        self.take("(")?;
        while self.take(")").is_none() {
            let text = self.0.trim_start();
            let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            numbers.push(text[..digits].parse().ok()?);
            self.0 = &text[digits..];
            // Python 2 wrote long integers so.
            let _ = self.take("L");
            if self.take(",").is_none() {
                self.take(")")?;
                break;
            }
        }
        Some(numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::Header;

    #[test]
    fn headers_in_the_notations_of_python_are_understood() {
        let shapes: [(&str, &[usize]); 6] = [
            ("()", &[]),
            ("(3,)", &[3]),
            ("(3)", &[3]),
            ("(2, 3)", &[2, 3]),
            ("(2L,3L,)", &[2, 3]),
            ("( 0 , 1 )", &[0, 1]),
        ];
        for (tuple, shape) in shapes {
            let text = format!("{{'descr': '<f8', 'fortran_order': True, 'shape': {tuple}, }}  \n");
            let expected = Header { descr: "<f8", fortran: true, shape: shape.to_vec() };
            assert_eq!(Header::parse(&text), Some(expected), "{text}");
        }
        let other = "{\"shape\":(2,),\"fortran_order\":False,\"descr\":[('a', '<f8'), ('b', '<i4')]}";
        let parsed = Header::parse(other).unwrap();
        assert_eq!((parsed.descr, parsed.fortran), ("[('a', '<f8'), ('b', '<i4')]", false));
    }

    #[test]
    fn headers_that_are_not_of_an_array_are_refused() {
        let whole = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
        assert!(Header::parse(whole).is_some());
        for end in 0..whole.len() {
            assert_eq!(Header::parse(&whole[..end]), None, "{}", &whole[..end]);
        }
        for wrong in [
            "{'descr': '<f8', 'fortran_order': False}",
            "{'descr': '<f8', 'fortran_order': 0, 'shape': ()}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (,)}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (1 2)}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (), 'more': 1}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': ()} and more",
            "{é",
        ] {
            assert_eq!(Header::parse(wrong), None, "{wrong}");
        }
    }
}
