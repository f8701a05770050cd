use super::{Loader, kept};
use crate::definition::WordsFile;
use crate::letter::places;
use crate::words::{NEEDED, SignatureWords, Words};
use std::collections::BTreeMap;

impl Loader<'_> {
    /// Every word that is needed, and none that is not; and how senders sign. The programme's own words replace the
    /// base's one by one, its own signatures replace the base's whole.
    pub(super) fn words(&mut self) -> (Words, SignatureWords) {
        let file = "words.toml";
        let layers = self.layers(file);
        if layers.is_empty() {
            self.fault(file, None, "the file is missing");
            return Default::default();
        }
        let mut signatures = None;
        let mut words: BTreeMap<String, String> = BTreeMap::new();
        for file in layers {
            let Some(written) = self.read::<WordsFile>(&file) else {
                return Default::default();
            };
            signatures = written.signatures.or(signatures);
            for (key, word) in written.words {
                if !NEEDED.contains(&key.as_str()) && !self.is_kept {
                    self.fault_at(&file, &word, format!("'{key}' is not a word that is used"));
                }
                // What fills a word's places is written where the word is used: the base's are the ones there are.
                if let Some(known) = words.get(&key) {
                    let known: Vec<&str> = places(known).collect();
                    let unknown = places(word.get_ref()).find(|place| !known.contains(place));
                    if let Some(place) = unknown {
                        let message = format!("nothing fills the place '{{{place}}}' of '{key}'");
                        self.fault_at(&file, &word, message);
                    }
                }
                words.insert(key, word.into_inner());
            }
        }
        for key in NEEDED {
            if words.contains_key(key) {
                continue;
            }
            if self.is_kept {
                // A word that came after its day is the base's of now.
                let of_now = kept::word(key).unwrap_or_else(|| key.to_owned());
                words.insert(key.to_owned(), of_now);
            } else {
                self.fault(file, None, format!("the word '{key}' is missing"));
            }
        }
        let signatures = match signatures {
            Some(signatures) => signatures,
            None if self.is_kept => kept::signatures(),
            None => {
                self.fault(file, None, "the table 'signatures' is missing");
                SignatureWords::default()
            }
        };
        (Words(words), signatures.folded())
    }
}
