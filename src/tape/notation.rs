//! Recorded operations as formulas: `v2 = x0 * x1`, `v3 = sin(v2)`.
//!
//! Arguments are `x0`, `x1`, …, in their order, operations `v` with their place among both; constants stand where they are
//! used.

use std::fmt::{self, Write};

use super::Program;
use super::operations::Operation;

/// The names of a program's nodes.
pub(super) struct Notation<'a> {
    program: &'a Program,
    /// Of each node: arguments before it, and nodes with a name.
    counts: Vec<[u32; 2]>,
}

impl Notation<'_> {
    pub(super) fn of(program: &Program) -> Notation<'_> {
        let mut count = [0, 0];
        let counts = (0..program.len()).map(|k| {
            let before = count;
            count[0] += u32::from(program.operations()[k] == Operation::Argument);
            count[1] += u32::from(program.has_name(k));
            before
        });
        Notation { program, counts: counts.collect() }
    }

    /// `x0`, `v2`, or the number.
    pub(super) fn name(&self, k: u32) -> String {
        let [arguments, named] = self.counts[k as usize];
        match self.program.operations()[k as usize] {
            Operation::Argument => format!("x{arguments}"),
            Operation::Constant(c) => short(c),
            _ => format!("v{named}"),
        }
    }

    /// `v2 = sin(v1)`; of an argument the name.
    pub(super) fn equation(&self, k: u32) -> String {
        self.equation_by(k, |operand, _| self.name(operand))
    }

    /// `v2 = sin(x0 - x1)`: operations on operations are written out one step further.
    pub(super) fn long_equation(&self, k: u32) -> String {
        self.equation_by(k, |operand, inside| self.written_out(operand, inside))
    }

    /// The formula of an operand, in brackets inside of another unless it is a call.
    pub(super) fn written_out(&self, k: u32, inside: bool) -> String {
        let formula = self.formula(k, |operand, _| self.name(operand));
        if inside && self.program.symbol(k).is_some() { format!("({formula})") } else { formula }
    }

    fn equation_by(&self, k: u32, operand: impl Fn(u32, bool) -> String) -> String {
        let name = self.name(k);
        let formula = self.formula(k, operand);
        if formula == name { name } else { format!("{name} = {formula}") }
    }

    /// `operand` is told whether it stands between symbols.
    fn formula(&self, k: u32, operand: impl Fn(u32, bool) -> String) -> String {
        let operands = self.program.operands(k);
        match (self.program.symbol(k), &operands[..]) {
            (_, []) => self.name(k),
            (Some(symbol), [x]) => format!("{symbol}{}", operand(*x, true)),
            (Some(symbol), [x, y, ..]) => format!("{} {symbol} {}", operand(*x, true), operand(*y, true)),
            (None, operands) => {
                let mut list: Vec<String> = operands.iter().map(|&x| operand(x, false)).collect();
                list.extend(self.program.parameter(k));
                format!("{}({})", self.program.operation_name(k), list.join(", "))
            }
        }
    }
}

impl Program {
    /// Whether the node is an argument or the result of an operation: no constant, and no part of a custom function.
    fn has_name(&self, k: usize) -> bool {
        match self.operations()[k] {
            Operation::Constant(_) | Operation::Event(_) => false,
            Operation::Custom(_) => self.custom_at(k as u32).1.nodes.end as usize == k + 1,
            _ => true,
        }
    }

    /// The nodes of the function's arguments.
    pub(super) fn operands(&self, k: u32) -> Vec<u32> {
        match self.operations()[k as usize] {
            Operation::Argument | Operation::Constant(_) | Operation::Event(_) | Operation::Made(..) => {
                vec![]
            }
            Operation::Unary(_, x) => vec![x],
            Operation::Binary(_, operands) => operands.to_vec(),
            Operation::Ternary(_, operands) => operands.to_vec(),
            Operation::Custom(_) => {
                let nodes = self.custom_at(k).1.nodes.clone();
                let input = |k: u32| match self.operations()[k as usize] {
                    Operation::Custom([_, x, _]) => Some(x),
                    _ => None,
                };
                nodes.filter_map(input).collect()
            }
        }
    }

    /// `sqrt`, `add`, the name of a custom function.
    pub(super) fn operation_name(&self, k: u32) -> &str {
        match self.operations()[k as usize] {
            Operation::Argument => "argument",
            Operation::Constant(_) => "constant",
            Operation::Event(_) | Operation::Made(..) => "element of an array",
            Operation::Unary(op, _) => op.name(),
            Operation::Binary(op, _) => op.name(),
            Operation::Ternary(op, _) => op.name(),
            Operation::Custom(_) => &self.custom_at(k).1.name,
        }
    }

    fn symbol(&self, k: u32) -> Option<&'static str> {
        if matches!(self.operations()[k as usize], Operation::Custom(_)) {
            return None;
        }
        let symbols = [("add", "+"), ("sub", "-"), ("mul", "*"), ("div", "/"), ("rem", "%"), ("neg", "-")];
        symbols.iter().find(|(name, _)| *name == self.operation_name(k)).map(|(_, symbol)| *symbol)
    }

    /// What the row has beside its arguments: the 3 of `powi(x, 3)`.
    fn parameter(&self, k: u32) -> Option<String> {
        let text = match self.operations()[k as usize] {
            Operation::Unary(op, _) => format!("{op:?}"),
            Operation::Binary(op, _) => format!("{op:?}"),
            _ => return None,
        };
        Some(text.split_once('(')?.1.trim_end_matches(')').to_owned())
    }
}

/// A line for each argument and each operation, with its value: `v2 = x0 * x1 = 6`.
impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let notation = Notation::of(self);
        for k in (0..self.len()).filter(|&k| self.has_name(k)) {
            writeln!(f, "{} = {}", notation.equation(k as u32), short(self.values()[k]))?;
        }
        Ok(())
    }
}

impl Program {
    /// The name of a node.
    pub(crate) fn name_of(&self, k: u32) -> String {
        Notation::of(self).name(k)
    }

    /// The recording in the language of Graphviz: operands above what is computed from them. `results` have a double
    /// border.
    pub(crate) fn dot(&self, results: &[u32], adjoints: Option<&[f64]>) -> String {
        let notation = Notation::of(self);
        let mut text = String::from("digraph recording {\n    node [shape=box, fontname=\"monospace\"];\n");
        for k in 0..self.len() as u32 {
            if !self.has_name(k as usize) {
                continue;
            }
            let mut label = format!("{}\n{}", notation.equation(k), short(self.values()[k as usize]));
            if let Some(adjoint) = adjoints.and_then(|adjoints| adjoints.get(k as usize)) {
                let _ = write!(label, "\nadjoint {}", short(*adjoint)); // writing to a string does not fail
            }
            let style = match self.operations()[k as usize] {
                Operation::Argument => ", style=filled, fillcolor=lightgrey",
                _ if results.contains(&k) => ", peripheries=2",
                _ => "",
            };
            let _ = writeln!(text, "    n{k} [label=\"{}\"{style}];", escaped(&label));
            for operand in self.operands(k).into_iter().filter(|&operand| self.has_name(operand as usize)) {
                let _ = writeln!(text, "    n{operand} -> n{k};");
            }
        }
        text.push_str("}\n");
        text
    }
}

/// The digits of a number, without rows of zeros.
pub(super) fn short(x: f64) -> String {
    let plain = x == 0.0 || !x.is_finite() || (1e-5..1e16).contains(&x.abs());
    if plain { x.to_string() } else { format!("{x:e}") }
}

/// In quotes of the language of Graphviz.
fn escaped(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
