//! Data sets, batches, splits, scaling, tables and arrays in files.

mod batches;
mod csv;
mod npy;
mod scaling;
mod split;
mod synthetic;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, process};

use serde_json::Value;

fn reference() -> Value {
    serde_json::from_str(include_str!("../reference/data.json")).unwrap()
}

fn reference_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/data").join(name)
}

/// Numbers are strings in the file, so that none loses a bit.
fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_str().unwrap().parse().unwrap()).collect()
}

fn whole(value: &Value) -> Vec<usize> {
    value.as_array().unwrap().iter().map(|x| x.as_u64().unwrap() as usize).collect()
}

#[track_caller]
fn assert_close(given: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(given.len(), expected.len());
    for (i, (given, expected)) in given.iter().zip(expected).enumerate() {
        let scale = expected.abs().max(1.0);
        assert!((given - expected).abs() <= tolerance * scale, "number {i}: {given}, expected {expected}");
    }
}

/// A file of its own for a test, removed at its end.
struct File(PathBuf);

impl File {
    fn new(ending: &str) -> File {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        File(env::temp_dir().join(format!("downhill-data-{}-{count}.{ending}", process::id())))
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
