//! Numbers of one network in another that shares a part of it.

use super::{Element, Params};

/// The names of what was not taken by [`Params::take_matching`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use = "what was not taken keeps the numbers it had; look at the names, or say `let _ =`"]
pub struct Unmatched {
    /// Here, and not in the other.
    pub missing: Vec<String>,
    /// In the other, and not here.
    pub unexpected: Vec<String>,
    /// In both, with different shapes.
    pub of_another_shape: Vec<String>,
}

impl Unmatched {
    /// Whether all was taken.
    pub fn is_empty(&self) -> bool {
        *self == Unmatched::default()
    }
}

impl<T: Element> Params<T> {
    /// Takes the numbers of `other` for all arrays that both have, with the same name and shape: those of a trained network for
    /// one with another head, say. The rest stays as it is.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let (mut params, mut trained) = (Params::new(), Params::new());
    /// params.insert("body", &[0.0, 0.0]).insert("head", &[0.0, 0.0]).insert("gain", &[1.0]);
    /// trained.insert("head", &[1.0]).insert("body", &[3.0, 4.0]).insert("tail", &[2.0]);
    ///
    /// let left = params.take_matching(&trained);
    /// assert_eq!(params.values(), [3.0, 4.0, 0.0, 0.0, 1.0]);
    /// assert_eq!((left.missing, left.unexpected), (vec!["gain".into()], vec!["tail".into()]));
    /// assert_eq!(left.of_another_shape, ["head"]);
    /// ```
    pub fn take_matching(&mut self, other: &Params<T>) -> Unmatched {
        let (own, others) = (self.layout.clone(), &other.layout);
        let mut left = Unmatched::default();
        for (name, to) in own.iter() {
            match others.find(name) {
                None => left.missing.push(name.to_owned()),
                Some((_, from)) if from.shape() != to.shape() => left.of_another_shape.push(name.to_owned()),
                Some((_, from)) => self.values_mut()[to.range()].copy_from_slice(&other.values[from.range()]),
            }
        }
        left.unexpected = others.names().filter(|name| !own.contains(name)).map(str::to_owned).collect();
        left
    }
}
