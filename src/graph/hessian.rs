//! The Hessian of one result, by pushing edges, or column by column where that is cheaper.
//!
//! One reverse sweep eliminates the nodes from the last to the first. `W` holds the second partials of the result by the
//! nodes that are left, as a list of edges; eliminating node `k = op(i, j)` with partials `p` replaces
//!
//! ```text
//! pushing     W(a, u) += p(a) W(k, u)                    u ≠ k, a in {i, j};  twice that where a = u
//!             W(a, b) += p(a) p(b) W(k, k)               a, b in {i, j}
//! creating    W(a, b) += v̄(k) · ∂²op/∂a∂b
//! adjoint     v̄(a) += v̄(k) p(a)
//! ```
//!
//! R. M. Gower and M. P. Mello, "A new framework for the computation of Hessians", Optim. Methods Softw. 27 (2012),
//! algorithm 3.1 (`edge_pushing`). Where few nodes interact it costs a few gradients, whatever the number of arguments. Where
//! many do, it may cost more than sweeps on dual numbers, eight columns at a time; so it stops when it has done as many
//! pushes as those would cost.

use super::local::SecondOrder;
use super::{Graph, LANES, tally};
use crate::dual::Duals;
use crate::tape::Operation;

/// The Hessian of result 0, row by row: `[n · n]`.
pub(crate) fn hessian(graph: &Graph) -> Vec<f64> {
    let n = graph.arguments();
    // A push costs about as much as one operation of a sweep on dual numbers, forward and back, for one column.
    let budget = graph.len() * (n + LANES);
    let edges = if graph.has_arrays() { None } else { by_edges(graph, budget) };
    let mut hessian = edges.unwrap_or_else(|| by_columns(graph));
    // The lower triangle is the Hessian: the other one is left empty, or differs by roundings.
    for i in 0..n {
        for j in 0..i {
            hessian[j * n + i] = hessian[i * n + j];
        }
    }
    hessian
}

/// One sweep of dual numbers, forward and back, for each block of columns.
fn by_columns(graph: &Graph) -> Vec<f64> {
    let n = graph.arguments();
    let mut hessian = vec![0.0; n * n];
    let (mut values, mut adjoints) = (Vec::new(), Vec::new());
    for first in (0..n).step_by(LANES) {
        let sheet = graph.forward(&graph.block(first), &mut values);
        graph.reverse((&values, &sheet), [(0, Duals::constant(1.0))], &mut adjoints);
        for (row, adjoint) in hessian.chunks_exact_mut(n).zip(&adjoints) {
            for (entry, tangent) in row[first..].iter_mut().zip(adjoint.tangents) {
                *entry = tangent;
            }
        }
    }
    hessian
}

/// The edges between the nodes that are left.
struct Edges {
    /// `W(k, u)` for `u ≤ k`, in no order, for the nodes that are no arguments.
    lists: Vec<Vec<(u32, f64)>>,
    /// `W` between arguments, the lower triangle of it.
    arguments: Vec<f64>,
    n: usize,
    steps: usize,
}

impl Edges {
    fn add(&mut self, a: u32, b: u32, weight: f64) {
        if weight == 0.0 {
            return;
        }
        let (low, high) = (a.min(b), a.max(b));
        if (high as usize) < self.n {
            self.steps += 1;
            self.arguments[high as usize * self.n + low as usize] += weight;
            return;
        }
        let list = &mut self.lists[high as usize - self.n];
        match list.iter_mut().position(|(u, _)| *u == low) {
            Some(place) => {
                self.steps += 1 + place / 4; // looking is cheaper than pushing
                list[place].1 += weight;
            }
            None => {
                self.steps += 1 + list.len() / 4;
                list.push((low, weight));
            }
        }
    }

    /// Replaces the edges of node `k` by edges of its parents.
    fn push(&mut self, k: u32, parents: &[(u32, f64)]) {
        let list = std::mem::take(&mut self.lists[k as usize - self.n]);
        for (u, weight) in list {
            for (i, &(a, p)) in parents.iter().enumerate() {
                if u != k {
                    self.add(a, u, if a == u { 2.0 } else { 1.0 } * p * weight);
                    continue;
                }
                self.add(a, a, p * p * weight);
                for &(b, q) in &parents[..i] {
                    self.add(a, b, if a == b { 2.0 } else { 1.0 } * p * q * weight);
                }
            }
        }
    }
}

/// None if it would take more than `budget` steps.
fn by_edges(graph: &Graph, budget: usize) -> Option<Vec<f64>> {
    let n = graph.arguments();
    let edges = Edges { lists: vec![Vec::new(); graph.len() - n], arguments: vec![0.0; n * n], n, steps: 0 };
    let mut sweep = Elimination { graph, adjoints: vec![0.0; graph.len()], edges };
    if let Ok(last) = graph.outputs[0] {
        sweep.adjoints[last as usize] = 1.0;
        for k in (n..=last as usize).rev() {
            if sweep.adjoints[k] == 0.0 && sweep.edges.lists[k - n].is_empty() {
                continue;
            }
            graph.second_order(k, &mut sweep);
            if sweep.edges.steps > budget {
                tally::back(sweep.edges.steps);
                return None;
            }
        }
    }
    tally::back(sweep.edges.steps);
    Some(sweep.edges.arguments)
}

/// The sweep that eliminates one node after the other.
struct Elimination<'a> {
    graph: &'a Graph,
    adjoints: Vec<f64>,
    edges: Edges,
}

impl Elimination<'_> {
    fn is_constant(&self, k: u32) -> bool {
        matches!(self.graph.program.operations()[k as usize], Operation::Constant(_))
    }
}

impl SecondOrder for Elimination<'_> {
    fn node<const M: usize>(&mut self, k: usize, operands: [u32; M], slopes: [Duals<M>; M]) {
        let adjoint = self.adjoints[k];
        let mut parents = [(0, 0.0); M];
        let mut count = 0;
        for (i, &a) in operands.iter().enumerate() {
            if self.is_constant(a) {
                continue;
            }
            parents[count] = (a, slopes[i].value);
            count += 1;
            if adjoint == 0.0 {
                continue;
            }
            self.adjoints[a as usize] += adjoint * slopes[i].value;
            for (j, &b) in operands[..=i].iter().enumerate() {
                if !self.is_constant(b) {
                    // The two partials by (a, b) and (b, a) meet in one edge; on the diagonal both count.
                    let twice = if i != j && a == b { 2.0 } else { 1.0 };
                    self.edges.add(a, b, twice * adjoint * slopes[i].tangents[j]);
                }
            }
        }
        self.edges.push(k as u32, &parents[..count]);
    }

    fn partial(&mut self, k: usize, [a, b]: [u32; 2], second: f64) {
        if !self.is_constant(a) {
            self.edges.add(a, b, second * self.adjoints[k]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_and_columns_agree() {
        let x: Vec<f64> = (0..20).map(|i| 0.3 + 0.05 * f64::from(i)).collect();
        let graph = Graph::record(&x, "the function", |x, results| {
            let mut y = x[0];
            for w in x.windows(3) {
                y = (y * w[0]).sin() + w[1].powf(w[2]) / (y * y + 1.0) + w[0].mul_add(w[2], y);
            }
            results.push(y);
        });
        let edges = by_edges(&graph, usize::MAX).expect("no end to the budget");
        let columns = by_columns(&graph);
        assert!(by_edges(&graph, 10).is_none(), "ten steps are not enough");
        for i in 0..20 {
            for j in 0..=i {
                let (a, b) = (edges[i * 20 + j], columns[i * 20 + j]);
                assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{i}, {j}: {a} and {b}");
            }
        }
    }
}
