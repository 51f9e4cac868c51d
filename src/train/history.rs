//! What the epochs of a run came to.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::Error;
#[cfg(feature = "plot")]
use crate::plot::Chart;

/// What one epoch came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Epoch {
    /// Its number: 1, 2, 3, …
    pub epoch: usize,
    /// The steps taken until its end, in all epochs.
    pub steps: usize,
    /// The mean of the losses that its steps began from.
    pub loss: f64,
    /// The loss on data that is not learned from.
    pub validation: Option<f64>,
    /// The number given beside it: the accuracy, say.
    pub measure: Option<f64>,
    /// The time the run has taken until its end, without the time it was not running.
    pub seconds: f64,
}

/// The losses, in a few words.
impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loss {:.4}", self.loss)?;
        if let Some(validation) = self.validation {
            write!(f, ", held out {validation:.4}")?;
        }
        match self.measure {
            Some(measure) => write!(f, ", {measure:.4}"),
            None => Ok(()),
        }
    }
}

/// The epochs of a run, one after the other.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    epochs: Vec<Epoch>,
}

impl History {
    pub(super) fn push(&mut self, epoch: Epoch) {
        self.epochs.push(epoch);
    }

    /// How many epochs are over.
    pub fn len(&self) -> usize {
        self.epochs.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.epochs.is_empty()
    }

    /// The last epoch that is over.
    pub fn last(&self) -> Option<&Epoch> {
        self.epochs.last()
    }

    /// The epochs, one after the other.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Epoch> {
        self.epochs.iter()
    }

    /// Writes a table: a line for each epoch, numbers to the last digit, nothing where there is none.
    ///
    /// # Errors
    ///
    /// If the file cannot be written ([`Error::is_file`]).
    pub fn save_csv(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let refused =
            |why: csv::Error| Error::file(format!("the file {} cannot be written: {why}", path.display()));
        let mut file = csv::Writer::from_path(path).map_err(refused)?;
        self.epochs.iter().try_for_each(|epoch| file.serialize(epoch)).map_err(refused)?;
        file.flush().map_err(|why| refused(why.into()))
    }

    /// A picture of the losses, epoch by epoch.
    #[cfg(feature = "plot")]
    pub fn chart(&self, title: impl Into<String>) -> Chart<'_> {
        let line = |of: fn(&Epoch) -> Option<f64>| {
            self.epochs.iter().filter_map(move |epoch| Some([epoch.epoch as f64, of(epoch)?]))
        };
        let mut chart = Chart::new(title).x_name("epoch").y_name("loss").log_y();
        chart = chart.line("learned from", line(|epoch| Some(epoch.loss)));
        if self.epochs.iter().any(|epoch| epoch.validation.is_some()) {
            chart = chart.line("held out", line(|epoch| epoch.validation));
        }
        chart
    }
}
