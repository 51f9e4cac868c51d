//! Parameters and their layouts by `serde`: names with shapes in order, and the numbers in one row.

use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Element, Layout, Params};

/// As a sequence of names with shapes.
impl Serialize for Layout {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(|(name, block)| (name, block.shape())))
    }
}

impl<'de> Deserialize<'de> for Layout {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Layout, D::Error> {
        let mut layout = Layout::default();
        for (name, shape) in Vec::<(String, Vec<usize>)>::deserialize(deserializer)? {
            if layout.contains(&name) {
                return Err(D::Error::custom(format_args!("two arrays are named `{name}`")));
            }
            let len = shape.iter().try_fold(1_usize, |n, &axis| n.checked_mul(axis));
            if len.and_then(|len| len.checked_add(layout.len())).is_none() {
                return Err(D::Error::custom(format_args!(
                    "`{name}` has the shape {shape:?}, which is too large"
                )));
            }
            layout.push(name, &shape);
        }
        Ok(layout)
    }
}

#[derive(Serialize)]
struct Shown<'a, T> {
    numbers: &'a str,
    layout: &'a Layout,
    values: &'a [T],
}

#[derive(Deserialize)]
struct Read<T> {
    numbers: String,
    layout: Layout,
    values: Vec<T>,
}

/// As the type of the numbers, the layout and the numbers.
impl<T: Element + Serialize> Serialize for Params<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shown { numbers: T::NAME, layout: &self.layout, values: &self.values }.serialize(serializer)
    }
}

impl<'de, T: Element + Deserialize<'de>> Deserialize<'de> for Params<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Params<T>, D::Error> {
        let Read { numbers, layout, values } = Read::deserialize(deserializer)?;
        if numbers != T::NAME {
            return Err(D::Error::custom(format_args!(
                "parameters of {numbers} in place of {}: read them as they are, and convert them with `to_f32` or `to_f64`",
                T::NAME
            )));
        }
        if layout.len() != values.len() {
            let (n, m) = (values.len(), layout.len());
            return Err(D::Error::custom(format_args!("{n} numbers for parameters that have {m}")));
        }
        Ok(Params { layout: Arc::new(layout), values: Arc::new(values) })
    }
}
