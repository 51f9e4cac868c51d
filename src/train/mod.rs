//! A loop of training that shows its progress, stops early, and can be killed and resumed. The loop stays yours.
//!
//! ```
//! use downhill::prelude::*;
//! use downhill::train::Training;
//!
//! # let folder = std::env::temp_dir().join(format!("downhill-doc-train-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder).unwrap();
//! # let path = folder.join("run.state");
//! // Whatever a run needs to go on is one state: here the variables and the optimizer.
//! let mut training = Training::new(20).patience(3).save_every(100, &path);
//! let mut state = training.begin((vec![5.0, -3.0], Adam::new(0.1).optimizer()))?;
//! while training.epoch() {
//!     for _ in training.steps_left(10) {
//!         let (x, adam) = &mut state;
//!         let loss = x[0] * x[0] + x[1] * x[1];
//!         let gradient = [2.0 * x[0], 2.0 * x[1]];
//!         adam.step(x, &gradient);
//!         if !training.step(loss, &state)? {
//!             break; // Ctrl-C
//!         }
//!     }
//!     let (x, _) = &state;
//!     training.validate(x[0] * x[0] + x[1] * x[1], &state)?;
//! }
//! let last = training.history().last().unwrap();
//! assert!(last.epoch == 20 && last.loss < 1.0);
//! training.history().save_csv(folder.join("history.csv"))?;
//! # std::fs::remove_dir_all(&folder).unwrap();
//! # Ok::<(), downhill::error::Error>(())
//! ```

mod history;
mod interrupt;
mod misuse;

use std::ops::Range;
use std::path::PathBuf;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use history::{Epoch, History};

use crate::error::Error;
use crate::saved;

/// The bookkeeping of a run: epochs, early stopping, a bar, a state saved every so often, Ctrl-C.
///
/// It knows nothing of what is trained. Your state (parameters, optimizer, order of the batches, generator of random
/// numbers) is anything `serde` can write; it is saved together with the counts kept here, so that a run that was killed
/// and is begun again goes on at the step after the last save, with the same numbers as one that was not.
#[derive(Debug)]
pub struct Training {
    epochs: usize,
    patience: Option<usize>,
    save: Option<(usize, PathBuf)>,
    best: Option<PathBuf>,
    ctrl_c: Option<interrupt::Listening>,
    bar: Option<ProgressBar>,
    counts: Counts,
    begun: Instant,
    left: bool,
    /// Whether the epoch under way was begun by this process, or gone on with in it.
    entered: bool,
    /// Whether what is in the file is known.
    looked: bool,
}

/// Where a run is; saved with the state.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Counts {
    /// Epochs begun.
    epoch: usize,
    /// Whether the last one begun is not over.
    within: bool,
    steps: usize,
    steps_of_epoch: usize,
    sum_of_losses: f64,
    /// The lowest validation loss, and the epochs since.
    best: Option<f64>,
    since_best: usize,
    seconds: f64,
    history: History,
}

#[derive(Serialize)]
struct Shown<'a, S> {
    counts: &'a Counts,
    state: &'a S,
}

#[derive(Deserialize)]
struct Read<S> {
    counts: Counts,
    state: S,
}

impl Training {
    /// A run of so many epochs.
    pub fn new(epochs: usize) -> Training {
        Training {
            epochs,
            patience: None,
            save: None,
            best: None,
            ctrl_c: None,
            bar: None,
            counts: Counts::default(),
            begun: Instant::now(),
            left: false,
            entered: false,
            looked: false,
        }
    }

    /// Ends the run when so many validations in a row have not lowered the loss; epochs without one do not count.
    ///
    /// # Panics
    ///
    /// If `validations` is 0.
    #[track_caller]
    pub fn patience(self, validations: usize) -> Training {
        assert!(
            validations > 0,
            "downhill: `Training::patience` was given 0 validations, and no run would begin; it needs at least 1"
        );
        Training { patience: Some(validations), ..self }
    }

    /// Saves the state to this file every so many steps, after each validation, and when the run is left; one that is
    /// there is resumed by [`begin`](Training::begin).
    ///
    /// # Panics
    ///
    /// If `steps` is 0.
    #[track_caller]
    pub fn save_every(self, steps: usize, path: impl Into<PathBuf>) -> Training {
        assert!(steps > 0, "downhill: `Training::save_every` was given 0 steps; it needs at least 1");
        Training { save: Some((steps, path.into())), ..self }
    }

    /// Saves the state to this file, for [`saved::load`], whenever the validation loss is lower than ever before.
    pub fn keep_best(self, path: impl Into<PathBuf>) -> Training {
        Training { best: Some(path.into()), ..self }
    }

    /// Draws a bar with the time left and the losses to stderr, if that is a terminal.
    pub fn bar(self, name: impl Into<String>) -> Training {
        let template = "{prefix} [{bar:32}] epoch {pos}/{len}, {eta} left  {wide_msg}";
        let style = ProgressStyle::with_template(template).expect("a valid template");
        let bar = ProgressBar::new(self.epochs as u64).with_style(style.progress_chars("=> "));
        Training { bar: Some(bar.with_prefix(name.into())), ..self }
    }

    /// Ctrl-C ends the run after the step under way, with the state saved; a second one ends the process, and so does the first
    /// when the run is over.
    ///
    /// It is meant for all runs of the process: those that begin later are left after a step. Where one run follows another,
    /// leave the loop if [`is_interrupted`](Training::is_interrupted).
    pub fn stop_on_ctrl_c(self) -> Training {
        Training { ctrl_c: Some(interrupt::listen()), ..self }
    }

    /// The state to begin with: the one saved, if there is one, or else `fresh`.
    ///
    /// # Errors
    ///
    /// If there are saved states but none can be used, see [`saved::resume`].
    pub fn begin<S: DeserializeOwned>(&mut self, fresh: S) -> Result<S, Error> {
        (self.begun, self.looked) = (Instant::now(), true);
        let Some((_, path)) = &self.save else { return Ok(fresh) };
        let Some(found) = saved::resume::<Read<S>>(path)? else { return Ok(fresh) };
        if let Some(why) = found.refused {
            self.say(&format!("{why}; the state saved before is taken"));
        }
        self.counts = found.state.counts;
        if let Some(bar) = &self.bar {
            bar.set_position(self.counts.history.len() as u64);
            bar.reset_eta();
        }
        Ok(found.state.state)
    }

    /// Begins the next epoch, or goes on with the one in which a run that is resumed was interrupted; false when the run is
    /// over.
    ///
    /// # Panics
    ///
    /// If the epoch before was not ended: it would go on for ever. If there is a saved run that this one would overwrite, as
    /// [`begin`](Training::begin) was not called.
    #[track_caller]
    pub fn epoch(&mut self) -> bool {
        if self.left {
            return false;
        }
        self.assert_looked();
        if self.counts.within {
            let epoch = self.counts.epoch;
            assert!(
                !self.entered,
                "downhill: the epoch after {epoch} was to begin, and {epoch} is not over: end each with `validate` or `end_epoch`"
            );
            self.entered = true;
            return true;
        }
        let impatient = self.patience.is_some_and(|patience| self.counts.since_best >= patience);
        if self.counts.epoch >= self.epochs || impatient {
            self.finish();
            return false;
        }
        self.counts.epoch += 1;
        (self.counts.within, self.entered) = (true, true);
        (self.counts.steps_of_epoch, self.counts.sum_of_losses) = (0, 0.0);
        true
    }

    /// Whether the run was left because of Ctrl-C, and is not over.
    pub fn is_interrupted(&self) -> bool {
        self.left
    }

    /// The number of the epoch under way: 1, 2, 3, …
    pub fn epoch_number(&self) -> usize {
        self.counts.epoch
    }

    /// How many steps were taken in all epochs.
    pub fn steps(&self) -> usize {
        self.counts.steps
    }

    /// The numbers, from 0, of the steps still to be taken in an epoch of so many.
    pub fn steps_left(&self, steps_per_epoch: usize) -> Range<usize> {
        self.counts.steps_of_epoch.min(steps_per_epoch)..steps_per_epoch
    }

    /// Counts a step with the loss it began from; false when the run is to be left: then leave the loop over the batches.
    ///
    /// # Errors
    ///
    /// If the state was to be saved and could not be.
    ///
    /// # Panics
    ///
    /// If no epoch is under way.
    #[track_caller]
    pub fn step<S: Serialize>(&mut self, loss: f64, state: &S) -> Result<bool, Error> {
        self.assert_within("gone on with");
        self.counts.steps += 1;
        self.counts.steps_of_epoch += 1;
        self.counts.sum_of_losses += loss;
        self.left = self.ctrl_c.is_some() && interrupt::came();
        let due = self.save.as_ref().is_some_and(|&(every, _)| self.counts.steps.is_multiple_of(every));
        if due || self.left {
            self.save(state)?;
        }
        if self.left {
            let saved = if self.save.is_some() { "the state is saved" } else { "no state is saved" };
            self.say(&format!("interrupted; {saved}"));
            self.finish();
        }
        Ok(!self.left)
    }

    /// Ends an epoch with a loss on data that is not learned from; true if it is lower than ever before.
    ///
    /// # Errors
    ///
    /// As [`step`](Training::step).
    ///
    /// # Panics
    ///
    /// If no epoch is under way, or no step was taken in it.
    #[track_caller]
    pub fn validate<S: Serialize>(&mut self, loss: f64, state: &S) -> Result<bool, Error> {
        self.validate_with(loss, None, state)
    }

    /// As [`validate`](Training::validate), with a number to be kept beside the loss: the accuracy, say.
    ///
    /// # Errors
    ///
    /// As [`step`](Training::step).
    ///
    /// # Panics
    ///
    /// If no epoch is under way, or no step was taken in it.
    #[track_caller]
    pub fn validate_with<S: Serialize>(
        &mut self,
        loss: f64,
        measure: Option<f64>,
        state: &S,
    ) -> Result<bool, Error> {
        if self.left {
            return Ok(false); // the epoch is not over: it is gone on with when the run is resumed
        }
        self.assert_stepped();
        let better = !loss.is_nan() && self.counts.best.is_none_or(|best| loss < best);
        self.counts.since_best = if better { 0 } else { self.counts.since_best + 1 };
        self.close_epoch(Some(loss), measure);
        if better {
            self.counts.best = Some(loss);
            if let Some(path) = &self.best {
                saved::save(path, state)?;
            }
        }
        self.save(state)?;
        Ok(better)
    }

    /// Ends an epoch without a validation.
    ///
    /// # Errors
    ///
    /// As [`step`](Training::step).
    ///
    /// # Panics
    ///
    /// If no epoch is under way, or no step was taken in it.
    #[track_caller]
    pub fn end_epoch<S: Serialize>(&mut self, state: &S) -> Result<(), Error> {
        if self.left {
            return Ok(());
        }
        self.assert_stepped();
        self.close_epoch(None, None);
        self.save(state)
    }

    fn close_epoch(&mut self, validation: Option<f64>, measure: Option<f64>) {
        let counts = &mut self.counts;
        counts.within = false;
        let loss = counts.sum_of_losses / counts.steps_of_epoch as f64;
        let seconds = counts.seconds + self.begun.elapsed().as_secs_f64();
        let epoch = Epoch { epoch: counts.epoch, steps: counts.steps, loss, validation, measure, seconds };
        if let Some(bar) = &self.bar {
            bar.set_position(epoch.epoch as u64);
            bar.set_message(epoch.to_string());
        }
        counts.history.push(epoch);
    }

    fn save<S: Serialize>(&mut self, state: &S) -> Result<(), Error> {
        let Some((_, path)) = &self.save else { return Ok(()) };
        self.counts.seconds += self.begun.elapsed().as_secs_f64();
        self.begun = Instant::now();
        saved::save(path, &Shown { counts: &self.counts, state })
    }

    /// What the epochs so far came to.
    pub fn history(&self) -> &History {
        &self.counts.history
    }

    /// The lowest validation loss so far.
    pub fn best(&self) -> Option<f64> {
        self.counts.best
    }

    fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{message}")),
            None => eprintln!("{message}"),
        }
    }

    fn finish(&mut self) {
        self.ctrl_c = None;
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
