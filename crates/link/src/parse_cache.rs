//! Parsed names and addresses, kept.

use crate::address::ParsedAddress;
use crate::name::ParsedName;
use std::sync::Arc;

/// Names and addresses that were parsed, by their texts.
///
/// A report resolves the lists of several years one after the other, and they hold much the same texts.
#[derive(Default, Clone)]
pub(crate) struct ParseCache {
    names: foldhash::HashMap<Box<str>, Arc<ParsedName>>,
    addresses: foldhash::HashMap<Box<str>, Arc<ParsedAddress>>,
}

impl ParseCache {
    /// The name of a text, without its rarity, which depends on the other names of a list.
    pub(crate) fn name(&self, text: &str) -> Option<Arc<ParsedName>> {
        self.names.get(text).cloned()
    }

    pub(crate) fn address(&self, address: &str, district: &str) -> Option<Arc<ParsedAddress>> {
        if self.addresses.is_empty() {
            return None;
        }
        self.addresses.get(&*key(address, district)).cloned()
    }

    pub(crate) fn add_names<'t>(
        &mut self,
        names: impl Iterator<Item = (&'t str, &'t Arc<ParsedName>)>,
    ) {
        // Nothing is dropped: the texts of a few years fit, and a dropped one would be parsed again.
        for (text, name) in names {
            if !self.names.contains_key(text) {
                self.names.insert(text.into(), Arc::clone(name));
            }
        }
    }

    pub(crate) fn add_addresses<'t>(
        &mut self,
        addresses: impl Iterator<Item = ((&'t str, &'t str), &'t Arc<ParsedAddress>)>,
    ) {
        for ((address, district), read) in addresses {
            let key = key(address, district);
            if !self.addresses.contains_key(key.as_str()) {
                self.addresses.insert(key.into(), Arc::clone(read));
            }
        }
    }
}

/// One text of an address and its district; the unit separator stands in neither.
fn key(address: &str, district: &str) -> String {
    format!("{address}\u{1f}{district}")
}

#[cfg(test)]
mod tests {
    use super::ParseCache;
    use crate::address::ParsedAddress;
    use std::sync::Arc;

    #[test]
    fn an_address_is_kept_together_with_its_district() {
        let mut cache = ParseCache::default();
        let address = Arc::new(ParsedAddress::default());
        cache.add_addresses([(("12 Lê Lợi", "Vĩnh Cửu"), &address)].into_iter());
        let found = cache.address("12 Lê Lợi", "Vĩnh Cửu").unwrap();
        assert!(Arc::ptr_eq(&found, &address));
        assert!(cache.address("12 Lê Lợi", "").is_none());
        assert!(cache.address("12 Lê LợiVĩnh Cửu", "").is_none());
    }
}
