//! Optimizers by `serde`: the rule with its hyper-parameters and schedule, and all it remembers.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::group::Groups;
use super::memory::Memory;
use super::{LearningRate, OnNonFinite, Optimizer, Rule};
use crate::params::{Element, Layout};

#[derive(Serialize)]
struct Shown<'a, R, S, T> {
    kind: String,
    rule: &'a R,
    on_non_finite: OnNonFinite,
    groups: &'a Groups,
    stopped: bool,
    memory: Option<ShownMemory<'a, S, T>>,
}

#[derive(Serialize)]
struct ShownMemory<'a, S, T> {
    layout: &'a Layout,
    state: &'a S,
    steps: usize,
    last: &'a [T],
    used: &'a Option<(LearningRate, f64)>,
}

/// The kind comes first, so that it is what is found to differ.
#[derive(Deserialize)]
#[serde(bound(deserialize = "R: Deserialize<'de>, S: Deserialize<'de>, T: Element + Deserialize<'de>"))]
struct Read<R, S, T> {
    #[serde(rename = "kind")]
    _kind: Kind<R, T>,
    rule: R,
    on_non_finite: OnNonFinite,
    groups: Groups,
    stopped: bool,
    memory: Option<ReadMemory<S, T>>,
}

#[derive(Deserialize)]
struct ReadMemory<S, T> {
    layout: Layout,
    state: S,
    steps: usize,
    last: Vec<T>,
    used: Option<(LearningRate, f64)>,
}

/// The type of a rule as it is written, `Before<ClipNorm, Adam>`: many rules have fields of the same names. Without the modules
/// it is in, which may change; and with its numbers, which would be rounded otherwise.
fn kind<R, T: Element>() -> String {
    let path = std::any::type_name::<R>();
    let ends = path.split_inclusive(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let name: String = ends.map(|part| part.rsplit("::").next().unwrap_or(part)).collect();
    format!("{name} of {}", T::NAME)
}

/// The kind read, if it is that of `R` on `T`.
struct Kind<R, T>(PhantomData<(R, T)>);

impl<'de, R, T: Element> Deserialize<'de> for Kind<R, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Kind<R, T>, D::Error> {
        let (found, wanted) = (String::deserialize(deserializer)?, kind::<R, T>());
        if found != wanted {
            return Err(D::Error::custom(format_args!(
                "an optimizer of the kind `{found}` in place of `{wanted}`"
            )));
        }
        Ok(Kind(PhantomData))
    }
}

impl<R, T> Serialize for Optimizer<R, T>
where
    R: Rule<T, State: Serialize> + Serialize,
    T: Element + Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let memory = self.memory.as_ref().map(|memory| ShownMemory {
            layout: &memory.layout,
            state: &memory.state,
            steps: memory.steps,
            last: &memory.last,
            used: &memory.used,
        });
        let Optimizer { rule, on_non_finite, groups, stopped, .. } = self;
        Shown { kind: kind::<R, T>(), rule, on_non_finite: *on_non_finite, groups, stopped: *stopped, memory }
            .serialize(serializer)
    }
}

impl<'de, R, T> Deserialize<'de> for Optimizer<R, T>
where
    R: Rule<T, State: Deserialize<'de>> + Deserialize<'de>,
    T: Element + Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { rule, on_non_finite, groups, stopped, memory, .. } =
            Read::<R, R::State, T>::deserialize(deserializer)?;
        let memory = match memory {
            None => None,
            Some(ReadMemory { layout, state, steps, last, used }) => {
                if !last.is_empty() && last.len() != layout.len() {
                    let (n, m) = (last.len(), layout.len());
                    return Err(D::Error::custom(format_args!(
                        "a last gradient of {n} numbers for {m} variables"
                    )));
                }
                let mut memory = Memory::new(state, Arc::new(layout));
                if let Err(pattern) = groups.check(&memory.layout) {
                    return Err(D::Error::custom(format_args!(
                        "a group of names like `{pattern}`, of which there are none"
                    )));
                }
                memory.groups = groups.segments(&memory.layout);
                (memory.steps, memory.last, memory.used) = (steps, last, used);
                Some(memory)
            }
        };
        Ok(Optimizer { rule, on_non_finite, groups, memory, stopped })
    }
}
