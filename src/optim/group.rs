//! Groups of named arrays that are stepped each in its way.

use std::sync::Arc;

use super::step::Segment;
use crate::params::Layout;

/// How the arrays of a group are stepped: a factor of the learning rate, one of the weight decay, or not at all.
///
/// An array may be in several groups: it is stepped as all of them say, and where two say another thing about the same, as
/// the one says that was given last.
///
/// ```
/// use downhill::optim::Group;
/// use downhill::params::Params;
/// use downhill::prelude::*;
///
/// let mut params = Params::new();
/// params.insert("encoder.weight", &[1.0, 1.0]).insert("head.weight", &[1.0]).insert("head.bias", &[1.0]);
/// let gradient = params.clone();
///
/// let mut descent = GradientDescent::new(0.5)
///     .optimizer()
///     .group("encoder.*", Group::frozen())
///     .group("*.weight", Group::new().decay(0.5)) // the encoder stays frozen
///     .group("*.bias", Group::new().rate(0.1));
/// descent.step(&mut params, &gradient);
/// assert_eq!(params.values(), [1.0, 1.0, 0.5, 0.95]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Group {
    rate: Option<f64>,
    decay: Option<f64>,
    frozen: Option<bool>,
}

impl Group {
    /// Stepped as all others, or as other groups say that match the name too.
    pub fn new() -> Group {
        Group::default()
    }

    /// Not stepped at all: the arrays, and what the rule remembers of them, stay as they are, and their slopes count
    /// neither in norms nor as not finite.
    pub fn frozen() -> Group {
        Group { frozen: Some(true), ..Group::new() }
    }

    /// Stepped, although another group has frozen them.
    pub fn thawed() -> Group {
        Group { frozen: Some(false), ..Group::new() }
    }

    /// The learning rate multiplied by this.
    pub fn rate(self, rate: f64) -> Group {
        Group { rate: Some(rate), ..self }
    }

    /// Weight decays multiplied by this; 0 for none, as is usual for biases and norms.
    pub fn decay(self, decay: f64) -> Group {
        Group { decay: Some(decay), ..self }
    }

    /// What this group says, and what `self` does where it says nothing.
    fn then(self, later: Group) -> Group {
        Group {
            rate: later.rate.or(self.rate),
            decay: later.decay.or(self.decay),
            frozen: later.frozen.or(self.frozen),
        }
    }
}

/// Patterns of names with what holds for them; of those that match a name and say the same thing, the last one counts.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Groups(Vec<(String, Group)>);

impl Groups {
    /// Sets what holds for a pattern, anew or for the first time.
    pub(super) fn set(&mut self, pattern: String, group: Group) {
        self.0.retain(|(there, _)| *there != pattern);
        self.0.push((pattern, group));
    }

    /// Neighbouring arrays of the same group, in the order of the flat vector.
    #[track_caller]
    pub(super) fn segments(&self, layout: &Arc<Layout>) -> Vec<Segment> {
        if self.0.is_empty() {
            return vec![Segment::all(layout.len())];
        }
        if let Err(pattern) = self.check(layout) {
            panic!(
                "downhill: no array has a name like `{pattern}`, of which a group was made; there are {:?} \
                 (`*` stands for any letters)",
                layout.names().collect::<Vec<_>>(),
            );
        }
        let mut segments: Vec<Segment> = Vec::new();
        for (name, block) in layout.iter() {
            let matching = self.0.iter().filter(|(pattern, _)| matches(pattern, name));
            let Group { rate, decay, frozen } =
                matching.fold(Group::new(), |all, &(_, group)| all.then(group));
            let segment = Segment {
                range: block.range(),
                rate: rate.unwrap_or(1.0),
                decay: decay.unwrap_or(1.0),
                frozen: frozen.unwrap_or(false),
            };
            match segments.last_mut() {
                Some(last) if (Segment { range: segment.range.clone(), ..last.clone() }) == segment => {
                    last.range.end = segment.range.end;
                }
                _ => segments.push(segment),
            }
        }
        segments
    }

    /// The first pattern that no name is like.
    pub(super) fn check(&self, layout: &Layout) -> Result<(), &str> {
        let unlike = |pattern: &str| !layout.names().any(|name| matches(pattern, name));
        match self.0.iter().find(|(pattern, _)| unlike(pattern)) {
            Some((pattern, _)) => Err(pattern),
            None => Ok(()),
        }
    }
}

/// Whether `name` is `pattern`, in which each `*` stands for any letters, or none.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(name) = name.strip_prefix(first) else {
        return false;
    };
    (0..=name.len()).any(|k| name.is_char_boundary(k) && matches(rest, &name[k..]))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_letters() {
        for (pattern, name, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("*", "anything", true),
            ("*.bias", "head.bias", true),
            ("*.bias", "head.bias.x", false),
            ("a.*", "a.", true),
            ("a.*.w", "a.0.w", true),
            ("a.*.w", "a.w", false),
            ("*a*a*", "banana", true),
            ("*é", "né", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
