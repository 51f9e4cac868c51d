//! The workloads on `downhill`: not there yet.

use std::rc::Rc;

use crate::Contestant;
use crate::inputs::{Logistic, Perceptron};
use crate::workloads::mixture::Mixture;

pub fn perceptron(_inputs: &Rc<Perceptron>) -> Option<Box<dyn Contestant>> {
    None
}

pub fn logistic(_inputs: &Rc<Logistic>) -> Option<Box<dyn Contestant>> {
    None
}

pub fn mixture(_inputs: &Rc<Mixture>) -> Option<Box<dyn Contestant>> {
    None
}
