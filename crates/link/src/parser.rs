//! From texts to parsed parts.

use crate::address::ParsedAddress;
use crate::address_reader::AddressReader;
use crate::name::ParsedName;
use crate::parse_cache::ParseCache;
use crate::token::TokenPool;
use crate::vocabulary::Vocabulary;
use std::sync::Arc;

/// A parser of records: the vocabulary, what was parsed before, and the tokens and parts of addresses met so far. One for each thread.
pub(crate) struct Parser<'v> {
    pub vocabulary: &'v Vocabulary,
    tokens: TokenPool,
    addresses: AddressReader<'v>,
    cache: Arc<ParseCache>,
}

impl<'v> Parser<'v> {
    pub(crate) fn new(vocabulary: &'v Vocabulary, cache: Arc<ParseCache>) -> Self {
        Self {
            vocabulary,
            tokens: TokenPool::default(),
            addresses: AddressReader::new(&vocabulary.gazetteer),
            cache,
        }
    }

    /// A name; its [rarity](ParsedName::look_up_rarity) is not known yet.
    pub(crate) fn name(&mut self, text: &str) -> Arc<ParsedName> {
        self.cache
            .name(text)
            .unwrap_or_else(|| Arc::new(ParsedName::parse(text, self.vocabulary, &mut self.tokens)))
    }

    /// An address and a district; either may be blank.
    pub(crate) fn address(&mut self, address: &str, district: &str) -> Arc<ParsedAddress> {
        let known = self.cache.address(address, district);
        known.unwrap_or_else(|| {
            Arc::new(ParsedAddress::parse(address, district, &mut self.addresses))
        })
    }
}
