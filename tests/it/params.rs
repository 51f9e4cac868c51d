//! Named parameters: the flat vector under the names, its sharing, and files exchanged with NumPy and safetensors.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use downhill::error::Error;
use downhill::params::{Element, Params};
use ndarray::{Array, Array2, ArrayD, IxDyn, ShapeBuilder, arr0, array, s};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::misuse::assert_mistake;

/// A folder of its own for a test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("downhill-params-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/params").join(name)
}

/// The numbers of the reference files: 0.25, -0.5, 0.75, ...
fn quarters<T: Element>(shape: &[usize]) -> ArrayD<T> {
    let number = |i: usize| 0.25 * (i + 1) as f64 * if i.is_multiple_of(2) { 1.0 } else { -1.0 };
    let numbers = (0..shape.iter().product()).map(|i| T::from(number(i)).unwrap()).collect();
    ArrayD::from_shape_vec(IxDyn(shape), numbers).unwrap()
}

fn network() -> Params<f64> {
    let mut params = Params::new();
    params.insert("w1", &quarters::<f64>(&[2, 3])).insert("b1", &quarters::<f64>(&[3]));
    params.insert("scale", &arr0(-0.5)).insert("none", &Array2::<f64>::zeros((0, 4)));
    params.insert("a.w", &quarters::<f64>(&[2, 1, 2]));
    params
}

/// One format of files, for the tests of what both do alike.
struct Format<T: Element> {
    name: &'static str,
    to: fn(&Params<T>) -> Result<Vec<u8>, Error>,
    from: fn(&[u8]) -> Result<Params<T>, Error>,
    save: fn(&Params<T>, &Path) -> Result<(), Error>,
    load: fn(&Path) -> Result<Params<T>, Error>,
    read: fn(&mut Params<T>, &Path) -> Result<(), Error>,
}

fn formats<T: Element>() -> [Format<T>; 2] {
    [
        Format {
            name: "safetensors",
            to: Params::to_safetensors,
            from: Params::from_safetensors,
            save: |params, path| params.save_safetensors(path),
            load: |path| Params::load_safetensors(path),
            read: |params, path| params.read_safetensors(path),
        },
        Format {
            name: "npz",
            to: Params::to_npz,
            from: Params::from_npz,
            save: |params, path| params.save_npz(path),
            load: |path| Params::load_npz(path),
            read: |params, path| params.read_npz(path),
        },
    ]
}

/// A zip archive of these files.
fn archive_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn arrays_of_every_layout_are_stored_row_major_in_the_order_of_insertion() {
    let wide = Array::from_shape_fn((4, 6), |(i, j)| (10 * i + j) as f64);
    let mut columns = Array2::zeros((2, 3).f());
    columns.assign(&array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);

    let mut params = Params::new();
    params.insert("columns", &columns);
    params.insert("stepped", wide.slice(s![1..;2, ..;-3]));
    params.insert("turned", columns.t());
    params.insert(String::from("slice"), &[7.0, 8.0][..]);
    params.insert("vec", &vec![9.0]);
    params.insert("number", &arr0(10.0));

    assert_eq!(params.view("columns"), columns.view().into_dyn());
    assert_eq!(params.view("stepped"), wide.slice(s![1..;2, ..;-3]).into_dyn());
    assert_eq!(params.view("turned"), columns.t().into_dyn());
    assert_eq!(params.view("number").shape(), [0; 0]);
    assert_eq!(params.view("number")[[]], 10.0);
    let flat: Vec<f64> =
        params.iter().flat_map(|(_, array)| array.into_iter().copied().collect::<Vec<_>>()).collect();
    assert_eq!(params.values(), flat);
    assert_eq!(params.values()[..6], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert!(params.layout().names().eq(["columns", "stepped", "turned", "slice", "vec", "number"]));
}

#[test]
fn the_ranges_of_a_layout_follow_one_another_without_gaps() {
    let params = network();
    let mut end = 0;
    for (name, block) in params.layout().iter() {
        assert_eq!(block.range().start, end, "{name}");
        assert_eq!(block.range().len(), block.shape().iter().product::<usize>(), "{name}");
        assert_eq!(params.layout().range(name), block.range());
        assert_eq!(params.layout().shape(name), block.shape());
        end = block.range().end;
    }
    assert_eq!((end, params.layout().len(), params.len()), (14, 14, 14));
    assert_eq!((params.layout().names().len(), params.iter().len()), (5, 5));
    assert!(Params::<f32>::new().is_empty() && Params::<f32>::new().layout().is_empty());
}

#[test]
fn layouts_are_equal_if_names_shapes_and_order_are() {
    let of = |arrays: &[(&str, &[usize])]| {
        let mut params = Params::<f64>::new();
        for (name, shape) in arrays {
            params.insert(*name, &ArrayD::zeros(*shape));
        }
        params
    };
    let one = of(&[("a", &[2]), ("b", &[0])]);
    assert_eq!(one.layout(), of(&[("a", &[2]), ("b", &[0])]).layout());
    assert_ne!(one.layout(), of(&[("b", &[0]), ("a", &[2])]).layout());
    assert_ne!(one.layout(), of(&[("a", &[2]), ("b", &[0, 1])]).layout());
    assert_ne!(one.layout(), of(&[("a", &[2]), ("c", &[0])]).layout());
    // Without numbers, nothing but the order tells these apart.
    assert_ne!(of(&[("a", &[0]), ("b", &[0])]).layout(), of(&[("b", &[0]), ("a", &[0])]).layout());
    assert_eq!(one.layout(), one.to_f32().layout());
}

#[test]
fn views_write_through_to_the_flat_vector_and_back() {
    let mut params = network();
    params.view_mut("b1").fill(9.0);
    let range = params.layout().range("b1");
    assert_eq!(params.values()[range], [9.0; 3]);
    params.values_mut()[4] = 8.0;
    assert_eq!(params.view("w1")[[1, 1]], 8.0);
    let numbers: Vec<f64> = (0..14).map(f64::from).collect();
    params.set_values(&numbers);
    assert_eq!(params.values(), numbers);
    let gradient = params.zeros_like();
    assert!(gradient.values().iter().all(|&g| g == 0.0));
    assert!(Arc::ptr_eq(gradient.layout(), params.layout()));
}

#[test]
fn a_clone_shares_the_numbers_until_one_is_written_to() {
    let mut params = network();
    let own = params.values().as_ptr();
    params.values_mut()[0] = 1.0;
    params.view_mut("w1")[[0, 0]] = 2.0;
    assert_eq!(params.values().as_ptr(), own, "nobody shares the numbers: no copy");

    let clone = params.clone();
    assert_eq!(clone.values().as_ptr(), own);
    params.values_mut()[0] = 3.0;
    assert_eq!((params.values()[0], clone.values()[0]), (3.0, 2.0));
    assert_eq!(clone.values().as_ptr(), own);

    for write in [
        |params: &mut Params| params.set_values(&[0.0; 14]),
        |params: &mut Params| params.view_mut("scale").fill(0.0),
        |params: &mut Params| {
            params.insert("more", &[1.0]);
        },
        |params: &mut Params| params.assign(&network()).unwrap(),
    ] {
        let mut written = clone.clone();
        write(&mut written);
        assert_ne!(written, clone);
        assert_eq!((clone.values()[0], clone.len()), (2.0, 14));
    }
}

#[test]
fn numbers_are_converted_between_the_two_types() {
    let params = network();
    assert_eq!(params.to_f32().to_f64(), params, "quarters are exact in both");
    let third = params.with_values(vec![1.0 / 3.0; 14]);
    assert_eq!(third.to_f32().values()[0], (1.0 / 3.0) as f32);
    assert_eq!(third.to_f64(), third);
}

#[test]
fn parameters_print_as_a_table() {
    let mut params = Params::<f32>::new();
    params.insert("dense.w", &Array2::zeros((784, 1300))).insert("größe", &arr0(1.0));
    let table = "\
name           shape    numbers
dense.w  [784, 1300]  1,019,200
größe             []          1
total            f32  1,019,201";
    assert_eq!(params.to_string(), table);
    assert_eq!(params.layout().to_string(), table.replace("f32", "   "));
    assert_eq!(Params::<f64>::new().to_string(), "name   shape  numbers\ntotal    f64        0");
    let shown = format!("{params:?}");
    assert!(shown.starts_with("{\"dense.w\": [[0.0, 0.0") && shown.len() < 5_000, "{shown}");
}

#[test]
fn mistakes_are_reported_at_their_line() {
    let mut params = network();
    let words = "downhill: a parameter named `b1` is there already, of shape [3], and one of shape [2, 2] was to be inserted";
    assert_mistake(line!(), words, || params.insert("b1", &array![[1.0, 2.0], [3.0, 4.0]]).len());
    assert_eq!(params, network(), "what failed changed nothing");
    let words = "downhill: no parameter is named `w2`: ask for one of `w1`, `b1`, `scale`, `none`, `a.w`";
    assert_mistake(line!(), words, || params.view("w2").sum());
    assert_mistake(line!(), words, || params.view_mut("w2").fill(0.0));
    assert_mistake(line!(), words, || params.layout().shape("w2").len());
    assert_mistake(line!(), words, || params.layout().range("w2"));
    let words = "downhill: the parameters are 14 numbers, and 2 were given";
    assert_mistake(line!(), words, || params.set_values(&[1.0, 2.0]));
    assert_mistake(line!(), words, || params.with_values(vec![1.0, 2.0]));

    let mut many = Params::new();
    for i in 0..15 {
        many.insert(format!("p{i}"), &[0.0]);
    }
    assert_mistake(line!(), "`p10`, `p11` and 3 more", || many.view("q").sum());
}

#[test]
fn names_and_shapes_that_differ_are_listed_and_nothing_is_assigned() {
    let mut params = network();
    let mut other = Params::new();
    other.insert("w1", &[1.0]).insert("c", &[1.0]).insert("d", &[1.0]);
    let error = params.assign(&other).unwrap_err();
    assert!(error.is_name());
    assert_eq!(
        error.to_string(),
        "nothing is given for `b1`, `scale`, `none`, `a.w`, and there is no parameter for what is given as `c`, `d`: the \
         names must be the same"
    );
    let mut turned = Params::new();
    for (name, array) in params.iter() {
        turned.insert(name, array.t());
    }
    let error = params.assign(&turned).unwrap_err();
    assert!(error.is_shape());
    assert_eq!(
        error.to_string(),
        "`w1` has shape [2, 3], and the array given for it [3, 2]: give one of the same shape"
    );
    assert_eq!(params, network());
}

/// All bits of both types, signalling NaNs among them.
fn assert_round_trip<T: Element>(random: impl Fn(&mut StdRng) -> T, bits: impl Fn(&T) -> u64) {
    let mut rng = StdRng::seed_from_u64(20260301);
    let shapes: [&[usize]; 9] =
        [&[], &[1], &[0], &[3, 0, 2], &[5], &[2, 3], &[1, 1, 1, 1], &[4, 1, 3], &[7, 11]];
    for format in formats::<T>() {
        let mut params = Params::new();
        for name in ["z", "y.weight", "ä/ö\\ü \"quoted\" 'too'", "", "x.npy", "../up", "/root/", "a b", "\n"]
        {
            let shape = shapes[params.layout().names().len()];
            params.insert(name, &ArrayD::from_shape_simple_fn(shape, || random(&mut rng)));
            let back = (format.from)(&(format.to)(&params).unwrap()).unwrap();
            assert_eq!(back.layout(), params.layout(), "{}", format.name);
            assert!(back.values().iter().map(&bits).eq(params.values().iter().map(&bits)), "{}", format.name);
        }
        let none = (format.from)(&(format.to)(&Params::new()).unwrap()).unwrap();
        assert_eq!(none, Params::new());
    }
}

#[test]
fn what_is_written_is_read_back_bit_for_bit() {
    assert_round_trip(|rng| f64::from_bits(rng.random()), |x| x.to_bits());
    assert_round_trip(|rng| f32::from_bits(rng.random()), |x| u64::from(x.to_bits()));
}

#[test]
fn the_same_parameters_are_the_same_bytes() {
    for format in formats::<f64>() {
        assert_eq!((format.to)(&network()), (format.to)(&network()), "{}", format.name);
    }
}

#[test]
fn numbers_are_read_as_either_type() {
    let params = network();
    let narrow = params.to_f32();
    assert_eq!(Params::<f64>::from_npz(&narrow.to_npz().unwrap()).unwrap(), params);
    assert_eq!(Params::<f64>::from_safetensors(&narrow.to_safetensors().unwrap()).unwrap(), params);
    assert_eq!(Params::<f32>::from_npz(&params.to_npz().unwrap()).unwrap(), narrow);
    assert_eq!(Params::<f32>::from_safetensors(&params.to_safetensors().unwrap()).unwrap(), narrow);
}

/// The arrays that `params.py` writes into both files.
fn exchanged<T: Element>() -> Vec<(&'static str, ArrayD<T>)> {
    let shapes: [(&str, &[usize]); 8] = [
        ("w", &[2, 3]),
        ("half", &[4]),
        ("columns", &[2, 3, 4]),
        ("scalar", &[]),
        ("empty", &[0, 3]),
        ("big_endian", &[5]),
        ("layer.0/bias", &[1]),
        ("größe", &[2]),
    ];
    shapes.map(|(name, shape)| (name, quarters(shape))).to_vec()
}

fn assert_exchanged<T: Element>() {
    for name in ["numpy.npz", "compressed.npz"] {
        let params = Params::<T>::load_npz(reference(name)).unwrap();
        let expected = exchanged::<T>();
        assert!(
            params.layout().names().eq(expected.iter().map(|(name, _)| *name)),
            "the order of the archive"
        );
        for (name, array) in expected {
            assert_eq!(params.view(name), array, "{name}");
        }
    }
    let params = Params::<T>::load_safetensors(reference("numpy.safetensors")).unwrap();
    let mut expected = exchanged::<T>();
    expected.push(("brain", quarters(&[3])));
    // Sorted by that library: wide types first, then by name.
    let sorted = ["columns", "empty", "größe", "scalar", "big_endian", "layer.0/bias", "w", "brain", "half"];
    assert!(params.layout().names().eq(sorted), "{:?}", params.layout());
    for (name, array) in expected {
        assert_eq!(params.view(name), array, "{name}");
    }
}

#[test]
fn files_of_numpy_and_safetensors_are_read_in_every_type_of_float_and_order_of_memory() {
    assert_exchanged::<f64>();
    assert_exchanged::<f32>();
    assert_eq!(Params::<f64>::load_npz(reference("none.npz")).unwrap(), Params::new());
    assert_eq!(Params::<f64>::load_safetensors(reference("none.safetensors")).unwrap(), Params::new());
}

#[test]
fn f64_is_rounded_to_f32_but_not_to_an_infinity() {
    let rounded = Params::<f32>::load_npz(reference("rounded.npz")).unwrap();
    let &[tenth, tiny, nan, infinite, zero] = rounded.values() else { panic!("five numbers") };
    assert_eq!((tenth, tiny, infinite), (0.1, 0.0, f32::INFINITY));
    assert!(nan.is_nan() && zero.is_sign_negative());

    let beyond = "`x`: it holds 1e300, beyond the range of f32: read it as f64";
    let error = Params::<f32>::load_npz(reference("beyond.npz")).unwrap_err();
    assert!(error.is_number() && error.to_string().contains(beyond), "{error}");
    let error = Params::<f32>::load_safetensors(reference("beyond.safetensors")).unwrap_err();
    assert!(error.is_number() && error.to_string().contains(beyond), "{error}");
    assert_eq!(Params::<f64>::load_npz(reference("beyond.npz")).unwrap().values(), [1.0, 1e300]);
}

#[test]
fn arrays_of_other_types_are_refused_by_name() {
    let load = Params::<f64>::load_npz;
    let refused: [(Error, &str); 3] = [
        (load(reference("integers.npz")).unwrap_err(), "`steps`: its numbers are of type `<i8`"),
        (
            load(reference("structured.npz")).unwrap_err(),
            "`pairs`: its numbers are of type `[('a', '<f8'), ('b', '<i4')]`",
        ),
        (
            Params::<f64>::load_safetensors(reference("integers.safetensors")).unwrap_err(),
            "`steps`: its numbers are of type I64",
        ),
    ];
    for (error, words) in refused {
        assert!(error.is_number() && error.to_string().contains(words), "{error}");
    }
    let error = load(reference("single.npy")).unwrap_err();
    assert!(error.is_format() && error.to_string().contains("single.npy: this is one array"), "{error}");
}

#[test]
fn a_file_is_read_into_parameters_by_name() {
    let folder = Folder::new();
    for format in formats::<f64>() {
        let path = folder.path(format.name);
        (format.save)(&network(), &path).unwrap();
        let mut params = Params::new();
        for (name, array) in network().iter().collect::<Vec<_>>().into_iter().rev() {
            params.insert(name, &ArrayD::zeros(array.shape()));
        }
        let layout = Arc::clone(params.layout());
        (format.read)(&mut params, &path).unwrap();
        assert!(Arc::ptr_eq(params.layout(), &layout));
        assert!(network().iter().all(|(name, array)| params.view(name) == array));

        params.insert("more", &[5.0]);
        let before = params.clone();
        let error = (format.read)(&mut params, &path).unwrap_err();
        assert!(error.is_name(), "{error}");
        let start = format!("the file {}: nothing is given for `more`", path.display());
        assert!(error.to_string().starts_with(&start), "{error}");
        assert_eq!(params, before);
    }
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let folder = Folder::new();
    for format in formats::<f64>() {
        let path = folder.path(format.name);
        (format.save)(&network(), &path).unwrap();
        let more = network().with_values(vec![1.0; 14]);
        (format.save)(&more, &path).unwrap();
        assert_eq!((format.load)(&path).unwrap(), more);

        let missing = folder.path("missing").join(format.name);
        let error = (format.save)(&more, &missing).unwrap_err();
        assert!(error.is_file() && error.to_string().contains(&missing.display().to_string()), "{error}");
        assert!((format.save)(&more, &folder.0).unwrap_err().is_file(), "a folder");
        assert!((format.save)(&more, Path::new("")).unwrap_err().is_file(), "no name");
        assert!((format.load)(&missing).unwrap_err().is_file());
        assert!((format.load)(&folder.0).unwrap_err().is_file(), "a folder");
    }
    assert_eq!(folder.names(), ["npz", "safetensors"], "nothing is left behind");
}

#[cfg(unix)]
#[test]
fn links_and_permissions_survive_a_replacement() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let (path, link) = (folder.path("real.npz"), folder.path("link.npz"));
    network().save_npz(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink(&path, &link).unwrap();
    let more = network().with_values(vec![1.0; 14]);
    more.save_npz(&link).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(Params::<f64>::load_npz(&path).unwrap(), more);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn names_that_a_format_cannot_hold_are_errors() {
    let named = |name: &str| {
        let mut params = Params::<f64>::new();
        params.insert(name, &[1.0]);
        params
    };
    assert!(named("__metadata__").to_safetensors().unwrap_err().is_name());
    assert!(named("__metadata__").to_npz().is_ok());
    assert!(named("a\0b").to_npz().unwrap_err().is_name());
    assert!(named("a\0b").to_safetensors().is_ok());
    assert!(named(&"n".repeat(60_001)).to_npz().unwrap_err().is_name());
    let longest = named(&"n".repeat(60_000));
    assert_eq!(Params::from_npz(&longest.to_npz().unwrap()).unwrap(), longest);
    let mut axes = Params::new();
    axes.insert("a", &ArrayD::<f64>::zeros(vec![1; 65]));
    assert!(axes.to_npz().unwrap_err().is_shape());
}

#[test]
fn the_order_in_the_metadata_is_used_as_far_as_it_fits_the_file() {
    let mut params = Params::new();
    params.insert("c", &[1.0]).insert("a", &[2.0]).insert("b", &[3.0]);
    let bytes = params.to_safetensors().unwrap();
    let order = br#""[\"c\",\"a\",\"b\"]""#;
    let at = bytes.windows(order.len()).position(|window| window == order).expect("the list of names");
    let with = |list: &[u8; 21]| {
        let mut changed = bytes.clone();
        changed[at..at + order.len()].copy_from_slice(list);
        let params = Params::<f64>::from_safetensors(&changed).unwrap();
        params.layout().names().collect::<Vec<_>>().join("")
    };
    assert_eq!(with(br#""[\"c\",\"a\",\"b\"]""#), "cab");
    assert_eq!(with(br#""[\"b\",\"x\",\"b\"]""#), "bac", "unknown and repeated names are passed over");
    assert_eq!(with(br#""(\"c\",\"a\",\"b\"]""#), "abc", "no list");
}

/// What reads `bytes`, which are damaged, ends with an error or with other numbers, and never with a panic.
fn read_all(bytes: &[u8]) -> [Result<usize, Error>; 3] {
    [
        Params::<f64>::from_safetensors(bytes).map(|params| params.len()),
        Params::<f64>::from_npz(bytes).map(|params| params.len()),
        Params::<f32>::from_npz(bytes).map(|params| params.len()),
    ]
}

#[test]
fn a_file_cut_off_at_any_length_is_an_error() {
    let folder = Folder::new();
    let mut files: Vec<Vec<u8>> =
        formats::<f64>().iter().map(|format| (format.to)(&network()).unwrap()).collect();
    for name in ["numpy.npz", "compressed.npz", "numpy.safetensors"] {
        files.push(fs::read(reference(name)).unwrap());
    }
    for file in &files {
        for end in 0..file.len() {
            for outcome in read_all(&file[..end]) {
                let error = outcome.expect_err("a part of a file");
                assert!(error.is_format(), "{end} of {}: {error}", file.len());
            }
        }
    }
    let path = folder.path("cut");
    fs::write(&path, &files[0][..40]).unwrap();
    let error = Params::<f64>::load_safetensors(&path).unwrap_err().to_string();
    let start =
        format!("the file {}: this is no safetensors file, or a damaged one, of 40 bytes:", path.display());
    assert!(error.starts_with(&start), "{error}");
}

#[test]
fn changed_bits_never_panic_and_are_found_in_archives() {
    let mut rng = StdRng::seed_from_u64(7);
    let safetensors = network().to_safetensors().unwrap();
    let names = ["numpy.npz", "compressed.npz", "numpy.safetensors"];
    let mut files: Vec<Vec<u8>> = names.iter().map(|name| fs::read(reference(name)).unwrap()).collect();
    files.extend([safetensors, network().to_npz().unwrap()]);
    for file in &files {
        for round in 0..6_000 {
            let mut damaged = file.clone();
            for _ in 0..1 + round % 4 {
                let at = rng.random_range(0..damaged.len());
                damaged[at] ^= 1 << rng.random_range(0..8);
            }
            let _ = read_all(&damaged);
        }
        // The header, in every bit.
        for at in 0..file.len().min(400) {
            for bit in 0..8 {
                let mut damaged = file.clone();
                damaged[at] ^= 1 << bit;
                let _ = read_all(&damaged);
            }
        }
    }
    // A changed number in an archive does not pass: it has check sums.
    let archive = network().to_npz().unwrap();
    let number = 0.75_f64.to_le_bytes();
    let at = archive.windows(8).position(|window| window == number).expect("the third number of w1");
    let mut damaged = archive;
    damaged[at] ^= 1;
    let error = Params::<f64>::from_npz(&damaged).unwrap_err();
    assert!(error.is_format() && error.to_string().starts_with("`w1`: it is cut off or damaged"), "{error}");
}

#[test]
fn headers_that_promise_more_than_there_is_take_no_memory() {
    let shapes = [
        "(1000000000000,)",
        "(0, 4611686018427387904, 4)",
        "(18446744073709551615,)",
        "(4294967296, 4294967296)",
    ];
    for shape in shapes {
        let header = format!("{{'descr': '<f8', 'fortran_order': True, 'shape': {shape}, }}\n");
        let mut npy = b"\x93NUMPY\x01\x00".to_vec();
        npy.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
        npy.extend(header.as_bytes());
        let error = Params::<f64>::from_npz(&archive_of(&[("w.npy", &npy)])).unwrap_err();
        assert!(error.is_format() && error.to_string().starts_with("`w`: "), "{error}");
    }
    let error =
        Params::<f64>::from_npz(&archive_of(&[("w.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\xff")])).unwrap_err();
    assert!(error.is_format(), "{error}");
    let header = r#"{"w":{"dtype":"F64","shape":[0,4611686018427387904,4],"data_offsets":[0,0]}}"#;
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    let error = Params::<f64>::from_safetensors(&bytes).unwrap_err();
    assert!(error.is_format() && error.to_string().contains("its shape"), "{error}");
}

#[test]
fn archives_of_other_things_are_errors() {
    let two = network().to_npz().unwrap();
    assert!(Params::<f64>::from_npz(&two).is_ok());
    for name in ["archive/data.pkl", "w.npy"] {
        let error = Params::<f64>::from_npz(&archive_of(&[(name, b"something else")])).unwrap_err();
        assert!(error.is_format() && error.to_string().contains("it is no .npy file"), "{error}");
    }
    let whole =
        b"\x93NUMPY\x01\x00\x36\x00{'descr':'<f8','fortran_order':False,'shape':(1,)}   \n\0\0\0\0\0\0\0\0";
    assert_eq!(Params::<f64>::from_npz(&archive_of(&[("w.npy", whole)])).unwrap().values(), [0.0]);
    let error = Params::<f64>::from_npz(&archive_of(&[("w.npy", whole), ("w", whole)])).unwrap_err();
    assert!(error.is_format() && error.to_string().contains("the name `w` occurs twice"), "{error}");
    let longer = [&whole[..], b"\0"].concat();
    let error = Params::<f64>::from_npz(&archive_of(&[("w.npy", &longer)])).unwrap_err();
    assert!(error.is_format() && error.to_string().contains("takes 8 bytes, and there are more"), "{error}");
}
