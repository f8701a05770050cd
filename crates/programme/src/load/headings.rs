use super::Loader;
use crate::definition::HeadingsFile;
use crate::heading::{Concept, HeadingWords};

impl Loader<'_> {
    /// The words of headings: the base's and the programme's own. A programme that was kept by an earlier program may have
    /// none, and its headings are then known as a whole only.
    pub(super) fn heading_words(&mut self) -> HeadingWords {
        let mut words = HeadingWords::default();
        let mut files: Vec<(String, HeadingsFile)> = Vec::new();
        for file in self.layers("headings.toml") {
            if let Some(read) = self.read::<HeadingsFile>(&file) {
                files.push((file, read));
            }
        }
        // Abbreviations first: all other words are spelt out by them.
        for (_, file) in &files {
            for (short, long) in &file.abbreviations {
                let long = words.spelt_out(long);
                words.abbreviations.insert(vietext::fold(short), long);
            }
        }
        for (name, file) in files {
            for (known, written) in [
                (&mut words.fillers, &file.fillers),
                (&mut words.other, &file.other),
                (&mut words.changing, &file.changing),
                (&mut words.money, &file.money),
            ] {
                known.add_all(&words.abbreviations, written);
            }
            words.other.add_all(&words.abbreviations, &file.changing);
            for written in &file.concept {
                let mut concept = Concept {
                    funds: written.funds,
                    until: written.until.clone(),
                    ..Concept::default()
                };
                for (known, written) in [
                    (&mut concept.names, &written.names),
                    (&mut concept.fillers, &written.fillers),
                ] {
                    known.add_all(&words.abbreviations, written);
                }
                let code = written.name.get_ref();
                if words.concepts.insert(code.clone(), concept).is_some() {
                    let message = format!("concept '{code}' is defined twice");
                    self.fault_at(&name, &written.name, message);
                }
            }
        }
        words
    }
}
