//! What lies between files and batches: data sets, shuffling, splits, scaling, tables and made-up examples.
//!
//! ```text
//! file ──▶ Table, Npz ──▶ Dataset ──▶ split, k_fold ──▶ Standardize ──▶ Batches ──▶ a step
//!                            ▲
//!                     moons, spirals, …
//! ```
//!
//! A [`Dataset`] pairs inputs with targets: row `i` of the one belongs to row `i` of the other. Rows lie along axis 0 of an
//! array of `ndarray`, or are the elements of a `Vec`: class labels are a `Vec<usize>`, numbers any array. A batch is a
//! `Dataset` too.
//!
//! ```
//! use downhill::data::{Standardize, moons};
//! use downhill::prelude::*;
//!
//! let set = moons::<f64>(200, 0.1, 7);
//! let (train, validation) = set.split_stratified(0.25, 7);
//! let scale = Standardize::fit(train.inputs());
//! let train = train.map_inputs(|x| scale.apply(&x));
//! let validation = validation.map_inputs(|x| scale.apply(&x)); // by the numbers of the training data
//! assert_eq!((train.len(), validation.len()), (150, 50));
//!
//! let mut batches = train.batches(32, 7);
//! let mut seen = 0;
//! while let Some(batch) = batches.next_batch() {
//!     let tape = Tape::new();
//!     let x = tape.tensor(batch.inputs());
//!     assert_eq!(x.shape(), [batch.len(), 2]);
//!     seen += batch.targets().len();
//! }
//! assert_eq!(seen, 150); // an epoch: every row once
//! ```
//!
//! # Randomness
//!
//! Whatever is drawn is a function of the seed, the same on every platform and in every version of this crate from now on:
//! the numbers come from ChaCha8 (D. J. Bernstein, *ChaCha, a variant of Salsa20*, 2008), whose key is the seed. There is no
//! hidden generator and no order of calls that matters.
//!
//! # Files
//!
//! [`Csv`] reads tables of text into a [`Table`], by the crate `csv`; [`load_npy`], [`save_npy`] and [`Npz`] exchange arrays
//! with NumPy. What is wrong with a file is an [`Error`](crate::error::Error) that names the file, the line and the column.

mod batches;
mod column;
mod csv;
mod dataset;
mod npy;
mod order;
mod rows;
mod scaling;
mod split;
mod synthetic;
mod table;

pub use self::batches::{Batches, Epoch, Progress};
pub use self::column::Column;
pub use self::csv::{Csv, Missing};
pub use self::dataset::Dataset;
pub use self::npy::{Npz, Stored, from_npy, load_npy, save_npy, to_npy};
pub use self::order::order;
pub use self::rows::Rows;
pub use self::scaling::{MinMax, Standardize};
pub use self::split::{Fold, holdout, holdout_stratified, k_fold, k_fold_stratified};
pub use self::synthetic::{blobs, checkerboard, circles, linear, moons, sine, spirals};
pub use self::table::{Classes, Table};
