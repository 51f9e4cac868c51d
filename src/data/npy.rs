//! Arrays in the files of NumPy: one in an `.npy`, several with names in an `.npz`.

use std::path::Path;

use indexmap::IndexMap;
use ndarray::{ArrayBase, ArrayD, Data, Dimension, IxDyn};

use crate::error::Error;
use crate::file;
use crate::params::npy::{self, Raw};
use crate::params::{Element, npz};

/// What is read: the types of NumPy by their codes.
const TAKEN: &[&str] = &["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"];

/// The numbers of arrays in files: `f64`, `f32`, and `usize` for class labels; no others.
///
/// All types of real numbers in NumPy's files are read as any of them. As `f64` and `f32`: floating-point numbers must be in
/// range, whole ones are rounded to the nearest, truths are 0 and 1. As `usize`: the number must be whole and not negative.
/// Written, `usize` is `i8`, NumPy's usual type of whole numbers.
///
/// ```
/// use downhill::data::{from_npy, to_npy};
/// use ndarray::array;
///
/// let bytes = to_npy(&array![3_usize, 0, 1])?;
/// assert_eq!(from_npy::<f64>(&bytes)?, array![3.0, 0.0, 1.0].into_dyn());
/// assert!(from_npy::<usize>(&to_npy(&array![0.5])?).unwrap_err().is_number());
/// # Ok::<(), downhill::error::Error>(())
/// ```
pub trait Stored: Copy + sealed::Stored {}

impl Stored for f64 {}
impl Stored for f32 {}
impl Stored for usize {}

mod sealed {
    use crate::error::Error;

    pub trait Stored: Sized {
        const CODE: &'static str;
        fn of_bytes(code: &str, bytes: &[u8]) -> Result<Vec<Self>, Error>;
        fn append_to(self, bytes: &mut Vec<u8>) -> Result<(), Error>;
    }
}

impl sealed::Stored for f64 {
    const CODE: &'static str = "f8";

    fn of_bytes(code: &str, bytes: &[u8]) -> Result<Vec<f64>, Error> {
        real(code, bytes)
    }

    fn append_to(self, bytes: &mut Vec<u8>) -> Result<(), Error> {
        bytes.extend(self.to_le_bytes());
        Ok(())
    }
}

impl sealed::Stored for f32 {
    const CODE: &'static str = "f4";

    fn of_bytes(code: &str, bytes: &[u8]) -> Result<Vec<f32>, Error> {
        real(code, bytes)
    }

    fn append_to(self, bytes: &mut Vec<u8>) -> Result<(), Error> {
        bytes.extend(self.to_le_bytes());
        Ok(())
    }
}

impl sealed::Stored for usize {
    const CODE: &'static str = "i8";

    fn of_bytes(code: &str, bytes: &[u8]) -> Result<Vec<usize>, Error> {
        let refused = |what: String| {
            Error::number(format!("it holds {what}, and whole numbers from 0 were asked for: read it as f64"))
        };
        if code.starts_with('f') {
            let whole = |x: f64| {
                let fits = x >= 0.0 && x < (1_u64 << 53) as f64 && x.fract() == 0.0;
                fits.then_some(x as usize).ok_or_else(|| refused(format!("{x:?}")))
            };
            return real::<f64>(code, bytes)?.into_iter().map(whole).collect();
        }
        let mut numbers = Vec::with_capacity(bytes.len());
        let mut other = None;
        each_whole(code, bytes, |x| match usize::try_from(x) {
            Ok(number) => numbers.push(number),
            Err(_) => other = other.or(Some(x)),
        });
        other.map_or(Ok(numbers), |x| Err(refused(x.to_string())))
    }

    fn append_to(self, bytes: &mut Vec<u8>) -> Result<(), Error> {
        let number = i64::try_from(self).map_err(|_| {
            Error::number(format!("{self} is beyond the range of i8, as which it would be written"))
        })?;
        bytes.extend(number.to_le_bytes());
        Ok(())
    }
}

fn real<T: Element>(code: &str, bytes: &[u8]) -> Result<Vec<T>, Error> {
    if let Some(numbers) = npy::floats(code, bytes) {
        return numbers;
    }
    let mut numbers = Vec::new();
    each_whole(code, bytes, |x| numbers.push(T::from(x).expect("in the range of both types")));
    Ok(numbers)
}

/// Runs over whole numbers, or truths, of which the bytes are the least significant first.
fn each_whole(code: &str, bytes: &[u8], mut f: impl FnMut(i128)) {
    match code {
        "i1" => chunks(bytes, |x| f(i8::from_le_bytes(x).into())),
        "i2" => chunks(bytes, |x| f(i16::from_le_bytes(x).into())),
        "i4" => chunks(bytes, |x| f(i32::from_le_bytes(x).into())),
        "i8" => chunks(bytes, |x| f(i64::from_le_bytes(x).into())),
        "u2" => chunks(bytes, |x| f(u16::from_le_bytes(x).into())),
        "u4" => chunks(bytes, |x| f(u32::from_le_bytes(x).into())),
        "u8" => chunks(bytes, |x| f(u64::from_le_bytes(x).into())),
        "b1" => chunks(bytes, |[x]: [u8; 1]| f(i128::from(x != 0))),
        _ => chunks(bytes, |x| f(u8::from_le_bytes(x).into())),
    }
}

fn chunks<const N: usize>(bytes: &[u8], mut f: impl FnMut([u8; N])) {
    bytes.as_chunks::<N>().0.iter().for_each(|&chunk| f(chunk));
}

fn array<T: Stored>(raw: &Raw) -> Result<ArrayD<T>, Error> {
    let numbers = raw.row_major(T::of_bytes(raw.code, &raw.bytes)?);
    Ok(ArrayD::from_shape_vec(IxDyn(&raw.shape), numbers).expect("as many numbers as the shape has"))
}

fn raw<T: Stored, S: Data<Elem = T>, D: Dimension>(array: &ArrayBase<S, D>) -> Result<Raw, Error> {
    let mut bytes = Vec::with_capacity(array.len() * size_of::<T>());
    array.iter().try_for_each(|&number| number.append_to(&mut bytes))?;
    Ok(Raw { code: T::CODE, shape: array.shape().to_vec(), fortran: false, bytes })
}

/// The array in the content of an `.npy` file, row-major whatever its order there.
///
/// # Errors
///
/// [`is_format`](Error::is_format) if these are not the bytes of a whole array; [`is_number`](Error::is_number) if its
/// numbers are of a type that is not read, or cannot be [numbers of `T`](Stored).
pub fn from_npy<T: Stored>(bytes: &[u8]) -> Result<ArrayD<T>, Error> {
    array(&Raw::read(&mut &bytes[..], TAKEN)?)
}

/// An array as the content of an `.npy` file: row-major, of type `<f8`, `<f4`, or `<i8` for `usize`.
///
/// # Errors
///
/// [`is_shape`](Error::is_shape) if it has more than the 64 axes NumPy knows; [`is_number`](Error::is_number) if a `usize` is
/// beyond the range of `i64`.
pub fn to_npy<T: Stored, S: Data<Elem = T>, D: Dimension>(array: &ArrayBase<S, D>) -> Result<Vec<u8>, Error> {
    raw(array)?.written()
}

/// The array in an `.npy` file: what `numpy.save` writes.
///
/// # Errors
///
/// [`is_file`](Error::is_file) if the system refuses; otherwise as [`from_npy`]. The messages name the file.
///
/// ```
/// use downhill::data::{load_npy, save_npy};
/// use ndarray::{Ix2, array};
///
/// let x = array![[1.0, 2.0], [3.0, 4.0]];
/// let path = std::env::temp_dir().join(format!("points-{}.npy", std::process::id()));
/// save_npy(&path, &x)?;
/// let read = load_npy::<f64>(&path)?;
/// assert_eq!(read.into_dimensionality::<Ix2>().unwrap(), x);
/// # std::fs::remove_file(&path).unwrap();
/// # Ok::<(), downhill::error::Error>(())
/// ```
pub fn load_npy<T: Stored>(path: impl AsRef<Path>) -> Result<ArrayD<T>, Error> {
    file::read(path.as_ref(), from_npy)
}

/// Writes an array to an `.npy` file, which `numpy.load` reads. A file that is there is replaced at once, when the new one is
/// complete and on the disk.
///
/// # Errors
///
/// [`is_file`](Error::is_file) if the system refuses; otherwise as [`to_npy`].
pub fn save_npy<T: Stored, S: Data<Elem = T>, D: Dimension>(
    path: impl AsRef<Path>,
    array: &ArrayBase<S, D>,
) -> Result<(), Error> {
    file::replace(path.as_ref(), &to_npy(array)?, None)
}

/// Arrays with names, each of a type of its own, in an `.npz` file: what `numpy.savez` and `numpy.savez_compressed` write.
///
/// ```
/// use downhill::data::Npz;
/// use ndarray::array;
///
/// let bytes = Npz::new().with("x", &array![[0.5, 1.0], [1.5, 2.0]])?.with("y", &array![1_usize, 0])?.to_bytes()?;
/// let npz = Npz::from_bytes(&bytes)?;
/// assert!(npz.names().eq(["x", "y"]));
/// assert_eq!(npz.array::<f32>("x")?.shape(), [2, 2]);
/// assert_eq!(npz.array::<usize>("y")?, array![1, 0].into_dyn());
/// assert_eq!(npz.labels("y")?, [1, 0]);
/// # Ok::<(), downhill::error::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Npz {
    /// One that cannot be read is an error when it is asked for: the others can be.
    arrays: IndexMap<String, Result<Raw, Error>>,
    /// Where it is from, for messages; empty if from no file.
    source: String,
}

impl Npz {
    /// Without arrays; [`with`](Npz::with) adds them.
    pub fn new() -> Npz {
        Npz::default()
    }

    /// With an array of this name, or another in its place.
    ///
    /// # Errors
    ///
    /// [`is_number`](Error::is_number) if a `usize` is beyond the range of `i64`.
    pub fn with<T: Stored, S: Data<Elem = T>, D: Dimension>(
        mut self,
        name: &str,
        array: &ArrayBase<S, D>,
    ) -> Result<Npz, Error> {
        self.arrays.insert(name.to_owned(), Ok(raw(array)?));
        Ok(self)
    }

    /// The names, in the order of the file.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.arrays.keys().map(String::as_str)
    }

    /// The array of this name, row-major whatever its order in the file.
    ///
    /// # Errors
    ///
    /// [`is_name`](Error::is_name) if there is none; otherwise as [`from_npy`]. The messages name the file and the array.
    pub fn array<T: Stored>(&self, name: &str) -> Result<ArrayD<T>, Error> {
        let found = self.arrays.get(name).ok_or_else(|| {
            let names: Vec<&str> = self.names().collect();
            Error::name(format!("there is no array named `{name}`, and there are {}", names.join(", ")))
        });
        let read = found.and_then(|raw| {
            let read = raw.as_ref().map_err(Error::clone).and_then(array);
            read.map_err(|error| error.within(&format_args!("`{name}`")))
        });
        read.map_err(|error| self.said(error))
    }

    /// The array of this name as class labels, in its order: of `[n]`, or `[n, 1]`.
    ///
    /// # Errors
    ///
    /// [`is_shape`](Error::is_shape) if it is of another shape; otherwise as [`array`](Npz::array).
    pub fn labels(&self, name: &str) -> Result<Vec<usize>, Error> {
        let labels = self.array(name)?;
        match labels.shape() {
            [_] | [_, 1] => Ok(labels.into_raw_vec_and_offset().0),
            shape => Err(self.said(Error::shape(format!(
                "`{name}` has shape {shape:?}, and labels lie in one of [n] or [n, 1]: give one for each row"
            )))),
        }
    }

    /// An error, said of the file.
    fn said(&self, error: Error) -> Error {
        if self.source.is_empty() { error } else { error.within(&self.source) }
    }

    /// The content of an `.npz` file with these arrays, not compressed.
    ///
    /// # Errors
    ///
    /// [`is_shape`](Error::is_shape) if an array has more than the 64 axes NumPy knows; [`is_name`](Error::is_name) if a name
    /// is one a zip archive cannot hold. An array that could not be read cannot be written either.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        npz::packed(self.arrays.iter().map(|(name, raw)| match raw {
            Ok(raw) => Ok((name.as_str(), &raw.shape[..], raw.written()?)),
            Err(error) => Err(error.clone().within(&format_args!("`{name}`"))),
        }))
    }

    /// The arrays in the content of an `.npz` file.
    ///
    /// # Errors
    ///
    /// [`is_format`](Error::is_format) if these are not the bytes of a whole archive.
    pub fn from_bytes(bytes: &[u8]) -> Result<Npz, Error> {
        let mut arrays = IndexMap::new();
        npz::each(bytes, |name, entry| {
            let raw = Raw::read(entry, TAKEN);
            match arrays.insert(name.to_owned(), raw) {
                None => Ok(()),
                Some(_) => Err(Error::format(format!("the name `{name}` occurs twice"))),
            }
        })?;
        Ok(Npz { arrays, source: String::new() })
    }

    /// Writes the arrays to an `.npz` file, which `numpy.load` reads. A file that is there is replaced at once, when the new
    /// one is complete and on the disk.
    ///
    /// # Errors
    ///
    /// [`is_file`](Error::is_file) if the system refuses; otherwise as [`to_bytes`](Npz::to_bytes).
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        file::replace(path.as_ref(), &self.to_bytes()?, None)
    }

    /// Reads the arrays of an `.npz` file.
    ///
    /// # Errors
    ///
    /// [`is_file`](Error::is_file) if the system refuses; otherwise as [`from_bytes`](Npz::from_bytes). The messages name the
    /// file, also those of [`array`](Npz::array).
    pub fn load(path: impl AsRef<Path>) -> Result<Npz, Error> {
        let path = path.as_ref();
        let npz = file::read(path, Npz::from_bytes)?;
        Ok(Npz { source: format!("the file {}", path.display()), ..npz })
    }
}
