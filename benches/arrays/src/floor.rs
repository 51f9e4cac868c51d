//! The workloads by hand: what an engine can aim at.
//!
//! Products by faer, on one thread; between them loops over what they wrote, as few as there can be, compiled for the
//! widest vectors that the machine has; nothing is allocated in a step. Exponentials and logarithms are polynomials, as
//! those of `std` take one number at a time.

use std::f64::consts::{LN_2, LOG2_E};
use std::rc::Rc;
use std::time::{Duration, Instant};

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

use crate::Contestant;
use crate::inputs::{self, BATCH, BETAS, CLASSES, EPSILON, FEATURES, HIDDEN, INPUTS, POINTS, RATE};
use crate::workloads::mixture::Mixture;

/// A function for the widest vectors of the machine; `$body` is generic over whether products fuse with sums.
macro_rules! widest {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $output:ty)? = $body:ident) => {
        $(#[$doc])*
        $vis fn $name($($argument: $type),*) $(-> $output)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
                fn with_512($($argument: $type),*) $(-> $output)? {
                    $body::<true>($($argument),*)
                }
                #[target_feature(enable = "avx2,fma")]
                fn with_256($($argument: $type),*) $(-> $output)? {
                    $body::<true>($($argument),*)
                }
                if is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512bw")
                {
                    // SAFETY: the machine has them.
                    return unsafe { with_512($($argument),*) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: the machine has them.
                    return unsafe { with_256($($argument),*) };
                }
            }
            $body::<false>($($argument),*)
        }
    };
}

/// `a b + c`, rounded once where that is an instruction.
#[inline(always)]
fn fused<const FMA: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

#[inline(always)]
fn fused_32<const FMA: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FMA { a.mul_add(b, c) } else { a * b + c }
}

/// `eˣ` for `x ≤ 700`, not below `e⁻⁷⁰⁸`: `2ⁿ eʳ`, `|r| ≤ ½ ln 2`, by the series of `eʳ`.
#[inline(always)]
fn exp<const FMA: bool>(x: f64) -> f64 {
    const ROUND: f64 = 6755399441055744.0; // 1.5 · 2⁵²
    const HIGH: f64 = 0.6931471803691238; // the leading bits of ln 2
    const LOW: f64 = 1.9082149292705877e-10;
    let x = if x < -708.0 { -708.0 } else { x };
    let shifted = fused::<FMA>(x, LOG2_E, ROUND);
    let n = shifted - ROUND;
    let r = fused::<FMA>(n, -LOW, fused::<FMA>(n, -HIGH, x));
    let mut sum = SERIES[0];
    for &c in &SERIES[1..] {
        sum = fused::<FMA>(sum, r, c);
    }
    let scale = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1023 << 52));
    fused::<FMA>(sum, r, 1.0) * scale
}

/// `1/13!` to `1/1!`
const SERIES: [f64; 13] = {
    let (mut all, mut k) = ([1.0; 13], 2);
    while k <= 13 {
        all[13 - k] = all[14 - k] / k as f64;
        k += 1;
    }
    all
};

/// `eˣ` for `x ≤ 80`, not below `e⁻⁸⁷`.
#[inline(always)]
fn exp_32<const FMA: bool>(x: f32) -> f32 {
    const ROUND: f32 = 12582912.0; // 1.5 · 2²³
    const HIGH: f32 = 0.693359375;
    const LOW: f32 = -2.1219444e-4;
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = fused_32::<FMA>(x, LOG2_E as f32, ROUND);
    let n = shifted - ROUND;
    let r = fused_32::<FMA>(n, -LOW, fused_32::<FMA>(n, -HIGH, x));
    let mut sum = SERIES[6] as f32;
    for &c in &SERIES[7..] {
        sum = fused_32::<FMA>(sum, r, c as f32);
    }
    let scale = f32::from_bits((shifted.to_bits() << 23).wrapping_add(127 << 23));
    fused_32::<FMA>(sum, r, 1.0) * scale
}

/// `ln(1 + t)` for `t` in `[0, 1]`: `2 artanh(t/(2 + t))`, halved first beyond √2.
#[inline(always)]
fn ln_1p<const FMA: bool>(t: f64) -> f64 {
    let large = t > std::f64::consts::SQRT_2 - 1.0;
    let numerator = if large { t - 1.0 } else { t };
    let denominator = if large { t + 3.0 } else { t + 2.0 };
    let s = numerator / denominator;
    let square = s * s;
    let mut sum = 1.0 / 21.0;
    for c in
        [1.0 / 19.0, 1.0 / 17.0, 1.0 / 15.0, 1.0 / 13.0, 1.0 / 11.0, 1.0 / 9.0, 1.0 / 7.0, 0.2, 1.0 / 3.0]
    {
        sum = fused::<FMA>(sum, square, c);
    }
    let twice = 2.0 * s;
    fused::<FMA>(twice * square, sum, twice) + if large { LN_2 } else { 0.0 }
}

/// The kernels of faer may leave the upper halves of vector registers in use, which slows down what follows on some
/// machines.
fn done_with_wide_registers() {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx") {
        // SAFETY: the machine has the instruction, and what it clears is declared as lost.
        unsafe {
            std::arch::asm!("vzeroupper", clobber_abi("sysv64"), options(nomem, nostack, preserves_flags))
        };
    }
}

/// `into ← a b`
fn product(into: MatMut<f32>, a: MatRef<f32>, b: MatRef<f32>) {
    matmul(into, Accum::Replace, a, b, 1.0, Par::Seq);
    done_with_wide_registers();
}

fn rows(numbers: &[f32], rows: usize, columns: usize) -> MatRef<'_, f32> {
    MatRef::from_row_major_slice(numbers, rows, columns)
}

fn rows_mut(numbers: &mut [f32], rows: usize, columns: usize) -> MatMut<'_, f32> {
    MatMut::from_row_major_slice_mut(numbers, rows, columns)
}

/// Where the weights lie in one slice: `W₁`, `b₁`, `W₂`, `b₂`.
const ENDS: [usize; 4] = {
    let (first, second) = (INPUTS * HIDDEN, HIDDEN * CLASSES);
    [first, first + HIDDEN, first + HIDDEN + second, first + HIDDEN + second + CLASSES]
};

pub struct Perceptron {
    inputs: Rc<inputs::Perceptron>,
    start: Vec<f32>,
    weights: Vec<f32>,
    gradient: Vec<f32>,
    /// Adam's, of the first and the second order.
    moments: [Vec<f32>; 2],
    steps: i32,
    /// `BATCH × HIDDEN`, in rows: after the first layer, and the adjoints there.
    hidden: Vec<f32>,
    to_hidden: Vec<f32>,
    /// `CLASSES` columns of `BATCH`: the logits, then their adjoints.
    logits: Vec<f32>,
}

pub fn perceptron(inputs: Rc<inputs::Perceptron>) -> Perceptron {
    let start = [&inputs.w1[..], &inputs.b1, &inputs.w2, &inputs.b2].concat();
    let zeros = || vec![0.0; start.len()];
    Perceptron {
        inputs,
        weights: start.clone(),
        gradient: zeros(),
        moments: [zeros(), zeros()],
        start,
        steps: 0,
        hidden: vec![0.0; BATCH * HIDDEN],
        to_hidden: vec![0.0; BATCH * HIDDEN],
        logits: vec![0.0; BATCH * CLASSES],
    }
}

/// `h ← relu(h + b)`
#[inline(always)]
fn activated<const FMA: bool>(hidden: &mut [f32], bias: &[f32]) {
    for row in hidden.chunks_exact_mut(HIDDEN) {
        for (h, b) in row.iter_mut().zip(bias) {
            let z = *h + b;
            *h = if z > 0.0 { z } else { 0.0 };
        }
    }
}
widest!(fn activate(hidden: &mut [f32], bias: &[f32]) = activated);

/// The mean of the cross-entropies; logits become their adjoints, and those of the bias are summed.
#[inline(always)]
fn crossed<const FMA: bool>(logits: &mut [f32], bias: &[f32], labels: &[u32], to_bias: &mut [f32]) -> f64 {
    let (mut largest, mut sums) = ([f32::NEG_INFINITY; BATCH], [0.0f32; BATCH]);
    for (column, b) in logits.chunks_exact_mut(BATCH).zip(bias) {
        for (z, largest) in column.iter_mut().zip(&mut largest) {
            *z += b;
            *largest = if *z > *largest { *z } else { *largest };
        }
    }
    let mut loss = 0.0;
    for (i, &label) in labels.iter().enumerate() {
        loss += f64::from(largest[i] - logits[label as usize * BATCH + i]);
    }
    for column in logits.chunks_exact_mut(BATCH) {
        for i in 0..BATCH {
            column[i] = exp_32::<FMA>(column[i] - largest[i]);
            sums[i] += column[i];
        }
    }
    // At most CLASSES each, so that eight make no overflow.
    loss += sums.chunks_exact(8).map(|sums| f64::from(sums.iter().product::<f32>()).ln()).sum::<f64>();
    for sum in &mut sums {
        *sum = 1.0 / (*sum * BATCH as f32);
    }
    for column in logits.chunks_exact_mut(BATCH) {
        for (p, scale) in column.iter_mut().zip(&sums) {
            *p *= scale;
        }
    }
    for (i, &label) in labels.iter().enumerate() {
        logits[label as usize * BATCH + i] -= 1.0 / BATCH as f32;
    }
    for (column, to_bias) in logits.chunks_exact(BATCH).zip(to_bias) {
        let mut lanes = [0.0f32; 16];
        for part in column.chunks_exact(16) {
            for l in 0..16 {
                lanes[l] += part[l];
            }
        }
        *to_bias = lanes.iter().sum();
    }
    loss / BATCH as f64
}
widest!(
    fn cross_entropy(logits: &mut [f32], bias: &[f32], labels: &[u32], to_bias: &mut [f32]) -> f64 = crossed
);

/// Adjoints pass where the activation did; their sums belong to the bias.
#[inline(always)]
fn masked<const FMA: bool>(to_hidden: &mut [f32], hidden: &[f32], to_bias: &mut [f32]) {
    let mut sums = [0.0f32; HIDDEN];
    for (to_row, row) in to_hidden.chunks_exact_mut(HIDDEN).zip(hidden.chunks_exact(HIDDEN)) {
        for i in 0..HIDDEN {
            to_row[i] = if row[i] > 0.0 { to_row[i] } else { 0.0 };
            sums[i] += to_row[i];
        }
    }
    to_bias.copy_from_slice(&sums);
}
widest!(fn mask(to_hidden: &mut [f32], hidden: &[f32], to_bias: &mut [f32]) = masked);

/// One pass of Adam: `x ← x − rate m/(√v scale + ε)`, with the corrections for the first steps in `rate` and `scale`.
#[inline(always)]
fn moved<const FMA: bool>(
    x: &mut [f32],
    m: &mut [f32],
    v: &mut [f32],
    gradient: &[f32],
    rate: f32,
    scale: f32,
) {
    let [beta_1, beta_2] = BETAS.map(|beta| beta as f32);
    let [rest_1, rest_2] = BETAS.map(|beta| (1.0 - beta) as f32);
    for (((x, m), v), &g) in x.iter_mut().zip(m).zip(v).zip(gradient) {
        *m = fused_32::<FMA>(beta_1, *m, rest_1 * g);
        *v = fused_32::<FMA>(beta_2, *v, rest_2 * g * g);
        *x -= rate * *m / fused_32::<FMA>(v.sqrt(), scale, EPSILON as f32);
    }
}
widest!(
    fn adam(x: &mut [f32], m: &mut [f32], v: &mut [f32], gradient: &[f32], rate: f32, scale: f32) = moved
);

impl Perceptron {
    fn value_and_gradient(&mut self) -> f64 {
        let Perceptron { inputs, weights, gradient, hidden, to_hidden, logits, .. } = self;
        let (w1, rest) = weights.split_at(ENDS[0]);
        let (b1, rest) = rest.split_at(HIDDEN);
        let (w2, b2) = rest.split_at(HIDDEN * CLASSES);
        let (to_w1, rest) = gradient.split_at_mut(ENDS[0]);
        let (to_b1, rest) = rest.split_at_mut(HIDDEN);
        let (to_w2, to_b2) = rest.split_at_mut(HIDDEN * CLASSES);

        let x = rows(&inputs.x, BATCH, INPUTS);
        product(rows_mut(hidden, BATCH, HIDDEN), x, rows(w1, INPUTS, HIDDEN));
        activate(hidden, b1);
        let h = rows(hidden, BATCH, HIDDEN);
        product(MatMut::from_column_major_slice_mut(logits, BATCH, CLASSES), h, rows(w2, HIDDEN, CLASSES));
        let loss = cross_entropy(logits, b2, &inputs.labels, to_b2);

        let to_logits = MatRef::from_column_major_slice(&logits[..], BATCH, CLASSES);
        product(rows_mut(to_w2, HIDDEN, CLASSES), h.transpose(), to_logits);
        product(rows_mut(to_hidden, BATCH, HIDDEN), to_logits, rows(w2, HIDDEN, CLASSES).transpose());
        mask(to_hidden, hidden, to_b1);
        product(rows_mut(to_w1, INPUTS, HIDDEN), x.transpose(), rows(to_hidden, BATCH, HIDDEN));
        loss
    }
}

impl Contestant for Perceptron {
    fn restart(&mut self) {
        self.weights.copy_from_slice(&self.start);
        self.moments.iter_mut().for_each(|moment| moment.fill(0.0));
        self.steps = 0;
    }

    fn step(&mut self) -> f64 {
        let loss = self.value_and_gradient();
        self.steps += 1;
        let [first, second] = BETAS.map(|beta| 1.0 - beta.powi(self.steps));
        let [m, v] = &mut self.moments;
        adam(&mut self.weights, m, v, &self.gradient, (RATE / first) as f32, second.sqrt().recip() as f32);
        loss
    }

    fn norm(&mut self) -> Option<f64> {
        self.value_and_gradient();
        Some(self.gradient.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt())
    }
}

pub struct AdamStep {
    inputs: Rc<inputs::Step>,
    x: Vec<f32>,
    moments: [Vec<f32>; 2],
    steps: i32,
}

pub fn adam_step(inputs: Rc<inputs::Step>) -> AdamStep {
    let zeros = || vec![0.0; inputs.x.len()];
    AdamStep { x: inputs.x.clone(), moments: [zeros(), zeros()], steps: 0, inputs }
}

impl Contestant for AdamStep {
    fn restart(&mut self) {
        self.x.copy_from_slice(&self.inputs.x);
        self.moments.iter_mut().for_each(|moment| moment.fill(0.0));
        self.steps = 0;
    }

    fn step(&mut self) -> f64 {
        let before = self.x[0];
        self.steps += 1;
        let [first, second] = BETAS.map(|beta| 1.0 - beta.powi(self.steps));
        let [m, v] = &mut self.moments;
        let (rate, scale) = ((RATE / first) as f32, second.sqrt().recip() as f32);
        adam(&mut self.x, m, v, &self.inputs.gradient, rate, scale);
        before.into()
    }

    fn norm(&mut self) -> Option<f64> {
        (0..3).for_each(|_| _ = self.step());
        let norm = norm(&self.x);
        self.restart();
        Some(norm)
    }
}

fn norm(x: &[f32]) -> f64 {
    x.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt()
}

pub struct DescentStep {
    inputs: Rc<inputs::Step>,
    x: Vec<f32>,
}

pub fn descent_step(inputs: Rc<inputs::Step>) -> DescentStep {
    DescentStep { x: inputs.x.clone(), inputs }
}

#[inline(always)]
fn descended<const FMA: bool>(x: &mut [f32], gradient: &[f32]) {
    for (x, g) in x.iter_mut().zip(gradient) {
        *x -= RATE as f32 * g;
    }
}
widest!(fn descend(x: &mut [f32], gradient: &[f32]) = descended);

impl Contestant for DescentStep {
    fn restart(&mut self) {
        self.x.copy_from_slice(&self.inputs.x);
    }

    fn step(&mut self) -> f64 {
        let before = self.x[0];
        descend(&mut self.x, &self.inputs.gradient);
        before.into()
    }

    fn norm(&mut self) -> Option<f64> {
        (0..3).for_each(|_| _ = self.step());
        let norm = norm(&self.x);
        self.restart();
        Some(norm)
    }
}

/// What a step reads and writes, and nothing else: `a ← a + d` for each of `S` streams.
pub struct Streams<const S: usize> {
    inputs: Rc<inputs::Step>,
    streams: [Vec<f32>; S],
}

impl<const S: usize> Streams<S> {
    pub fn new(inputs: &Rc<inputs::Step>) -> Streams<S> {
        Streams { inputs: Rc::clone(inputs), streams: std::array::from_fn(|_| vec![1.0; inputs.x.len()]) }
    }
}

#[inline(always)]
fn all_three<const FMA: bool>(a: &mut [f32], b: &mut [f32], c: &mut [f32], d: &[f32]) {
    for (((a, b), c), d) in a.iter_mut().zip(b).zip(c).zip(d) {
        *a += d;
        *b += d;
        *c += d;
    }
}
widest!(fn add_to_three(a: &mut [f32], b: &mut [f32], c: &mut [f32], d: &[f32]) = all_three);

#[inline(always)]
fn the_one<const FMA: bool>(a: &mut [f32], d: &[f32]) {
    a.iter_mut().zip(d).for_each(|(a, d)| *a += d);
}
widest!(fn add_to_one(a: &mut [f32], d: &[f32]) = the_one);

impl<const S: usize> Contestant for Streams<S> {
    fn step(&mut self) -> f64 {
        let d = &self.inputs.gradient;
        match &mut self.streams[..] {
            [a] => add_to_one(a, d),
            [a, b, c] => add_to_three(a, b, c, d),
            _ => unreachable!("one or three"),
        }
        f64::NAN
    }

    fn norm(&mut self) -> Option<f64> {
        None
    }
}

/// GF/s of the products of the first layer, forward and back, the fastest each within the time.
pub fn products(budget: Duration) -> [f64; 2] {
    let inputs = inputs::Perceptron::new();
    let (mut forward, mut back) = (vec![0.0; BATCH * HIDDEN], vec![0.0; INPUTS * HIDDEN]);
    let adjoints: Vec<f32> = inputs.x[..BATCH * HIDDEN].to_vec();
    let x = rows(&inputs.x, BATCH, INPUTS);
    let mut least = [f64::INFINITY; 2];
    let all = Instant::now();
    while all.elapsed() < budget {
        let begun = Instant::now();
        product(rows_mut(&mut forward, BATCH, HIDDEN), x, rows(&inputs.w1, INPUTS, HIDDEN));
        least[0] = begun.elapsed().as_secs_f64().min(least[0]);
        let begun = Instant::now();
        product(rows_mut(&mut back, INPUTS, HIDDEN), x.transpose(), rows(&adjoints, BATCH, HIDDEN));
        least[1] = begun.elapsed().as_secs_f64().min(least[1]);
    }
    least.map(|seconds| 2e-9 * (BATCH * INPUTS * HIDDEN) as f64 / seconds)
}

/// Numbers that pass side by side.
const SIDE: usize = 8;

type Side = [f64; SIDE];

/// Rows of the data that pass at once, so that they are read from afar once only.
const BLOCK: usize = 32;

pub struct Logistic {
    inputs: Rc<inputs::Logistic>,
    /// That of the weights, then that of the bias.
    gradient: Vec<f64>,
    value_and_gradient: fn(&inputs::Logistic, &mut [f64]) -> f64,
}

pub fn logistic(inputs: Rc<inputs::Logistic>) -> Logistic {
    Logistic { inputs, gradient: vec![0.0; FEATURES + 1], value_and_gradient: regression }
}

pub fn logistic_with_std(inputs: Rc<inputs::Logistic>) -> Logistic {
    Logistic { inputs, gradient: vec![0.0; FEATURES + 1], value_and_gradient: regression_with_std }
}

/// The sum of softplus less `y z`; the slopes go in place of `z`.
#[inline(always)]
fn terms<const FMA: bool>(z: &mut [f64], y: &[f64]) -> f64 {
    let mut lanes = [0.0; SIDE];
    for (z, y) in z.chunks_exact_mut(SIDE).zip(y.chunks_exact(SIDE)) {
        for l in 0..SIDE {
            let (u, y) = (z[l], y[l]);
            let t = exp::<FMA>(-u.abs());
            let positive = if u > 0.0 { u } else { 0.0 };
            lanes[l] += positive + ln_1p::<FMA>(t) - y * u;
            z[l] = (if u > 0.0 { 1.0 } else { t }) / (1.0 + t) - y;
        }
    }
    lanes.iter().sum()
}

fn terms_with_std(z: &mut [f64], y: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (z, y) in z.iter_mut().zip(y) {
        let t = (-z.abs()).exp();
        sum += z.max(0.0) + t.ln_1p() - y * *z;
        *z = (if *z > 0.0 { 1.0 } else { t }) / (1.0 + t) - y;
    }
    sum
}

/// The lanes of `x · w`, where `tail` has the last eight weights, but zeros for those that are in whole pairs of lanes.
#[inline(always)]
fn lanes_of_product<const FMA: bool>(x: &[f64; FEATURES], w: &[f64; FEATURES], tail: &Side) -> Side {
    let [mut even, mut odd] = [[0.0; SIDE]; 2];
    for (x, w) in x.chunks_exact(2 * SIDE).zip(w.chunks_exact(2 * SIDE)) {
        for l in 0..SIDE {
            even[l] = fused::<FMA>(x[l], w[l], even[l]);
        }
        for l in 0..SIDE {
            odd[l] = fused::<FMA>(x[SIDE + l], w[SIDE + l], odd[l]);
        }
    }
    for l in 0..SIDE {
        even[l] = fused::<FMA>(x[FEATURES - SIDE + l], tail[l], even[l]);
    }
    for l in 0..SIDE {
        even[l] += odd[l];
    }
    even
}

#[inline(always)]
fn by_blocks<const FMA: bool, const STD: bool>(inputs: &inputs::Logistic, gradient: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    let (mut to_w, mut to_b) = ([0.0; FEATURES], 0.0);
    let w: &[f64; FEATURES] = inputs.w[..].try_into().expect("as many weights as features");
    let whole = FEATURES / (2 * SIDE) * (2 * SIDE);
    let tail: Side = std::array::from_fn(|l| {
        let j = FEATURES - SIDE + l;
        if j < whole { 0.0 } else { w[j] }
    });
    for (x, y) in inputs.x.chunks(BLOCK * FEATURES).zip(inputs.y.chunks(BLOCK)) {
        let (mut z, mut lanes) = ([0.0; BLOCK], [[0.0; SIDE]; BLOCK]);
        let z = &mut z[..y.len()];
        for (x, lanes) in x.chunks_exact(FEATURES).zip(&mut lanes) {
            *lanes = lanes_of_product::<FMA>(x.try_into().expect("a row"), w, &tail);
        }
        for (z, [a, b, c, d, e, f, g, h]) in z.iter_mut().zip(lanes) {
            *z = ((a + e) + (b + f)) + ((c + g) + (d + h)) + inputs.b;
        }
        sum += if STD { terms_with_std(z, y) } else { terms::<FMA>(z, y) };
        for (x, slopes) in x.chunks_exact(4 * FEATURES).zip(z.chunks_exact(4)) {
            let x: [&[f64; FEATURES]; 4] =
                std::array::from_fn(|r| x[r * FEATURES..][..FEATURES].try_into().expect("a row"));
            for j in 0..FEATURES {
                let half = fused::<FMA>(x[1][j], slopes[1], fused::<FMA>(x[0][j], slopes[0], to_w[j]));
                to_w[j] = fused::<FMA>(x[3][j], slopes[3], fused::<FMA>(x[2][j], slopes[2], half));
            }
            to_b += slopes.iter().sum::<f64>();
        }
    }
    let n = POINTS as f64;
    for (entry, sum) in gradient.iter_mut().zip(to_w.iter().chain([&to_b])) {
        *entry = sum / n;
    }
    sum / n
}

#[inline(always)]
fn regressed<const FMA: bool>(inputs: &inputs::Logistic, gradient: &mut [f64]) -> f64 {
    by_blocks::<FMA, false>(inputs, gradient)
}
widest!(fn regression(inputs: &inputs::Logistic, gradient: &mut [f64]) -> f64 = regressed);

#[inline(always)]
fn regressed_with_std<const FMA: bool>(inputs: &inputs::Logistic, gradient: &mut [f64]) -> f64 {
    by_blocks::<FMA, true>(inputs, gradient)
}
widest!(fn regression_with_std(inputs: &inputs::Logistic, gradient: &mut [f64]) -> f64 = regressed_with_std);

// Groups of rows leave no remainder, and the last lanes hold what whole pairs of them leave.
const _: () =
    assert!(POINTS.is_multiple_of(SIDE) && BLOCK.is_multiple_of(SIDE) && FEATURES % (2 * SIDE) <= SIDE);

impl Contestant for Logistic {
    fn step(&mut self) -> f64 {
        (self.value_and_gradient)(&self.inputs, &mut self.gradient)
    }

    fn norm(&mut self) -> Option<f64> {
        self.step();
        Some(self.gradient.iter().map(|x| x * x).sum::<f64>().sqrt())
    }
}

/// The value as the other benches write it, point by point.
pub struct MixtureAsWritten(Rc<Mixture>);

pub fn mixture_as_written(mixture: Rc<Mixture>) -> MixtureAsWritten {
    MixtureAsWritten(mixture)
}

impl Contestant for MixtureAsWritten {
    fn step(&mut self) -> f64 {
        self.0.likelihood(&self.0.start)
    }

    fn norm(&mut self) -> Option<f64> {
        None
    }
}

/// The dimensions of the mixture's points.
const DIMENSIONS: usize = 10;
/// A component's factor: the diagonal, then the strict lower triangle, column by column.
const FACTOR: usize = DIMENSIONS * (DIMENSIONS + 1) / 2;
/// The value alone, with points side by side.
pub struct Density {
    start: Vec<f64>,
    components: usize,
    blocks: Vec<[Side; DIMENSIONS]>,
    /// What depends on the sizes alone.
    constant: f64,
    /// The factors with their diagonals exponentiated; weights with the logarithms of their determinants.
    factors: Vec<f64>,
    weights: Vec<f64>,
    exponents: Vec<Side>,
}

pub fn mixture(mixture: &Mixture) -> Density {
    use std::f64::consts::PI;
    assert_eq!((mixture.d, mixture.points.len() % (SIDE * DIMENSIONS)), (DIMENSIONS, 0));
    let side_by_side =
        |points: &[f64]| std::array::from_fn(|j| std::array::from_fn(|p| points[p * DIMENSIONS + j]));
    // ln Γ_d((d + 1)/2), from ln Γ of halves.
    let ln_gamma_half = |m: usize| {
        let (first, base) = if m % 2 == 1 { (1, 0.5 * PI.ln()) } else { (2, 0.0) };
        base + (first..m).step_by(2).map(|m| (m as f64 / 2.0).ln()).sum::<f64>()
    };
    let (d, n) = (DIMENSIONS as f64, (mixture.points.len() / DIMENSIONS) as f64);
    let multivariate = d * (d - 1.0) / 4.0 * PI.ln() + (2..=DIMENSIONS + 1).map(ln_gamma_half).sum::<f64>();
    let c = -0.5 * (d + 1.0) * d * LN_2 - multivariate;
    Density {
        start: mixture.start.clone(),
        components: mixture.k,
        blocks: mixture.points.chunks_exact(SIDE * DIMENSIONS).map(side_by_side).collect(),
        constant: -n * d / 2.0 * (2.0 * PI).ln() - mixture.k as f64 * c,
        factors: vec![0.0; mixture.k * FACTOR],
        weights: vec![0.0; mixture.k],
        exponents: vec![[0.0; SIDE]; mixture.k],
    }
}

/// `|Q (x − μ)|²` for points side by side.
#[inline(always)]
fn distance<const FMA: bool>(points: &[Side; DIMENSIONS], centre: &[f64], factor: &[f64]) -> Side {
    let (centre, factor) = (&centre[..DIMENSIONS], &factor[..FACTOR]);
    let (mut away, mut y) = ([[0.0; SIDE]; DIMENSIONS], [[0.0; SIDE]; DIMENSIONS]);
    for j in 0..DIMENSIONS {
        for p in 0..SIDE {
            away[j][p] = points[j][p] - centre[j];
            y[j][p] = factor[j] * away[j][p];
        }
    }
    let mut at = DIMENSIONS;
    for l in 0..DIMENSIONS - 1 {
        for j in l + 1..DIMENSIONS {
            for p in 0..SIDE {
                y[j][p] = fused::<FMA>(factor[at], away[l][p], y[j][p]);
            }
            at += 1;
        }
    }
    let mut square = [0.0; SIDE];
    for y in &y {
        for p in 0..SIDE {
            square[p] = fused::<FMA>(y[p], y[p], square[p]);
        }
    }
    square
}

#[inline(always)]
fn likely<const FMA: bool>(density: &mut Density) -> f64 {
    let Density { start, components, blocks, constant, factors, weights, exponents } = density;
    let (alphas, rest) = start.split_at(*components);
    let (centres, written) = rest.split_at(*components * DIMENSIONS);
    let mut penalty = 0.0;
    for ((factor, written), (weight, alpha)) in
        factors.chunks_exact_mut(FACTOR).zip(written.chunks_exact(FACTOR)).zip(weights.iter_mut().zip(alphas))
    {
        factor.copy_from_slice(written);
        *weight = alpha + written[..DIMENSIONS].iter().sum::<f64>();
        for entry in &mut factor[..DIMENSIONS] {
            *entry = exp::<FMA>(*entry);
        }
        penalty += factor.iter().map(|x| x * x).sum::<f64>();
    }
    let largest = alphas.iter().fold(f64::NEG_INFINITY, |largest, x| largest.max(*x));
    let all = alphas.iter().map(|x| exp::<FMA>(x - largest)).sum::<f64>().ln() + largest;
    let mut sum = *constant + 0.5 * penalty - (blocks.len() * SIDE) as f64 * all;
    for points in &*blocks {
        let mut largest = [f64::NEG_INFINITY; SIDE];
        for (k, exponent) in exponents.iter_mut().enumerate() {
            let square = distance::<FMA>(points, &centres[k * DIMENSIONS..], &factors[k * FACTOR..]);
            for p in 0..SIDE {
                exponent[p] = fused::<FMA>(-0.5, square[p], weights[k]);
                largest[p] = if exponent[p] > largest[p] { exponent[p] } else { largest[p] };
            }
        }
        let mut sums = [0.0; SIDE];
        for exponent in &*exponents {
            for p in 0..SIDE {
                sums[p] += exp::<FMA>(exponent[p] - largest[p]);
            }
        }
        // Each sum is at most the number of components: the product of eight does not overflow.
        sum += largest.iter().sum::<f64>() + sums.iter().product::<f64>().ln();
    }
    sum
}
widest!(fn likelihood(density: &mut Density) -> f64 = likely);

impl Contestant for Density {
    fn step(&mut self) -> f64 {
        likelihood(self)
    }

    fn norm(&mut self) -> Option<f64> {
        None
    }
}
