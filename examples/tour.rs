//! The tour: every article in turn, the published figures beside those found here.
//!
//! ```text
//! cargo run --release --example tour
//! ```
//!
//! It takes a few seconds, draws the pictures into `target/gallery/`, and ends with how many figures equal the
//! published ones. If one does not, it is marked ✗ and the exit code is not zero. Where a published figure is a
//! misprint, the line says so.

mod common;

/// The articles, as chapters.
#[path = "."]
#[allow(dead_code, clippy::duplicate_mod, reason = "each has a `main` and brings `common` for itself")]
mod chapters {
    #[path = "banana.rs"]
    pub(crate) mod banana;
    #[path = "learning_rate.rs"]
    pub(crate) mod learning_rate;
    #[path = "linear_regression.rs"]
    pub(crate) mod linear_regression;
    #[path = "local_minimum.rs"]
    pub(crate) mod local_minimum;
    #[path = "numpy_descent.rs"]
    pub(crate) mod numpy_descent;
    #[path = "optimizer_race.rs"]
    pub(crate) mod optimizer_race;
    #[path = "step_strategies.rs"]
    pub(crate) mod step_strategies;
    #[path = "tangent_plane.rs"]
    pub(crate) mod tangent_plane;
}

use std::time::{Duration, Instant};

use chapters::*;
use common::{Show, Tally};
use indicatif::{ProgressBar, ProgressStyle};

/// A title, and what shows the figures.
type Chapter = (&'static str, fn(&mut Show));

const CHAPTERS: [Chapter; 8] = [
    (numpy_descent::TITLE, numpy_descent::run),
    (learning_rate::TITLE, learning_rate::run),
    (tangent_plane::TITLE, tangent_plane::run),
    (banana::TITLE, banana::run),
    (step_strategies::TITLE, step_strategies::run),
    (local_minimum::TITLE, local_minimum::run),
    (linear_regression::TITLE, linear_regression::run),
    (optimizer_race::TITLE, optimizer_race::run),
];

fn main() {
    let begun = Instant::now();
    // Drawn to stderr, below what is printed, and not at all if that is no terminal.
    let style = ProgressStyle::with_template("{spinner} [{bar:32}] {pos}/{len}  {wide_msg}").unwrap();
    let bar = ProgressBar::new(CHAPTERS.len() as u64).with_style(style.progress_chars("=> "));
    bar.enable_steady_tick(Duration::from_millis(100));

    let mut total = Tally::default();
    for (number, (title, chapter)) in (1..).zip(CHAPTERS) {
        bar.set_message(title);
        bar.suspend(|| println!("{number}. {title}\n"));
        let mut tally = Tally::default();
        chapter(&mut |what, here, published| {
            let line = tally.line(what, here, published);
            bar.suspend(|| println!("{line}"));
        });
        bar.suspend(|| println!());
        bar.inc(1);
        total.equal += tally.equal;
        total.misprints += tally.misprints;
        total.off += tally.off;
    }
    bar.finish_and_clear();

    let Tally { equal, misprints, off } = total;
    println!(
        "{equal} of {} figures equal the published ones, {misprints} are misprints there, {off} are off ({:.1} s)",
        equal + misprints + off,
        begun.elapsed().as_secs_f64(),
    );
    let mut pictures: Vec<_> =
        std::fs::read_dir(common::gallery("")).unwrap().map(|file| file.unwrap().path()).collect();
    pictures.sort();
    println!("\n{} pictures in target/gallery/:", pictures.len());
    pictures.iter().for_each(|file| println!("  {}", file.file_name().unwrap().to_string_lossy()));
    assert_eq!(off, 0, "the figures marked ✗ are not the published ones");
}
