//! A run of training: what it counts, when it ends, and that it survives being killed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use downhill::params::Params;
use downhill::prelude::*;
use downhill::saved;
use downhill::train::Training;
use ndarray::array;
use serde::{Deserialize, Serialize};

use crate::misuse::assert_mistake;
use crate::saved::folder;

/// All a run needs to go on.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct State {
    params: Params<f32>,
    optimizer: Optimizer<Adam, f32>,
    random: u64,
}

impl State {
    fn new() -> State {
        let mut params = Params::new();
        params.insert("w", &array![[1.0, -2.0], [0.5, 3.0]]).insert("b", &[0.1, 0.2]);
        let optimizer = Adam::new(LearningRate::decay(0.05, 0.999, 0.0)).optimizer_for(&params);
        State { params, optimizer, random: 1 }
    }

    /// A noisy step; returns the loss it began from.
    fn step(&mut self) -> f64 {
        self.random = self.random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let noise = (self.random >> 40) as f32 / (1 << 24) as f32 - 0.5;
        let gradient: Vec<f32> = self.params.values().iter().map(|x| x + noise).collect();
        self.optimizer.step(self.params.values_mut(), &gradient);
        self.loss()
    }

    fn loss(&self) -> f64 {
        self.params.values().iter().map(|&x| f64::from(x * x)).sum()
    }

    fn bits(&self) -> Vec<u32> {
        self.params.values().iter().map(|x| x.to_bits()).collect()
    }
}

const EPOCHS: usize = 12;
const STEPS: usize = 50;

/// Trains to the end, from what is saved in the folder or from the start; the end is written to `end`.
fn train(folder: &Path, pause: Duration) {
    let mut training = Training::new(EPOCHS).save_every(7, folder.join("run.state")).stop_on_ctrl_c();
    let mut state = training.begin(State::new()).unwrap();
    while training.epoch() {
        for _ in training.steps_left(STEPS) {
            let loss = state.step();
            if !training.step(loss, &state).unwrap() {
                break;
            }
            std::thread::sleep(pause);
        }
        training.validate(state.loss(), &state).unwrap();
    }
    if training.is_interrupted() {
        return;
    }
    let losses: Vec<(u64, usize)> =
        training.history().iter().map(|epoch| (epoch.loss.to_bits(), epoch.steps)).collect();
    saved::save(folder.join("end"), &(state.bits(), losses)).unwrap();
}

/// What the process that is killed runs; nothing, unless it is told where.
#[test]
fn a_run_to_be_killed() {
    if let Some(folder) = std::env::var_os("DOWNHILL_TEST_KILLED_RUN") {
        train(Path::new(&folder), Duration::from_millis(1));
    }
}

#[test]
fn a_run_killed_at_twenty_random_moments_ends_with_the_same_bits() {
    type End = (Vec<u32>, Vec<(u64, usize)>);
    let whole = folder("whole-run");
    train(&whole, Duration::ZERO);
    let expected: End = saved::load(whole.join("end")).unwrap();
    assert_eq!(expected.1.len(), EPOCHS);

    let (mut kills, mut random) = (0, 7_u64);
    for series in 0.. {
        let folder = folder(&format!("killed-run-{series}"));
        while !folder.join("end").exists() {
            let mut process = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "train::a_run_to_be_killed"])
                .env("DOWNHILL_TEST_KILLED_RUN", &folder)
                .stdout(Stdio::null())
                .spawn()
                .unwrap();
            random = random.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let moment = Instant::now() + Duration::from_micros(5_000 + (random >> 40) % 60_000);
            while Instant::now() < moment && process.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_micros(200));
            }
            if kills < 20 || process.try_wait().unwrap().is_some() {
                let over = process.try_wait().unwrap();
                kills += usize::from(over.is_none());
                process.kill().unwrap(); // SIGKILL
            }
            let status = process.wait().unwrap();
            assert!(status.success() || status.code().is_none(), "{status}");
        }
        let end: End = saved::load(folder.join("end")).unwrap();
        assert_eq!(end, expected);
        // Nothing is left of the files that were being written.
        assert!(saved::resume::<()>(folder.join("run.state")).is_err(), "of another kind");
        let mut names: Vec<String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.starts_with(".end."))
            .collect();
        names.sort();
        assert_eq!(names, ["end", "run.state", "run.state.before"]);
        fs::remove_dir_all(folder).unwrap();
        if kills >= 20 {
            break;
        }
    }
    fs::remove_dir_all(whole).unwrap();
}

#[test]
#[cfg(unix)]
fn ctrl_c_saves_and_leaves_and_the_run_goes_on_to_the_same_bits() {
    type End = (Vec<u32>, Vec<(u64, usize)>);
    let (whole, folder) = (folder("whole-left-run"), folder("left-run"));
    train(&whole, Duration::ZERO);
    let begin = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "train::a_run_to_be_killed", "--nocapture"])
            .env("DOWNHILL_TEST_KILLED_RUN", &folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let process = begin();
    let state = folder.join("run.state");
    while !state.exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let pid = process.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    let left = process.wait_with_output().unwrap();
    let said = String::from_utf8(left.stderr).unwrap();
    assert!(left.status.success() && said.contains("interrupted; the state is saved"), "{said}");
    assert!(!folder.join("end").exists());
    assert!(begin().wait().unwrap().success());
    let [end, expected]: [End; 2] = [&folder, &whole].map(|folder| saved::load(folder.join("end")).unwrap());
    assert_eq!(end, expected);
    fs::remove_dir_all(folder).unwrap();
    fs::remove_dir_all(whole).unwrap();
}

#[test]
fn a_run_ends_when_patience_does_and_keeps_the_best() {
    let folder = folder("patience");
    let losses = [3.0, 2.0, f64::NAN, 2.5, 2.0, 1.0];
    let mut training = Training::new(100).patience(3).keep_best(folder.join("best"));
    let mut epochs = training.begin(0_usize).unwrap();
    while training.epoch() {
        epochs += 1;
        assert!(training.step(0.5, &epochs).unwrap());
        let better = training.validate_with(losses[epochs - 1], Some(0.25), &epochs).unwrap();
        assert_eq!(better, epochs <= 2);
    }
    assert_eq!((epochs, training.steps(), training.best()), (5, 5, Some(2.0)));
    assert_eq!(saved::load::<usize>(folder.join("best")).unwrap(), 2);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_history_is_a_table_and_a_picture() {
    let folder = folder("history");
    let mut training = Training::new(2).bar("a test");
    training.begin(()).unwrap();
    while training.epoch() {
        for _ in training.steps_left(4) {
            training.step(1.0 / training.epoch_number() as f64, &()).unwrap();
        }
        match training.epoch_number() {
            1 => assert!(training.validate(0.75, &()).unwrap()),
            _ => training.end_epoch(&()).unwrap(),
        }
    }
    let path = folder.join("history.csv");
    training.history().save_csv(&path).unwrap();
    let table = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "epoch,steps,loss,validation,measure,seconds");
    assert!(lines[1].starts_with("1,4,1.0,0.75,,") && lines[2].starts_with("2,8,0.5,,,"), "{table}");
    training.history().chart("A run").save(folder.join("history.svg")).unwrap();
    assert!(training.history().save_csv(folder.join("no/such/folder")).unwrap_err().is_file());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn an_interrupted_epoch_is_gone_on_with() {
    let folder = folder("interrupted");
    let begin = || Training::new(2).save_every(3, folder.join("state"));
    let mut first = begin();
    let mut sum = first.begin(0.0).unwrap();
    assert!(first.epoch());
    for k in first.steps_left(5).take(4) {
        sum += k as f64;
        first.step(sum, &sum).unwrap();
    }
    drop(first); // as by a crash: what was saved is of step 3
    let mut second = begin();
    let mut sum: f64 = second.begin(0.0).unwrap();
    assert_eq!((sum, second.steps(), second.steps_left(5)), (3.0, 3, 3..5));
    let mut epochs = 0;
    while second.epoch() {
        for k in second.steps_left(5) {
            sum += k as f64;
            second.step(sum, &sum).unwrap();
        }
        second.end_epoch(&sum).unwrap();
        epochs += 1;
    }
    assert_eq!((epochs, sum, second.steps()), (2, 20.0, 10));
    assert_eq!(begin().begin(0.0).unwrap(), 20.0);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn epochs_that_are_not_begun_or_not_ended_are_told() {
    let begin = || {
        let mut training = Training::new(3);
        training.begin(()).unwrap();
        training
    };
    let mut open = begin();
    assert!(open.epoch());
    open.step(1.0, &()).unwrap();
    let words = "the epoch after 1 was to begin, and 1 is not over: end each with `validate` or `end_epoch`";
    assert_mistake(line!(), words, || open.epoch());
    let words = "an epoch was to be gone on with, and none is under way";
    assert_mistake(line!(), words, || begin().step(1.0, &()));
    let words = "an epoch was to be ended, and none is under way";
    assert_mistake(line!(), words, || begin().validate(1.0, &()));
    assert_mistake(line!(), words, || begin().validate_with(1.0, None, &()));
    assert_mistake(line!(), words, || begin().end_epoch(&()));
    open.validate(1.0, &()).unwrap();
    assert_mistake(line!(), words, || open.end_epoch(&()));
    assert!(open.epoch());
    let words =
        "epoch 2 was to be ended without a step in it: there were no batches, or a resumed run began with";
    assert_mistake(line!(), words, || open.validate(1.0, &()));
    open.step(1.0, &()).unwrap();
    open.end_epoch(&()).unwrap();
    assert_eq!((open.history().len(), open.epoch(), open.epoch_number()), (2, true, 3));
}

#[test]
fn a_saved_run_is_not_overwritten_by_one_that_does_not_look_for_it() {
    let folder = folder("overwritten");
    let path = folder.join("state");
    let run = || Training::new(1).save_every(1, &path);
    let mut first = run();
    assert!(first.epoch()); // there is nothing to look for
    first.step(1.0, &1).unwrap();
    let words = "this one would overwrite it: call `Training::begin`";
    let mut second = run();
    assert_mistake(line!(), words, || second.epoch());
    assert_eq!(second.begin(0).unwrap(), 1);
    assert!(second.epoch() && !second.is_interrupted());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_run_that_could_not_begin_is_told() {
    assert_mistake(line!(), "`Training::patience` was given 0 validations", || Training::new(3).patience(0));
    let words = "`Training::save_every` was given 0 steps";
    assert_mistake(line!(), words, || Training::new(3).save_every(0, "state"));
}
