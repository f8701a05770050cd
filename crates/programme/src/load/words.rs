use super::Loader;
use super::texts::places;
use crate::definition::WordsFile;
use crate::words::{NEEDED, Words};
use std::collections::BTreeMap;

impl Loader<'_> {
    /// Every word that is needed, and none that is not. The programme's own replace the base's, word by word.
    pub(super) fn words(&mut self) -> Words {
        let file = "words.toml";
        let layers = self.layers(file);
        if layers.is_empty() {
            self.fault(file, None, "the file is missing");
            return Words::default();
        }
        let mut words: BTreeMap<String, String> = BTreeMap::new();
        for file in layers {
            let Some(written) = self.read::<WordsFile>(&file) else {
                return Words::default();
            };
            for (key, word) in written.words {
                if !NEEDED.contains(&key.as_str()) {
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
                words.insert(key.to_owned(), key.to_owned());
            } else {
                self.fault(file, None, format!("the word '{key}' is missing"));
            }
        }
        Words(words)
    }
}
