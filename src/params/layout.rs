//! The table of names: which shape each array has, and where it lies in the flat vector.

use std::ops::Range;

use indexmap::IndexMap;

/// The arrays of a [`Params`](super::Params): names, shapes and ranges of the flat vector, in the order of insertion.
///
/// The ranges follow one another without gaps, and each array lies in its range in row-major order. Parameters, their
/// gradients and the moments of an optimizer share one layout ([`Params::layout`](super::Params::layout) is an `Arc`), so
/// that a rule may treat the arrays each in its way while it runs over plain slices. Two layouts are equal if names,
/// shapes and order are.
///
/// ```
/// use downhill::params::Params;
/// use ndarray::array;
///
/// let mut params = Params::new();
/// params.insert("w", &array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// params.insert("b", &array![0.0, 0.0, 0.0]);
///
/// let layout = params.layout();
/// assert_eq!(layout.len(), 9);
/// assert_eq!(layout.shape("w"), [2, 3]);
/// assert_eq!(layout.range("b"), 6..9);
/// assert!(layout.names().eq(["w", "b"]));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Layout {
    blocks: IndexMap<String, Block>,
    len: usize,
}

/// One array of a [`Layout`]: its shape, and its range of the flat vector.
///
/// ```
/// use downhill::params::Params;
/// use ndarray::arr0;
///
/// let mut params = Params::new();
/// params.insert("scale", &arr0(2.0));
/// let (name, block) = params.layout().iter().next().unwrap();
/// assert_eq!((name, block.shape(), block.range()), ("scale", &[][..], 0..1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    shape: Vec<usize>,
    range: Range<usize>,
}

impl Block {
    /// The length of each axis; empty for a single number.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Where the numbers lie in the flat vector, in row-major order.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }
}

impl Layout {
    /// How many numbers all arrays have together: the length of the flat vector.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no number at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether an array has this name.
    pub fn contains(&self, name: &str) -> bool {
        self.blocks.contains_key(name)
    }

    /// The shape of the array of this name.
    ///
    /// # Panics
    ///
    /// If no array has the name.
    #[track_caller]
    pub fn shape(&self, name: &str) -> &[usize] {
        self.block(name).shape()
    }

    /// Where the array of this name lies in the flat vector.
    ///
    /// # Panics
    ///
    /// If no array has the name.
    #[track_caller]
    pub fn range(&self, name: &str) -> Range<usize> {
        self.block(name).range()
    }

    /// The names, in the order of insertion; its length is the number of arrays.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.blocks.keys().map(String::as_str)
    }

    /// The names with shapes and ranges, in the order of insertion, which is that of the flat vector.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Block)> {
        self.blocks.iter().map(|(name, block)| (name.as_str(), block))
    }

    /// The array with so many before it.
    pub(crate) fn at(&self, place: usize) -> Option<(&str, &Block)> {
        self.blocks.get_index(place).map(|(name, block)| (name.as_str(), block))
    }

    #[track_caller]
    pub(super) fn block(&self, name: &str) -> &Block {
        match self.find(name) {
            Some((_, block)) => block,
            None => self.missing(name),
        }
    }

    /// The array of this name, and how many are before it.
    pub(crate) fn find(&self, name: &str) -> Option<(usize, &Block)> {
        self.blocks.get_full(name).map(|(place, _, block)| (place, block))
    }

    #[cold]
    #[track_caller]
    pub(crate) fn missing(&self, name: &str) -> ! {
        panic!(
            "downhill: no parameter is named `{name}`: ask for one of {}, or insert it first",
            listed(self.names())
        )
    }

    /// One array of this shape, without a name.
    pub(crate) fn of_one(shape: &[usize]) -> Layout {
        let mut layout = Layout::default();
        layout.push(String::new(), shape);
        layout
    }

    /// Appends an array at the end of the flat vector.
    #[track_caller]
    pub(super) fn push(&mut self, name: String, shape: &[usize]) {
        if let Some(there) = self.blocks.get(&name) {
            panic!(
                "downhill: a parameter named `{name}` is there already, of shape {:?}, and one of shape {shape:?} was to be \
                 inserted: give it another name, or write into the first with `view_mut`",
                there.shape
            );
        }
        let range = self.len..self.len + shape.iter().product::<usize>();
        self.len = range.end;
        self.blocks.insert(name, Block { shape: shape.to_vec(), range });
    }
}

// The equality of the table itself would leave the order out.
impl PartialEq for Layout {
    fn eq(&self, other: &Layout) -> bool {
        self.blocks.as_slice() == other.blocks.as_slice()
    }
}

impl Eq for Layout {}

/// Names for a message: the first few, and how many more there are.
pub(super) fn listed<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let all = names.len();
    if all == 0 {
        return "none, as there are none".to_owned();
    }
    let shown: Vec<String> = names.take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = if all > SHOWN { format!(" and {} more", all - SHOWN) } else { String::new() };
    shown.join(", ") + &more
}
