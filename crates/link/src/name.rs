use crate::vocabulary::{Reader, Vocabulary, starts_with};
use crate::word::{Rarity, Word, join};
use std::sync::Arc;
use vietext::mend;

/// The most words of a name that are looked at.
pub(crate) const MOST: usize = 24;

/// The name of an enterprise, taken apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Name {
    /// The legal form, by its place in the vocabulary.
    pub form: Option<usize>,
    /// Whether it names a dependent unit.
    pub is_branch: bool,
    /// Whether its legal form is written in a foreign language.
    pub is_foreign: bool,
    /// Its words, without legal form and words for a branch, in their order.
    pub words: Vec<Arc<Word>>,
    /// What stands in brackets or behind a stroke: a remark, a former or a short name.
    pub asides: Vec<Arc<Word>>,
    /// The words run together: equal for names that differ in blanks only.
    pub glued: Box<str>,
    /// A hash of the words in any order.
    pub bag: u64,
    /// How rare each word is; filled in once all names are known.
    pub worth: Vec<i32>,
}

/// A word as it stands, before it is known what it is for.
#[derive(Clone)]
struct Piece {
    word: Arc<Word>,
    /// It stands first, or behind a dash, a bracket, a comma.
    begins: bool,
    aside: bool,
}

impl AsRef<str> for Piece {
    fn as_ref(&self) -> &str {
        &self.word.plain
    }
}

impl Name {
    pub(crate) fn read(text: &str, reader: &mut Reader<'_>) -> Self {
        let text = mend(text);
        let mut pieces = with_letters_joined(pieces(&text, reader), reader);
        pieces.retain(|piece| !matches!(&*piece.word.plain, "va" | "and" | ""));
        let mut name = Self::default();
        name.take_leading_branch(&mut pieces, reader.vocabulary);
        name.take_forms(&mut pieces, reader);
        name.take_branch(&mut pieces, reader.vocabulary);
        for piece in pieces {
            if piece.aside {
                &mut name.asides
            } else {
                &mut name.words
            }
            .push(piece.word);
        }
        if name.words.is_empty() {
            name.words = std::mem::take(&mut name.asides);
        }
        // More words than these are no name.
        name.words.truncate(MOST);
        name.glued = name
            .words
            .iter()
            .map(|word| &*word.plain)
            .collect::<String>()
            .into();
        let mut hashes: Vec<u64> = name.words.iter().map(|word| word.hash).collect();
        hashes.sort_unstable();
        name.bag = hashes.into_iter().fold(0, join);
        name
    }

    /// Takes the legal form out, wherever it stands; a foreign one brings its words into Vietnamese.
    fn take_forms(&mut self, pieces: &mut Vec<Piece>, reader: &mut Reader<'_>) {
        let vocabulary = reader.vocabulary;
        let mut is_foreign = false;
        let mut at = 0;
        while at < pieces.len() {
            let Some((form, length)) = vocabulary.form_at(&pieces[at..]) else {
                at += 1;
                continue;
            };
            // Vietnamese forms stand at the head; a short one elsewhere is a word of the name.
            let at_head = pieces[..at]
                .iter()
                .all(|piece| vocabulary.is_branch_word(&piece.word.plain));
            let foreign = pieces[at..at + length]
                .iter()
                .all(|piece| !piece.word.is_syllable)
                && length > 1
                || matches!(
                    &*pieces[at].word.plain,
                    "ltd" | "limited" | "jsc" | "corporation" | "cooperative" | "inc"
                );
            let at_end = at > 0 && at + length == pieces.len();
            if at_head || at_end || pieces[at].begins || foreign || length > 2 {
                if !vocabulary.form_codes[form].0.is_empty() || self.form.is_none() {
                    self.form = Some(form)
                        .filter(|&form| !vocabulary.form_codes[form].0.is_empty())
                        .or(self.form);
                }
                is_foreign |= foreign;
                pieces.drain(at..at + length);
                if let Some(next) = pieces.get_mut(at).filter(|_| at == 0) {
                    next.begins = true;
                }
            } else {
                at += 1;
            }
        }
        if self.form.is_none() {
            self.take_near_form(pieces, vocabulary);
        }
        self.is_foreign = is_foreign;
        if is_foreign {
            *pieces = translated(pieces, reader);
        }
    }

    /// A legal form with slips of the pen, at the head: 'Công ty rtách nhiệm hữu hn'.
    fn take_near_form(&mut self, pieces: &mut Vec<Piece>, vocabulary: &Vocabulary) {
        let near = |phrase: &[String]| {
            pieces.len() > phrase.len()
                && phrase.iter().zip(pieces.iter()).all(|(a, piece)| {
                    let b = &*piece.word.plain;
                    a == b
                        || (a.len() > 1
                            && crate::align::distance(a, b, 2) <= if a.len() > 3 { 2 } else { 1 })
                })
                && phrase
                    .iter()
                    .zip(pieces.iter())
                    .filter(|(a, piece)| **a == *piece.word.plain)
                    .count()
                    * 2
                    >= phrase.len().min(3)
        };
        let found = vocabulary.heads.iter().find(|(phrase, form)| {
            !vocabulary.form_codes[*form].0.is_empty()
                && (phrase.len() > 1 || phrase[0].len() > 3)
                && near(phrase)
        });
        if let Some((phrase, form)) = found {
            self.form = Some(*form);
            pieces.drain(..phrase.len());
        }
    }

    /// 'CN Cty …': short words for a branch are clear before a legal form only.
    fn take_leading_branch(&mut self, pieces: &mut Vec<Piece>, vocabulary: &Vocabulary) {
        let phrase = vocabulary
            .branches
            .iter()
            .find(|phrase| starts_with(pieces, phrase));
        if let Some(phrase) =
            phrase.filter(|phrase| vocabulary.form_at(&pieces[phrase.len()..]).is_some())
        {
            self.is_branch = true;
            pieces.drain(..phrase.len());
        }
    }

    fn take_branch(&mut self, pieces: &mut Vec<Piece>, vocabulary: &Vocabulary) {
        let mut at = 0;
        while at < pieces.len() {
            let phrase = vocabulary
                .branches
                .iter()
                .find(|phrase| starts_with(&pieces[at..], phrase));
            let Some(phrase) = phrase else {
                at += 1;
                continue;
            };
            let rest = &pieces[at + phrase.len()..];
            let names_place = || !rest.is_empty() && vocabulary.place_at(rest) == rest.len();
            // 'CN' is 'công nghệ' as well: behind a dash and before nothing but a place it is a branch.
            if phrase.len() > 1 || (pieces[at].begins && names_place()) {
                self.is_branch = true;
                pieces.drain(at..at + phrase.len());
            } else {
                at += 1;
            }
        }
        if self.is_branch {
            pieces.retain(|piece| &*piece.word.plain != "tai");
            pieces.iter_mut().for_each(|piece| piece.aside = false);
        }
    }

    /// Looks up how rare its words are.
    pub(crate) fn rate(&mut self, rarity: &Rarity) {
        self.worth = self.words.iter().map(|word| rarity.of(word)).collect();
    }
}

impl Vocabulary {
    fn is_branch_word(&self, plain: &str) -> bool {
        self.branches.iter().flatten().any(|word| word == plain)
    }
}

/// The words of a text with where they stand.
fn pieces(text: &str, reader: &mut Reader<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut begins, mut brackets, mut behind_stroke) = (true, 0u32, false);
    let mut start = None;
    let mut before = ' ';
    let mut push = |raw: &str, begins: &mut bool, aside: bool, pieces: &mut Vec<Piece>| {
        let word = reader.words.word(raw);
        pieces.push(Piece {
            word,
            begins: std::mem::take(begins),
            aside,
        });
    };
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let is_letter = c.is_alphanumeric() || vietext::is_mark(c);
        // 'VinhCuc' is two words.
        let hump = c.is_uppercase() && before.is_lowercase();
        if let Some(from) = start.filter(|_| !is_letter || hump) {
            push(
                &text[from..at],
                &mut begins,
                brackets > 0 || behind_stroke,
                &mut pieces,
            );
            start = None;
        }
        match c {
            _ if is_letter => {
                start.get_or_insert(at);
            }
            '(' | '[' => {
                brackets += 1;
                begins = true;
            }
            ')' | ']' => {
                brackets = brackets.saturating_sub(1);
                begins = true;
            }
            '/' => behind_stroke = !pieces.is_empty(),
            '-' | '–' | '—' | ',' => begins = true,
            ';' => behind_stroke = !pieces.is_empty(),
            _ => {}
        }
        before = c;
    }
    pieces
}

/// Letters that stand alone next to each other are one word: 'H.T.X', 'D.N.T.N'.
fn with_letters_joined(pieces: Vec<Piece>, reader: &mut Reader<'_>) -> Vec<Piece> {
    let is_letter = |piece: &Piece| piece.word.plain.len() == 1 && !piece.word.is_number;
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for run in pieces.chunk_by(|a, b| is_letter(a) && is_letter(b) && !b.begins) {
        match run {
            [piece] => joined.push(piece.clone()),
            [first, ..] => {
                let letters: String = run.iter().map(|piece| &*piece.word.plain).collect();
                joined.push(Piece {
                    word: reader.words.word(&letters),
                    ..first.clone()
                });
            }
            [] => {}
        }
    }
    joined
}

/// A foreign name in Vietnamese words, where the vocabulary has them.
fn translated(pieces: &[Piece], reader: &mut Reader<'_>) -> Vec<Piece> {
    let vocabulary = reader.vocabulary;
    let mut said = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while at < pieces.len() {
        match vocabulary.translation_at(&pieces[at..]) {
            Some((words, length)) => {
                for word in words {
                    said.push(Piece {
                        word: reader.words.word(word),
                        ..pieces[at].clone()
                    });
                }
                at += length;
            }
            None => {
                said.push(pieces[at].clone());
                at += 1;
            }
        }
    }
    said
}
