//! Values by columns of a sheet.

/// A map from the columns of a sheet, counted from 0, to values.
///
/// The columns of a table stand close together and are asked for at every cell, so it is a list with gaps and not a table
/// of hashes. It takes room for each column up to the last one that has a value.
#[derive(Debug, Clone)]
pub(crate) struct ColumnMap<T>(Vec<Option<T>>);

impl<T> Default for ColumnMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> ColumnMap<T> {
    /// The value of a column, if it has one.
    pub(crate) fn get(&self, col: u32) -> Option<&T> {
        self.0.get(place(col))?.as_ref()
    }

    /// Gives a column a value; what it had is lost.
    pub(crate) fn insert(&mut self, col: u32, value: T) {
        *self.slot(col) = Some(value);
    }

    /// The value of a column, which gets one if it has none.
    pub(crate) fn get_or_insert_with(&mut self, col: u32, value: impl FnOnce() -> T) -> &mut T {
        self.slot(col).get_or_insert_with(value)
    }

    fn slot(&mut self, col: u32) -> &mut Option<T> {
        let place = place(col);
        if place >= self.0.len() {
            self.0.resize_with(place + 1, || None);
        }
        &mut self.0[place]
    }
}

impl<T> FromIterator<(u32, T)> for ColumnMap<T> {
    /// Of several values of a column the last counts.
    fn from_iter<I: IntoIterator<Item = (u32, T)>>(values: I) -> Self {
        let mut map = Self::default();
        values
            .into_iter()
            .for_each(|(col, value)| map.insert(col, value));
        map
    }
}

fn place(col: u32) -> usize {
    usize::try_from(col).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::ColumnMap;

    #[test]
    fn columns_have_what_was_put_last() {
        let mut map: ColumnMap<&str> = [(3, "a"), (0, "b"), (3, "c")].into_iter().collect();
        let values: Vec<_> = (0..5).map(|col| map.get(col).copied()).collect();
        assert_eq!(values, [Some("b"), None, None, Some("c"), None]);
        assert_eq!(*map.get_or_insert_with(3, || "d"), "c");
        assert_eq!(*map.get_or_insert_with(1, || "d"), "d");
        assert_eq!((map.get(2), map.get(u32::MAX)), (None, None));
    }
}
