//! Parameters in `.safetensors` files, as PyTorch, JAX and others exchange them.
//!
//! A file is the length of a header, the header (JSON: names, types, shapes, places, and a table of texts, the metadata)
//! and the numbers, row-major with the least significant byte first: <https://github.com/huggingface/safetensors>. The
//! library of the format sorts the arrays by name, so the order of insertion is kept in the metadata.

use std::borrow::Cow;
use std::path::Path;

use safetensors::tensor::{Dtype, Metadata, TensorInfo, View};
use safetensors::{SafeTensors, serialize};

use super::Params;
use super::element::Element;
use super::encoding::{self, Kind};
use crate::error::Error;
use crate::file;

/// The entry of the metadata that lists the names in their order, in JSON.
const ORDER: &str = "downhill.order";
/// The name that the format keeps for its metadata.
const RESERVED: &str = "__metadata__";

impl<T: Element> Params<T> {
    /// The parameters as the content of a `.safetensors` file, of type `F32` or `F64` as `T` is.
    ///
    /// The order of insertion is kept in the metadata (a list of the names, in JSON, as the entry `downhill.order`): there
    /// is no other place for it. Cost: twice the memory of the numbers.
    ///
    /// # Errors
    ///
    /// [`is_name`](Error::is_name) if a parameter is named `__metadata__`, a name the format keeps for itself.
    /// [`is_format`](Error::is_format) if the header, which holds the names, would exceed the 100 MB the format allows.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let mut params = Params::new();
    /// params.insert("w", &[1.0, 2.0]).insert("b", &[3.0]);
    /// let bytes = params.to_safetensors()?;
    /// assert_eq!(Params::from_safetensors(&bytes)?, params);
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    pub fn to_safetensors(&self) -> Result<Vec<u8>, Error> {
        if self.contains(RESERVED) {
            return Err(Error::name(format!(
                "a parameter is named `{RESERVED}`, which safetensors files keep for themselves: give it another name"
            )));
        }
        let dtype = if T::NAME == "f32" { Dtype::F32 } else { Dtype::F64 };
        let tensors = self.layout().iter().map(|(name, block)| {
            (name, Tensor { dtype, shape: block.shape(), values: &self.values()[block.range()] })
        });
        let names: Vec<&str> = self.layout().names().collect();
        let order = serde_json::to_string(&names).expect("texts are JSON");
        let metadata = [(ORDER.to_owned(), order)].into_iter().collect();
        serialize(tensors, Some(metadata)).map_err(|why| Error::format(format!("no safetensors file: {why}")))
    }

    /// The parameters in the content of a `.safetensors` file.
    ///
    /// The types `F16`, `BF16`, `F32` and `F64` are taken; of these only `F64` is rounded, if `T` is `f32`. The names come in
    /// the order in which they were inserted if the file was written [here](Params::to_safetensors), otherwise in that of
    /// the numbers in the file: other writers sort them by type, then by name. If other software has added arrays to a file,
    /// they come last. Cost: twice the memory of the numbers.
    ///
    /// # Errors
    ///
    /// [`is_format`](Error::is_format) if these are not the bytes of a whole file of the format;
    /// [`is_number`](Error::is_number) if an array is of another type, or holds a number beyond the range of `f32` to be
    /// read as one: the message names it.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let error = Params::<f64>::from_safetensors(b"no such file").unwrap_err();
    /// assert!(error.is_format());
    /// ```
    pub fn from_safetensors(bytes: &[u8]) -> Result<Params<T>, Error> {
        let (header, metadata) = SafeTensors::read_metadata(bytes).map_err(|why| {
            Error::format(format!(
                "this is no safetensors file, or a damaged one, of {} bytes: {why}",
                bytes.len()
            ))
        })?;
        // The length of the header is a number of 8 bytes before it.
        let data = &bytes[8 + header..];
        let mut params = Params::new();
        for name in order(&metadata) {
            let info = metadata.info(&name).expect("the names are those of the file");
            let values = numbers(info, data).map_err(|error| error.within(&format_args!("`{name}`")))?;
            params.append(&name, &info.shape, &values)?;
        }
        Ok(params)
    }

    /// Writes the parameters to a `.safetensors` file, which `safetensors.torch.load_file` and `safetensors.numpy.load_file`
    /// read in Python. The content is that of [`to_safetensors`](Params::to_safetensors).
    ///
    /// A file that is there is replaced at once, when the new one is complete and on the disk; before, nothing of it is
    /// touched.
    ///
    /// # Errors
    ///
    /// [`is_file`](Error::is_file) if the system refuses; otherwise as [`to_safetensors`](Params::to_safetensors).
    ///
    /// ```
    /// use downhill::params::Params;
    /// use ndarray::array;
    ///
    /// let mut params = Params::<f32>::new();
    /// params.insert("w", &array![[1.0, 2.0], [3.0, 4.0]]).insert("b", &[0.5, 0.5]);
    /// let path = std::env::temp_dir().join(format!("weights-{}.safetensors", std::process::id()));
    /// params.save_safetensors(&path)?;
    /// assert_eq!(Params::<f32>::load_safetensors(&path)?, params);
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    pub fn save_safetensors(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        file::replace(path.as_ref(), &self.to_safetensors()?, None)
    }

    /// Reads the parameters of a `.safetensors` file: those of PyTorch, JAX and others, or its own. Types and order are as
    /// of [`from_safetensors`](Params::from_safetensors).
    ///
    /// # Errors
    ///
    /// [`is_file`](Error::is_file) if the system refuses; otherwise as [`from_safetensors`](Params::from_safetensors). The
    /// messages name the file.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let error = Params::<f32>::load_safetensors("no/such/weights.safetensors").unwrap_err();
    /// assert!(error.is_file() && error.to_string().contains("no/such/weights.safetensors"));
    /// ```
    pub fn load_safetensors(path: impl AsRef<Path>) -> Result<Params<T>, Error> {
        file::read(path.as_ref(), Params::from_safetensors)
    }

    /// Reads a `.safetensors` file into these parameters, by name: their order stays. If it fails, nothing is written.
    ///
    /// # Errors
    ///
    /// As [`load_safetensors`](Params::load_safetensors) and [`assign`](Params::assign): the file holds the same names, each
    /// with the same shape. The messages name the file.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let mut trained = Params::new();
    /// trained.insert("w", &[1.0, 2.0]).insert("b", &[3.0]);
    /// let path = std::env::temp_dir().join(format!("trained-{}.safetensors", std::process::id()));
    /// trained.save_safetensors(&path)?;
    ///
    /// let mut params = Params::new();
    /// params.insert("b", &[0.0]).insert("w", &[0.0, 0.0]);
    /// params.read_safetensors(&path)?;
    /// assert_eq!(params.values(), [3.0, 1.0, 2.0]);
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    pub fn read_safetensors(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        file::read(path.as_ref(), |bytes| self.assign(&Params::from_safetensors(bytes)?))
    }
}

struct Tensor<'a, T> {
    dtype: Dtype,
    shape: &'a [usize],
    values: &'a [T],
}

impl<T: Element> View for Tensor<'_, T> {
    fn dtype(&self) -> Dtype {
        self.dtype
    }

    fn shape(&self) -> &[usize] {
        self.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        encoding::encoded(self.values).into()
    }

    fn data_len(&self) -> usize {
        size_of_val(self.values)
    }
}

/// The names of the file, each once: first those that the metadata list, then the others as their numbers lie.
fn order(metadata: &Metadata) -> Vec<String> {
    let mut stored = metadata.offset_keys();
    // Arrays without numbers lie in one place, and come in no order of their own.
    stored.sort_by_cached_key(|name| (metadata.info(name).map(|info| info.data_offsets), name.clone()));
    let listed = metadata.metadata().as_ref().and_then(|texts| texts.get(ORDER));
    let listed: Vec<String> = listed.and_then(|list| serde_json::from_str(list).ok()).unwrap_or_default();
    let listed: Vec<String> = listed.into_iter().filter(|name| metadata.info(name).is_some()).collect();
    let each: indexmap::IndexSet<String> = listed.into_iter().chain(stored).collect();
    each.into_iter().collect()
}

fn numbers<T: Element>(info: &TensorInfo, data: &[u8]) -> Result<Vec<T>, Error> {
    let kind = match info.dtype {
        Dtype::F16 => Kind::F16,
        Dtype::BF16 => Kind::Bf16,
        Dtype::F32 => Kind::F32,
        Dtype::F64 => Kind::F64,
        other => {
            return Err(Error::number(format!(
                "its numbers are of type {other}, and F16, BF16, F32 and F64 are read: convert it before it is saved"
            )));
        }
    };
    let (start, end) = info.data_offsets;
    let bytes = data.get(start..end).unwrap_or_default();
    let fits = encoding::count(&info.shape).is_some_and(|n| n.checked_mul(kind.size()) == Some(bytes.len()));
    if !fits {
        return Err(Error::format(format!(
            "its shape {:?} does not fit its {} bytes",
            info.shape,
            bytes.len()
        )));
    }
    encoding::decoded(kind, bytes)
}
