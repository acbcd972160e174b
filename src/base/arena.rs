//! Vectors whose indices have a type, so that a pipeline's id is never taken for a service's. A copy shares its items
//! with the original.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, Range};
use std::sync::Arc;

pub struct Id<T> {
    index: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    pub fn new(index: usize) -> Self {
        Id { index: u32::try_from(index).expect("fewer than 4 billion declarations"), of: PhantomData }
    }

    pub fn index(self) -> usize {
        self.index as usize
    }
}

pub struct Arena<T>(Vec<Arc<T>>);

impl<T> Arena<T> {
    pub fn push(&mut self, item: T) -> Id<T> {
        self.0.push(Arc::new(item));
        Id::new(self.0.len() - 1)
    }

    /// The same with another item in one place.
    pub fn replace(&mut self, id: Id<T>, item: T) {
        self.0[id.index()] = Arc::new(item);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn values(&self) -> impl ExactSizeIterator<Item = &T> + DoubleEndedIterator {
        self.0.iter().map(AsRef::as_ref)
    }

    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        self.0.iter().enumerate().map(|(index, item)| (Id::new(index), item.as_ref()))
    }

    /// Those in a range of indices.
    pub fn within(&self, range: Range<usize>) -> impl Iterator<Item = (Id<T>, &T)> + Clone {
        let start = range.start;
        self.0[range].iter().enumerate().map(move |(at, item)| (Id::new(start + at), item.as_ref()))
    }

    pub fn ids(&self) -> impl Iterator<Item = Id<T>> + use<T> {
        (0..self.0.len()).map(Id::new)
    }
}

impl<T> Index<Id<T>> for Arena<T> {
    type Output = T;
    fn index(&self, id: Id<T>) -> &T {
        &self.0[id.index()]
    }
}

impl<T> FromIterator<T> for Arena<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Arena(items.into_iter().map(Arc::new).collect())
    }
}

impl<T> Clone for Arena<T> {
    fn clone(&self) -> Self {
        Arena(self.0.clone())
    }
}

impl<T> Default for Arena<T> {
    fn default() -> Self {
        Arena(Vec::new())
    }
}

impl<T: fmt::Debug> fmt::Debug for Arena<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}

impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}
