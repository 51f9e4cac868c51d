//! Whose definition a rule has, where two libraries mean different formulas by one name.

/// Whose definition a rule has, where two libraries mean different formulas by one name; the rules that have both say
/// how they differ.
///
/// ```
/// use downhill::optim::{Form, RAdam};
///
/// assert_eq!(RAdam::new(0.1).form, Form::PyTorch);
/// assert_eq!(RAdam::optax(0.1).form, Form::Optax);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Form {
    /// As in `torch.optim`.
    #[default]
    PyTorch,
    /// As in Optax.
    Optax,
}
