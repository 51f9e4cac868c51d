//! The state of a rule with something around it.

/// What a rule with something around it remembers: [`Before`](super::Before), [`After`](super::After),
/// [`Lookahead`](super::Lookahead) and [`Averaged`](super::Averaged).
#[derive(Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Wrapped<O, S> {
    /// What is around the rule.
    pub own: O,
    /// The rule.
    pub rule: S,
}

/// One after the other, so that `clone_from` reuses the memory of both; that of a tuple would not.
impl<O: Clone, S: Clone> Clone for Wrapped<O, S> {
    fn clone(&self) -> Wrapped<O, S> {
        Wrapped { own: self.own.clone(), rule: self.rule.clone() }
    }

    fn clone_from(&mut self, from: &Wrapped<O, S>) {
        self.own.clone_from(&from.own);
        self.rule.clone_from(&from.rule);
    }
}
