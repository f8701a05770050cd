use foldhash::fast::FixedState;
use indexmap::IndexSet;

/// The records that may count, each under a number: their order, which is that of the trace.
///
/// What counts names its record by the number: an id is kept once, however many figures it is part of.
#[derive(Debug, Clone, Default)]
pub struct RecordNumbers(IndexSet<String, FixedState>);

impl RecordNumbers {
    /// Numbers records in the order in which they come; one that comes again keeps its first number.
    pub fn new(ids: impl IntoIterator<Item = String>) -> Self {
        Self(ids.into_iter().collect())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ids, in the order of their numbers.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The number of a record; nothing if it is none of these.
    pub fn number(&self, id: &str) -> Option<u32> {
        u32::try_from(self.0.get_index_of(id)?).ok()
    }

    /// The id of a record by its number.
    pub fn id(&self, number: u32) -> Option<&str> {
        let at = usize::try_from(number).ok()?;
        self.0.get_index(at).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::RecordNumbers;

    #[test]
    fn a_record_is_found_by_its_number_and_its_number_by_its_id() {
        let records = RecordNumbers::new(["b", "a", "b"].map(str::to_owned));
        assert_eq!((records.len(), records.is_empty()), (2, false));
        assert!(records.ids().eq(["b", "a"]));
        assert_eq!(records.number("a"), Some(1));
        assert_eq!(records.id(0), Some("b"));
        assert_eq!((records.number("c"), records.id(2)), (None, None));
    }
}
