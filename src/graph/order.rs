//! How often a recorded function can be differentiated.
//!
//! ```text
//! order(op(a, b)) = min(order(a), order(b)),     order(custom by partials p of x) = min(order(x), 1 + order(p))
//! ```
//!
//! Arguments and constants have derivatives of every order, and partials that were given as numbers none.

use super::Graph;
use crate::tape::Operation;

/// The order up to which a node has derivatives, and the function that ends them.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Order {
    up_to: usize,
    because_of: usize,
}

const ENDLESS: Order = Order { up_to: usize::MAX, because_of: usize::MAX };

impl Graph {
    /// # Panics
    ///
    /// If result 0 has no derivatives of this order, with the name of the function that ends them.
    #[track_caller]
    pub(crate) fn need_order(&self, asked: usize) {
        let Ok(output) = self.outputs[0] else { return };
        if self.program.customs().is_empty() {
            return;
        }
        let Order { up_to, because_of } = self.orders(output as usize);
        if up_to < asked {
            let name = &self.program.customs()[because_of].name;
            panic!(
                "downhill: derivatives of order {asked} were asked for, and the function has them up to order {up_to}: the \
                 partials of `{name}` are numbers, which give first derivatives only; compute them from its inputs as \
                 variables, or write it with operators"
            );
        }
    }

    fn orders(&self, output: usize) -> Order {
        let mut orders = vec![ENDLESS; output + 1];
        let lesser = |a: Order, b: Order| if b.up_to < a.up_to { b } else { a };
        for k in 0..=output {
            let at = |node: u32| orders[node as usize];
            orders[k] = match self.program.operations()[k] {
                Operation::Argument | Operation::Constant(_) => ENDLESS,
                Operation::Event(_) | Operation::Made(..) => ENDLESS,
                Operation::Unary(_, x) => at(x),
                Operation::Binary(_, [x, y]) => lesser(at(x), at(y)),
                Operation::Ternary(_, [x, a, b]) => lesser(lesser(at(x), at(a)), at(b)),
                Operation::Custom([rest, x, partial]) => {
                    let (place, custom) = self.program.custom_at(k as u32);
                    let mut own = Order { up_to: 1, because_of: place };
                    if !custom.by_numbers {
                        own = at(partial);
                        own.up_to = own.up_to.saturating_add(1);
                    }
                    lesser(lesser(at(rest), at(x)), own)
                }
            };
        }
        orders[output]
    }
}
