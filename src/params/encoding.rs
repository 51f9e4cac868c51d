//! Numbers as bytes: what both formats of files have in common.

#[cfg(feature = "safetensors")]
use half::bf16;
use half::f16;

use super::Params;
use super::element::Element;
use crate::error::Error;

/// The types of numbers that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    F16,
    #[cfg(feature = "safetensors")]
    Bf16,
    F32,
    F64,
}

#[cfg(feature = "safetensors")]
impl Kind {
    /// Bytes of one number.
    pub(super) fn size(self) -> usize {
        match self {
            Kind::F16 | Kind::Bf16 => 2,
            Kind::F32 => 4,
            Kind::F64 => 8,
        }
    }
}

/// The bytes of `values`, each number with the least significant first.
pub(super) fn encoded<T: Element>(values: &[T]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size_of_val(values));
    for &value in values {
        value.append_to(&mut bytes);
    }
    bytes
}

/// The numbers in `bytes`, each with the least significant byte first: exactly, or `f64` rounded to `f32`. It fails at a
/// number that `f32` could hold only as an infinity.
pub(super) fn decoded<T: Element>(kind: Kind, bytes: &[u8]) -> Result<Vec<T>, Error> {
    Ok(match kind {
        Kind::F16 => each(bytes, |bytes| T::of_single(f16::from_le_bytes(bytes).to_f32())),
        #[cfg(feature = "safetensors")]
        Kind::Bf16 => each(bytes, |bytes| T::of_single(bf16::from_le_bytes(bytes).to_f32())),
        Kind::F32 => each(bytes, |bytes| T::of_single(f32::from_le_bytes(bytes))),
        Kind::F64 => {
            let mut beyond = None;
            let values = each(bytes, |bytes| {
                let (given, value) = (f64::from_le_bytes(bytes), T::of_double(f64::from_le_bytes(bytes)));
                if given.is_finite() && !value.is_finite() {
                    beyond = Some(given);
                }
                value
            });
            if let Some(given) = beyond {
                return Err(Error::number(format!(
                    "it holds {given:e}, beyond the range of {}: read it as f64",
                    T::NAME
                )));
            }
            values
        }
    })
}

fn each<const N: usize, T>(bytes: &[u8], mut number: impl FnMut([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks::<N>();
    chunks.iter().map(|&chunk| number(chunk)).collect()
}

/// How many numbers an array of this shape has, if memory could hold it: a file may state anything.
pub(super) fn count(shape: &[usize]) -> Option<usize> {
    // `ndarray` asks that the lengths other than 0 alone do not overflow.
    let nonzero =
        shape.iter().filter(|&&n| n != 0).try_fold(1_usize, |product, &n| product.checked_mul(n))?;
    isize::try_from(nonzero.checked_mul(size_of::<f64>())?).ok()?;
    Some(if shape.contains(&0) { 0 } else { nonzero })
}

impl<T: Element> Params<T> {
    /// Appends an array that was read: its shape has passed [`count`], and `values` are as many.
    pub(super) fn append(&mut self, name: &str, shape: &[usize], values: &[T]) -> Result<(), Error> {
        if self.contains(name) {
            return Err(Error::format(format!("the name `{name}` occurs twice")));
        }
        std::sync::Arc::make_mut(&mut self.layout).push(name.to_owned(), shape);
        std::sync::Arc::make_mut(&mut self.values).extend_from_slice(values);
        Ok(())
    }
}
