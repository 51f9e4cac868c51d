//! The traits of `serde`. A variable is written as its value and read as a constant; a dual number is the list of its
//! numbers, the value first. A recording is not written: it belongs to a run of the program.

use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, Serializer};

use crate::dual::{Dual, Duals};
use crate::tape::Var;

impl Serialize for Var {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Var {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Var, D::Error> {
        f64::deserialize(deserializer).map(Var::constant)
    }
}

impl<R: Serialize> Serialize for Dual<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.value, &self.tangent).serialize(serializer)
    }
}

impl<'de, R: Deserialize<'de>> Deserialize<'de> for Dual<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Dual<R>, D::Error> {
        <(R, R)>::deserialize(deserializer).map(|(value, tangent)| Dual { value, tangent })
    }
}

impl<const N: usize> Serialize for Duals<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.value, self.tangents.as_slice()).serialize(serializer)
    }
}

impl<'de, const N: usize> Deserialize<'de> for Duals<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Duals<N>, D::Error> {
        let (value, tangents) = <(f64, Vec<f64>)>::deserialize(deserializer)?;
        let of_length = |tangents: Vec<f64>| D::Error::invalid_length(tangents.len(), &Count(N));
        tangents.try_into().map(|tangents| Duals { value, tangents }).map_err(of_length)
    }
}

/// What was needed, for the message: so many tangents.
struct Count(usize);

impl serde::de::Expected for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} tangents", self.0)
    }
}
