//! Arrays in NumPy's files: what NumPy wrote, round trips, and damaged files.

use std::fs;

use downhill::data::{Npz, Stored, from_npy, load_npy, save_npy, to_npy};
use downhill::params::Params;
use ndarray::{Array2, ArrayD, IxDyn, ShapeBuilder, arr0, array};
use proptest::prelude::*;

use super::{File, reference_file};

#[test]
fn all_types_of_numbers_that_numpy_wrote_are_read_as_any() {
    let npz = Npz::load(reference_file("types.npz")).unwrap();
    let codes = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "columns"];
    let small = Array2::from_shape_fn((2, 3), |(i, j)| 3 * i + j).into_dyn();
    for code in codes {
        assert_eq!(npz.array::<usize>(code).unwrap(), small, "{code}");
        assert_eq!(npz.array::<f64>(code).unwrap(), small.mapv(|x| x as f64), "{code}");
        assert_eq!(npz.array::<f32>(code).unwrap(), small.mapv(|x| x as f32), "{code}");
        assert!(npz.array::<f64>(code).unwrap().is_standard_layout(), "{code}");
    }
    assert_eq!(npz.array::<usize>("truth").unwrap(), small.mapv(|x| x % 2));
    let error = npz.labels("columns").unwrap_err();
    assert!(
        error.is_shape() && error.to_string().contains("types.npz: `columns` has shape [2, 3]"),
        "{error}"
    );
    let columns =
        Npz::new().with("row", &array![2_usize, 0]).unwrap().with("column", &array![[2_usize], [0]]);
    let columns = columns.unwrap().with("number", &arr0(2_usize)).unwrap();
    assert_eq!((columns.labels("row").unwrap(), columns.labels("column").unwrap()), (vec![2, 0], vec![2, 0]));
    assert!(columns.labels("number").unwrap_err().is_shape());
    assert_eq!(npz.array::<f64>("least").unwrap(), array![-128.0, 127.0].into_dyn());
    assert_eq!(load_npy::<usize>(reference_file("one.npy")).unwrap(), small);
    // One array that cannot be read does not keep the others from it.
    let error = npz.array::<f64>("text").unwrap_err();
    assert!(
        error.is_number() && error.to_string().contains("types.npz: `text`: its numbers are of type `<U3`"),
        "{error}"
    );
    let error = npz.array::<usize>("least").unwrap_err();
    assert!(error.is_number() && error.to_string().contains("types.npz: `least`: it holds -128"), "{error}");
    let error = npz.array::<f64>("x").unwrap_err();
    assert!(
        error.is_name() && error.to_string().contains("types.npz: there is no array named `x`"),
        "{error}"
    );
}

fn comes_back<T: Stored + PartialEq + std::fmt::Debug>(array: &ArrayD<T>) {
    let read = from_npy::<T>(&to_npy(array).unwrap()).unwrap();
    assert_eq!(&read, array);
    assert_eq!(&from_npy::<T>(&to_npy(&array.t()).unwrap()).unwrap().t(), array);
}

proptest! {
    #[test]
    fn arrays_come_back(shape in prop::collection::vec(0_usize..4, 0..5), seed: u32) {
        let count = shape.iter().product::<usize>();
        let numbers = |i: usize| f64::from(seed) * (i as f64 - 1.5) / 7.0;
        comes_back(&ArrayD::from_shape_vec(IxDyn(&shape), (0..count).map(numbers).collect()).unwrap());
        let single = (0..count).map(|i| numbers(i) as f32).collect();
        comes_back(&ArrayD::from_shape_vec(IxDyn(&shape), single).unwrap());
        let whole = (0..count).map(|i| i * seed as usize).collect();
        comes_back(&ArrayD::from_shape_vec(IxDyn(&shape), whole).unwrap());
    }
}

#[test]
fn a_cut_or_changed_file_is_an_error_that_names_it() {
    let file = File::new("npy");
    let x = array![[1.0, 2.0], [3.0, 4.0]];
    save_npy(&file.0, &x).unwrap();
    assert_eq!(load_npy::<f64>(&file.0).unwrap(), x.clone().into_dyn());
    let whole = fs::read(&file.0).unwrap();
    for end in 0..whole.len() {
        let error = from_npy::<f64>(&whole[..end]).unwrap_err();
        assert!(error.is_format(), "cut at {end}: {error}");
    }
    fs::write(&file.0, &whole[..whole.len() - 3]).unwrap();
    let error = load_npy::<f64>(&file.0).unwrap_err();
    let message = format!("the file {}: its shape [2, 2] takes 32 bytes, and there are 29", file.0.display());
    assert_eq!(error.to_string(), message);
    let longer = [&whole[..], &[0]].concat();
    assert!(from_npy::<f64>(&longer).unwrap_err().to_string().contains("and there are more"));
    assert!(from_npy::<f64>(b"PK").unwrap_err().is_format());
    assert!(load_npy::<f64>("no/such.npy").unwrap_err().is_file());
}

#[test]
fn archives_come_back_and_damaged_ones_are_errors() {
    let file = File::new("npz");
    let x = Array2::from_shape_vec((2, 2).f(), vec![1.5, 2.5, 3.5, 4.5]).unwrap();
    let npz = Npz::new().with("x", &x).unwrap().with("y", &array![3_usize, 1]).unwrap();
    let npz = npz.with("scale", &arr0(0.5_f32)).unwrap().with("y", &array![0_usize, 1]).unwrap();
    npz.save(&file.0).unwrap();
    let read = Npz::load(&file.0).unwrap();
    assert!(read.names().eq(["x", "y", "scale"]));
    assert_eq!(read.array::<f64>("x").unwrap(), x.clone().into_dyn());
    assert_eq!(read.labels("y").unwrap(), [0, 1]);
    assert_eq!(read.array::<f32>("scale").unwrap(), arr0(0.5).into_dyn());
    // What was read is written again as it was.
    assert_eq!(read.to_bytes().unwrap(), npz.to_bytes().unwrap());
    let bytes = fs::read(&file.0).unwrap();
    for end in 0..bytes.len() {
        assert!(Npz::from_bytes(&bytes[..end]).unwrap_err().is_format(), "cut at {end}");
    }
    // A changed byte among the numbers is found by the archive's sum, when the array is asked for.
    let at = bytes.windows(8).position(|bytes| bytes == 2.5_f64.to_le_bytes()).unwrap();
    let mut changed = bytes.clone();
    changed[at] ^= 1;
    fs::write(&file.0, &changed).unwrap();
    let read = Npz::load(&file.0).unwrap();
    let error = read.array::<f64>("x").unwrap_err();
    assert!(
        error.is_format() && error.to_string().contains(".npz: `x`: it is cut off or damaged"),
        "{error}"
    );
    assert!(read.labels("y").is_ok() && read.to_bytes().unwrap_err().is_format());
    // Weights are read by it, and what it wrote as weights.
    let params = Params::<f64>::from_npz(&Npz::new().with("x", &x).unwrap().to_bytes().unwrap()).unwrap();
    assert_eq!(params.view("x"), x.clone().into_dyn());
    assert_eq!(Npz::from_bytes(&params.to_npz().unwrap()).unwrap().array::<f64>("x").unwrap(), x.into_dyn());
}

#[test]
fn numbers_that_a_type_cannot_hold_are_refused() {
    let refused = |array: ArrayD<f64>, words: &str| {
        let error = from_npy::<usize>(&to_npy(&array).unwrap()).unwrap_err();
        assert!(error.is_number() && error.to_string().contains(words), "{error}");
    };
    refused(array![1.0, 0.5].into_dyn(), "it holds 0.5");
    refused(array![1.0, -1.0].into_dyn(), "it holds -1");
    refused(array![f64::NAN].into_dyn(), "it holds NaN");
    refused(array![1e300].into_dyn(), "it holds 1e300");
    assert_eq!(from_npy::<usize>(&to_npy(&array![2.0, 0.0]).unwrap()).unwrap(), array![2, 0].into_dyn());
    let error = from_npy::<f32>(&to_npy(&array![1e39]).unwrap()).unwrap_err();
    assert!(error.is_number() && error.to_string().contains("beyond the range of f32"), "{error}");
    assert!(to_npy(&array![usize::MAX]).unwrap_err().is_number());
    let deep = ArrayD::<f64>::zeros(IxDyn(&[1; 65]));
    assert!(to_npy(&deep).unwrap_err().is_shape());
    assert!(Npz::new().with("x", &deep).unwrap().to_bytes().unwrap_err().is_shape());
}
