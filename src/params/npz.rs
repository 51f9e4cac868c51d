//! Parameters in `.npz` files, as `numpy.savez` writes and `numpy.load` reads them: a zip archive with one `.npy` for each
//! array, under its name.

use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::Params;
use super::element::Element;
use super::npy;
use crate::error::Error;
use crate::file;

impl<T: Element> Params<T> {
    /// The parameters as the content of an `.npz` file, of type `<f4` or `<f8` as `T` is, in their order, not compressed:
    /// trained weights hardly shrink. Cost: twice the memory of the numbers.
    ///
    /// # Errors
    ///
    /// [`is_shape`](Error::is_shape) if an array has more than the 64 axes NumPy knows. [`is_name`](Error::is_name) if a name
    /// is one a zip archive cannot hold: it is longer than 60,000 bytes, or contains the character of code 0, at which
    /// Python would end it.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let mut params = Params::new();
    /// params.insert("w", &[1.0, 2.0]).insert("b", &[3.0]);
    /// let bytes = params.to_npz()?;
    /// assert_eq!(Params::from_npz(&bytes)?, params);
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    pub fn to_npz(&self) -> Result<Vec<u8>, Error> {
        packed(self.layout().iter().map(|(name, block)| {
            check(name, block.shape())?;
            Ok((name, block.shape(), npy::written(block.shape(), &self.values()[block.range()])))
        }))
    }

    /// The parameters in the content of an `.npz` file, in their order there.
    ///
    /// The types `f2`, `f4` and `f8` are taken, in both orders of bytes and of axes (an array in Fortran's order becomes
    /// row-major); of these only `f8` is rounded, if `T` is `f32`. Compressed archives are read as well. Cost: twice the
    /// memory of the numbers.
    ///
    /// # Errors
    ///
    /// [`is_format`](Error::is_format) if these are not the bytes of a whole archive of arrays;
    /// [`is_number`](Error::is_number) if an array is of another type, or holds a number beyond the range of `f32` to be
    /// read as one: the message names it.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let error = Params::<f64>::from_npz(b"no such file").unwrap_err();
    /// assert!(error.is_format());
    /// ```
    pub fn from_npz(bytes: &[u8]) -> Result<Params<T>, Error> {
        let mut params = Params::new();
        each(bytes, |name, entry| {
            let (shape, values) =
                npy::read(entry).map_err(|error| error.within(&format_args!("`{name}`")))?;
            params.append(name, &shape, &values)
        })?;
        Ok(params)
    }

    /// Writes the parameters to an `.npz` file, which `numpy.load` reads in Python. The content is that of
    /// [`to_npz`](Params::to_npz).
    ///
    /// A file that is there is replaced at once, when the new one is complete and on the disk; before, nothing of it is
    /// touched.
    ///
    /// # Errors
    ///
    /// [`is_file`](Error::is_file) if the system refuses; otherwise as [`to_npz`](Params::to_npz).
    ///
    /// ```
    /// use downhill::params::Params;
    /// use ndarray::array;
    ///
    /// let mut params = Params::<f32>::new();
    /// params.insert("w", &array![[1.0, 2.0], [3.0, 4.0]]).insert("b", &[0.5, 0.5]);
    /// let path = std::env::temp_dir().join(format!("weights-{}.npz", std::process::id()));
    /// params.save_npz(&path)?;
    /// assert_eq!(Params::<f32>::load_npz(&path)?, params);
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    pub fn save_npz(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        file::replace(path.as_ref(), &self.to_npz()?, None)
    }

    /// Reads the parameters of an `.npz` file: one of `numpy.savez` or `numpy.savez_compressed`, or its own. Types and order
    /// are as of [`from_npz`](Params::from_npz).
    ///
    /// # Errors
    ///
    /// [`is_file`](Error::is_file) if the system refuses; otherwise as [`from_npz`](Params::from_npz). The messages name the
    /// file.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let error = Params::<f32>::load_npz("no/such/weights.npz").unwrap_err();
    /// assert!(error.is_file() && error.to_string().contains("no/such/weights.npz"));
    /// ```
    pub fn load_npz(path: impl AsRef<Path>) -> Result<Params<T>, Error> {
        file::read(path.as_ref(), Params::from_npz)
    }

    /// Reads an `.npz` file into these parameters, by name: their order stays. If it fails, nothing is written.
    ///
    /// # Errors
    ///
    /// As [`load_npz`](Params::load_npz) and [`assign`](Params::assign): the file holds the same names, each with the same
    /// shape. The messages name the file.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let mut trained = Params::new();
    /// trained.insert("w", &[1.0, 2.0]).insert("b", &[3.0]);
    /// let path = std::env::temp_dir().join(format!("trained-{}.npz", std::process::id()));
    /// trained.save_npz(&path)?;
    ///
    /// let mut params = Params::new();
    /// params.insert("b", &[0.0]).insert("w", &[0.0, 0.0]);
    /// params.read_npz(&path)?;
    /// assert_eq!(params.values(), [3.0, 1.0, 2.0]);
    /// # std::fs::remove_file(&path).unwrap();
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    pub fn read_npz(&mut self, path: impl AsRef<Path>) -> Result<(), Error> {
        file::read(path.as_ref(), |bytes| self.assign(&Params::from_npz(bytes)?))
    }
}

/// The content of an `.npz` file with these arrays: name, shape, and the content of an `.npy` file.
pub(crate) fn packed<'a>(
    arrays: impl Iterator<Item = Result<(&'a str, &'a [usize], Vec<u8>), Error>>,
) -> Result<Vec<u8>, Error> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for array in arrays {
        let (name, shape, bytes) = array?;
        check(name, shape)?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Stored)
            .large_file(u32::try_from(bytes.len()).is_err());
        archive.start_file(format!("{name}.npy"), options).map_err(unwritten)?;
        archive.write_all(&bytes).map_err(|why| unwritten(why.into()))?;
    }
    Ok(archive.finish().map_err(unwritten)?.into_inner())
}

/// Runs over the arrays in the content of an `.npz` file: each name with what gives the content of an `.npy` file.
pub(crate) fn each(
    bytes: &[u8],
    mut f: impl FnMut(&str, &mut dyn Read) -> Result<(), Error>,
) -> Result<(), Error> {
    if bytes.starts_with(npy::MAGIC) {
        return Err(Error::format("this is one array (.npy), and no archive of named ones (.npz)"));
    }
    let damaged = |why: ZipError| {
        Error::format(format!("this is no .npz file, or a damaged one, of {} bytes: {why}", bytes.len()))
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(damaged)?;
        let stored = entry.name().map_err(damaged)?.into_owned();
        f(stored.strip_suffix(".npy").unwrap_or(&stored), &mut entry)?;
    }
    Ok(())
}

/// Whether others could read an array of this name and shape.
fn check(name: &str, shape: &[usize]) -> Result<(), Error> {
    // 64 KB, less what the archive writes beside it.
    const LONGEST_NAME: usize = 60_000;
    if name.len() > LONGEST_NAME {
        let start: String = name.chars().take(40).collect();
        return Err(Error::name(format!(
            "the name `{start}…` has {} bytes, and one in an .npz file at most {LONGEST_NAME}",
            name.len()
        )));
    }
    if name.contains('\0') {
        return Err(Error::name(format!(
            "the name {name:?} contains the character of code 0, where Python would end it: give it another name"
        )));
    }
    if shape.len() > npy::MOST_AXES {
        return Err(Error::shape(format!(
            "`{name}` has {} axes, and NumPy knows {}: insert it with fewer",
            shape.len(),
            npy::MOST_AXES
        )));
    }
    Ok(())
}

fn unwritten(why: ZipError) -> Error {
    Error::format(format!("no .npz file can hold these parameters: {why}"))
}
