//! States in files: what comes back, and what is refused.

use std::fs;
use std::path::PathBuf;

use downhill::optim::transform::{Before, ClipValue};
use downhill::params::Params;
use downhill::prelude::*;
use downhill::saved::{load, resume, save};
use ndarray::array;
use serde::{Serialize, de::DeserializeOwned};

/// A folder of its own for a test, empty.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("downhill-test-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn numbers_come_back_with_the_same_bits() {
    let folder = folder("bits");
    let path = folder.join("numbers");
    let bits =
        [0, 1, 1 << 63, 0x7ff0_0000_0000_0000, 0x7ff8_0000_0000_0001, 0xfff0_0000_0000_0000, 0x3ff5_5555];
    let numbers: Vec<f64> = bits.iter().map(|&bits| f64::from_bits(bits)).collect();
    let singles: Vec<f32> = [0.1, f32::MIN_POSITIVE / 3.0, -0.0, f32::NAN].to_vec();
    save(&path, &(&numbers, &singles)).unwrap();
    let (again, single): (Vec<f64>, Vec<f32>) = load(&path).unwrap();
    assert!(again.iter().map(|x| x.to_bits()).eq(bits));
    assert!(single.iter().map(|x| x.to_bits()).eq(singles.iter().map(|x| x.to_bits())));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn parameters_come_back_with_names_shapes_and_order() {
    let folder = folder("params");
    let mut params = Params::<f32>::new();
    params.insert("w", &array![[1.0, 2.0], [3.0, 4.0]]).insert("empty", &Vec::new()).insert("b", &[0.1]);
    save(folder.join("params"), &params).unwrap();
    assert_eq!(load::<Params<f32>>(folder.join("params")).unwrap(), params);
    fs::remove_dir_all(folder).unwrap();
}

/// Saves the optimizer after 7 steps, and goes on with it and with what was read.
fn goes_on<R>(rule: R)
where
    R: Rule<f64, State: Serialize + DeserializeOwned> + Serialize + DeserializeOwned,
    R: Rule<f32, State: Serialize + DeserializeOwned>,
{
    let folder = folder("optimizer");
    let path = folder.join("state");
    let gradient = |x: &[f64], k: u32| [x[0] + f64::from(k % 3), 10.0 * x[1], -x[2]];
    let mut x = vec![1.0, -2.0, 0.5];
    let mut optimizer = rule.optimizer();
    for k in 0..7 {
        let g = gradient(&x, k);
        optimizer.step(&mut x, &g);
    }
    save(&path, &(&x, &optimizer)).unwrap();
    let (mut y, mut again): (Vec<f64>, Optimizer<R>) = load(&path).unwrap();
    assert_eq!((again.steps(), again.lr()), (7, optimizer.lr()));
    for k in 7..20 {
        let g = gradient(&x, k);
        optimizer.step(&mut x, &g);
        let g = gradient(&y, k);
        again.step(&mut y, &g);
    }
    assert!(x.iter().map(|x| x.to_bits()).eq(y.iter().map(|y| y.to_bits())), "{x:?} {y:?}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_optimizer_goes_on_as_if_nothing_had_happened() {
    goes_on(GradientDescent::new(LearningRate::decay(0.1, 0.9, 0.0)));
    goes_on(GradientDescent::new(LearningRate::by_angle(0.1, 0.001)));
    goes_on(Momentum::new(0.01));
    goes_on(Adam::new(0.1).clip_norm(1.0));
    goes_on(AdaGrad::new(0.1));
    goes_on(RmsProp::new(0.1));
}

#[test]
fn an_optimizer_of_named_arrays_keeps_its_groups() {
    use downhill::optim::Group;
    let folder = folder("groups");
    let mut params = Params::new();
    params.insert("w", &[1.0, 2.0]).insert("b", &[3.0]);
    let gradient = params.clone();
    let mut adam = Adam::new(0.1).optimizer_for(&params).group("w", Group::frozen());
    adam.step(&mut params, &gradient);
    save(folder.join("state"), &adam).unwrap();
    let mut again: Optimizer<Adam> = load(folder.join("state")).unwrap();
    let mut other = params.clone();
    adam.step(&mut params, &gradient);
    again.step(&mut other, &gradient);
    assert_eq!((params.values()[..2].to_vec(), &params), (vec![1.0, 2.0], &other));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_file_that_is_cut_off_or_changed_is_refused_and_the_one_before_taken() {
    let folder = folder("damage");
    let path = folder.join("state");
    let state = |k: usize| (k, vec![0.1 * k as f64; 5], "name".to_owned());
    save(&path, &state(1)).unwrap();
    save(&path, &state(2)).unwrap();
    let whole = fs::read(&path).unwrap();
    let refused = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let error = load::<(usize, Vec<f64>, String)>(&path).unwrap_err();
        assert!(error.is_format() && error.to_string().contains("state"), "{error}");
        let found = resume::<(usize, Vec<f64>, String)>(&path).unwrap().unwrap();
        assert_eq!((found.state, found.refused), (state(1), Some(error)));
    };
    (0..whole.len()).for_each(|length| refused(&whole[..length]));
    for bit in 0..8 * whole.len() {
        let mut changed = whole.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        refused(&changed);
    }
    refused(&[&whole[..], &[0]].concat());
    // A damaged file does not take the place of the whole one before it.
    save(&path, &state(3)).unwrap();
    fs::write(&path, &whole[..10]).unwrap();
    assert_eq!(resume::<(usize, Vec<f64>, String)>(&path).unwrap().unwrap().state, state(1));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_state_of_another_kind_is_refused() {
    let folder = folder("kind");
    let path = folder.join("state");
    let mut x = [1.0];
    let mut momentum = Momentum::new(0.1).optimizer();
    momentum.step(&mut x, &[1.0]);
    save(&path, &momentum).unwrap();
    let error = load::<Optimizer<Adam>>(&path).unwrap_err();
    assert!(error.is_format() && error.to_string().contains("another kind"), "{error}");
    assert!(load::<Vec<f64>>(&path).is_err());
    // With fields of the same names, and before there is anything that a rule remembers.
    save(&path, &Adam::new(0.1).weight_decay(0.5).optimizer()).unwrap();
    let error = load::<Optimizer<AdamW>>(&path).unwrap_err();
    assert!(error.to_string().contains("of the kind `Adam of f64` in place of `AdamW of f64`"), "{error}");
    save(&path, &Momentum::new(0.1).clip_norm(1.0).optimizer_for(&[1.0_f32])).unwrap();
    let error = load::<Optimizer<Before<ClipValue, Nesterov>, f32>>(&path).unwrap_err();
    let kinds = "`Before<ClipNorm, Momentum> of f32` in place of `Before<ClipValue, Nesterov> of f32`";
    assert!(error.to_string().contains(kinds), "{error}");
    // Numbers that would be rounded.
    save(&path, &Adam::new(0.1).optimizer()).unwrap();
    assert!(load::<Optimizer<Adam, f32>>(&path).unwrap_err().to_string().contains("of f64` in place of"));
    let mut params = Params::new();
    params.insert("w", &[0.1]);
    save(&path, &params).unwrap();
    assert_eq!(load::<Params>(&path).unwrap(), params);
    assert!(
        load::<Params<f32>>(&path).unwrap_err().to_string().contains("parameters of f64 in place of f32")
    );
    assert!(load::<f64>(folder.join("no such")).unwrap_err().is_file());
    assert!(resume::<f64>(folder.join("no such")).unwrap().is_none());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn only_what_saving_has_left_is_removed() {
    let folder = folder("left");
    let path = folder.join("run");
    save(&path, &1).unwrap();
    let others = [".run.state.77-0.tmp", ".run.notes.tmp", ".run.7-.tmp", ".run.77-0", ".runs.77-0.tmp"];
    for name in others.into_iter().chain([".run.77-0.tmp", ".run.8-12.tmp"]) {
        fs::write(folder.join(name), "").unwrap();
    }
    resume::<i32>(&path).unwrap();
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut expected = [&others[..], &["run"]].concat();
    expected.sort_unstable();
    assert_eq!(names, expected);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_link_to_another_disk_is_saved_through() {
    use std::os::unix::fs::{MetadataExt, symlink};
    let (folder, memory) = (folder("linked"), PathBuf::from("/dev/shm"));
    let disk = |path: &PathBuf| fs::metadata(path).map(|known| known.dev()).ok();
    let there = memory.join(format!("downhill-test-linked-{}", std::process::id()));
    if disk(&memory).is_none() || disk(&memory) == disk(&folder) || fs::write(&there, "").is_err() {
        return; // one disk only
    }
    let path = folder.join("state");
    symlink(&there, &path).unwrap();
    (1..4).for_each(|k| save(&path, &k).unwrap());
    assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    assert_eq!((load::<i32>(&there).unwrap(), load::<i32>(folder.join("state.before")).unwrap()), (3, 2));
    fs::write(&there, "damaged").unwrap();
    assert_eq!(resume::<i32>(&path).unwrap().unwrap().state, 2);
    fs::remove_file(there).unwrap();
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn who_reads_while_it_is_saved_finds_the_old_state_or_the_new_one() {
    let folder = folder("read");
    let path = folder.join("state");
    save(&path, &0).unwrap();
    std::thread::scope(|scope| {
        let saving = scope.spawn(|| (1..=50).for_each(|k| save(&path, &k).unwrap()));
        let mut last = 0;
        while !saving.is_finished() {
            let now: i32 = load(&path).unwrap();
            assert!(now >= last);
            last = now;
        }
    });
    assert_eq!((load::<i32>(&path).unwrap(), load::<i32>(folder.join("state.before")).unwrap()), (50, 49));
    fs::remove_dir_all(folder).unwrap();
}
