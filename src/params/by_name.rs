//! Numbers from other parameters, by name.

use super::Params;
use super::element::Element;
use super::layout::listed;
use crate::error::Error;

impl<T: Element> Params<T> {
    /// Overwrites the numbers with those of `other`, array by array and by name: the order of `self` stays.
    ///
    /// The two need the same names, with the same shapes, in any order. If they differ, nothing is written. Cost: `O(n)`.
    ///
    /// # Errors
    ///
    /// [`is_name`](Error::is_name) if a name is missing in one of the two: the message lists them.
    /// [`is_shape`](Error::is_shape) if two arrays of one name have different shapes.
    ///
    /// ```
    /// use downhill::params::Params;
    ///
    /// let mut params = Params::new();
    /// params.insert("w", &[0.0, 0.0]).insert("b", &[0.0]);
    /// let mut other = Params::new();
    /// other.insert("b", &[1.0]).insert("w", &[2.0, 3.0]);
    /// params.assign(&other)?;
    /// assert_eq!(params.values(), [2.0, 3.0, 1.0]);
    ///
    /// other.insert("c", &[4.0]);
    /// assert!(params.assign(&other).unwrap_err().is_name());
    /// # Ok::<(), downhill::error::Error>(())
    /// ```
    pub fn assign(&mut self, other: &Params<T>) -> Result<(), Error> {
        self.check_names(other)?;
        for (name, block) in self.layout().iter() {
            let (here, there) = (block.shape(), other.layout().shape(name));
            if here != there {
                return Err(Error::shape(format!(
                    "`{name}` has shape {here:?}, and the array given for it {there:?}: give one of the same shape"
                )));
            }
        }
        let layout = self.layout().clone();
        let values = self.values_mut();
        for (name, block) in layout.iter() {
            values[block.range()].copy_from_slice(&other.values()[other.layout().range(name)]);
        }
        Ok(())
    }

    fn check_names(&self, other: &Params<T>) -> Result<(), Error> {
        let missing: Vec<&str> = self.layout().names().filter(|name| !other.contains(name)).collect();
        let extra: Vec<&str> = other.layout().names().filter(|name| !self.contains(name)).collect();
        let mut faults = Vec::new();
        if !missing.is_empty() {
            faults.push(format!("nothing is given for {}", listed(missing.into_iter())));
        }
        if !extra.is_empty() {
            faults.push(format!("there is no parameter for what is given as {}", listed(extra.into_iter())));
        }
        if faults.is_empty() {
            return Ok(());
        }
        Err(Error::name(format!("{}: the names must be the same", faults.join(", and "))))
    }
}
