use crate::address::Address;
use crate::name::Name;
use std::sync::Arc;

/// Names and addresses that were read, by their texts: lists that are matched one after the other say much the same.
#[derive(Default, Clone)]
pub(crate) struct Memo {
    names: foldhash::HashMap<Box<str>, Arc<Name>>,
    addresses: foldhash::HashMap<Box<str>, Arc<Address>>,
}

impl Memo {
    /// The name of a text, without what depends on other names.
    pub(crate) fn name(&self, text: &str) -> Option<Arc<Name>> {
        self.names.get(text).cloned()
    }

    pub(crate) fn address(&self, address: &str, district: &str) -> Option<Arc<Address>> {
        self.addresses.get(&*key(address, district)).cloned()
    }

    pub(crate) fn add_names<'t>(&mut self, names: impl Iterator<Item = (&'t str, &'t Arc<Name>)>) {
        for (text, name) in names {
            if !self.names.contains_key(text) {
                self.names.insert(text.into(), Arc::clone(name));
            }
        }
    }

    pub(crate) fn add_addresses<'t>(
        &mut self,
        addresses: impl Iterator<Item = ((&'t str, &'t str), &'t Arc<Address>)>,
    ) {
        for ((address, district), read) in addresses {
            let key = key(address, district);
            if !self.addresses.contains_key(key.as_str()) {
                self.addresses.insert(key.into(), Arc::clone(read));
            }
        }
    }
}

fn key(address: &str, district: &str) -> String {
    format!("{address}\u{1f}{district}")
}
