//! A recorded function as text: its formulas, and a graph for Graphviz.

use std::fmt;

use super::Graph;

impl Graph {
    pub(crate) fn dot(&self) -> String {
        let results: Vec<u32> = self.outputs.iter().filter_map(|output| output.ok()).collect();
        self.program.dot(&results, None)
    }
}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.program)?;
        for (i, output) in self.outputs.iter().enumerate() {
            let number = if self.outputs.len() == 1 { String::new() } else { format!(" {i}") };
            match *output {
                Ok(node) => writeln!(f, "result{number} = {}", self.program.name_of(node))?,
                Err(constant) => writeln!(f, "result{number} = {constant}")?,
            }
        }
        Ok(())
    }
}
