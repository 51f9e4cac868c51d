//! Interleaved measurement: all candidates take turns in one process, in short windows.
//!
//! ```text
//! ratio(c) = min over rounds of t(c) / min over rounds of t(reference),   spread: quartiles of t(c)/t(reference) by round
//! ```
//!
//! On a machine that does other work besides, times drift by half; candidates that are measured within the same moment
//! drift together, and the smallest of many windows is the one that was disturbed least.

#![allow(unreachable_pub, reason = "a module of a binary")]

use std::time::{Duration, Instant};

/// The length of a window, unless one call takes longer.
const WINDOW: Duration = Duration::from_millis(3);

/// What one candidate took, in seconds a call, round by round.
pub struct Times(pub Vec<f64>);

impl Times {
    pub fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    #[allow(dead_code, reason = "not every binary prints it")]
    pub fn median(&self) -> f64 {
        quantile(self.0.clone(), 0.5)
    }

    /// The lower and the upper quartile.
    #[allow(dead_code, reason = "not every binary prints it")]
    pub fn spread(&self) -> [f64; 2] {
        [0.25, 0.75].map(|q| quantile(self.0.clone(), q))
    }

    /// The quartiles of the ratio to `reference`, round by round.
    #[allow(dead_code, reason = "not every binary prints it")]
    pub fn quartiles(&self, reference: &Times) -> [f64; 3] {
        let ratios: Vec<f64> = self.0.iter().zip(&reference.0).map(|(t, u)| t / u).collect();
        [0.25, 0.5, 0.75].map(|q| quantile(ratios.clone(), q))
    }
}

fn quantile(mut numbers: Vec<f64>, q: f64) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[((numbers.len() - 1) as f64 * q).round() as usize]
}

/// Lets all candidates take turns for about `budget`, at least five rounds.
pub fn interleaved(candidates: &mut [&mut dyn FnMut()], budget: Duration) -> Vec<Times> {
    let calls: Vec<u32> = candidates.iter_mut().map(|f| calls_in_a_window(f)).collect();
    let mut times: Vec<Times> = candidates.iter().map(|_| Times(vec![])).collect();
    let begun = Instant::now();
    while begun.elapsed() < budget || times[0].0.len() < 5 {
        for ((f, &calls), times) in candidates.iter_mut().zip(&calls).zip(&mut times) {
            times.0.push(window(f, calls));
        }
    }
    times
}

fn window(f: &mut dyn FnMut(), calls: u32) -> f64 {
    let begun = Instant::now();
    (0..calls).for_each(|_| f());
    begun.elapsed().as_secs_f64() / f64::from(calls)
}

/// How many calls make a window; warms up on the way.
fn calls_in_a_window(f: &mut dyn FnMut()) -> u32 {
    let mut calls = 1;
    loop {
        let took = window(f, calls) * f64::from(calls);
        if took >= WINDOW.as_secs_f64() || calls >= 1 << 24 {
            return calls;
        }
        calls *= 2;
    }
}

/// A time in a unit that suits it.
pub fn readable(seconds: f64) -> String {
    let (number, unit) = match seconds {
        s if s < 1e-6 => (s * 1e9, "ns"),
        s if s < 1e-3 => (s * 1e6, "µs"),
        s => (s * 1e3, "ms"),
    };
    let digits = if number < 10.0 {
        2
    } else if number < 100.0 {
        1
    } else {
        0
    };
    format!("{number:.digits$} {unit}")
}
