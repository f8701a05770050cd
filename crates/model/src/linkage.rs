use serde::Deserialize;
use std::collections::BTreeMap;

/// What matching enterprises knows and weighs, as the programme writes it: words, places and learnt weights.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linkage {
    /// How the weights were found.
    pub source: String,
    /// From this score two records are the same enterprise, in sixteenths of a bit of log-odds.
    pub match_at: i32,
    /// The same, if a word of either name is left over: it may be another enterprise of like name.
    pub match_left_at: i32,
    /// From this score a person is asked.
    pub review_at: i32,
    /// From this rank a person is asked about two records of one list that the score does not take for one, in thousandths of
    /// the share that their names have in common.
    pub ask_at: i32,
    /// How much better than the next candidate the best must be.
    pub margin: i32,
    /// The score of two records of which nothing is known.
    pub bias: i32,
    /// The weight of each piece of evidence, by its name, in 1/256 of a unit of the evidence.
    pub weights: BTreeMap<String, i32>,
    /// What each piece of evidence is called, for people.
    pub words: BTreeMap<String, String>,
    /// Legal forms (Luật Doanh nghiệp 59/2020 Điều 37) and how they are written.
    pub forms: Vec<LegalForm>,
    /// Words that alone say that a legal form is written in a foreign language: the words beside it may then be
    /// translated (Luật Doanh nghiệp 59/2020 Điều 39).
    pub foreign_forms: Vec<String>,
    /// Words for a dependent unit (Luật Doanh nghiệp 59/2020 Điều 40).
    pub branches: Vec<String>,
    /// Foreign words for lines of business, and the Vietnamese ones.
    pub translations: Vec<Translation>,
    /// Words that say with a number behind them for which time an enterprise is in a list: 'đợt 2'.
    pub rounds: Vec<String>,
    /// What stands before a person's name.
    pub titles: Vec<String>,
    /// Words of an address that name no place.
    pub fillers: Vec<String>,
    /// Words for an administrative unit that stand before its name.
    pub unit_words: Vec<String>,
    /// Those of them that stand before a district, city or town and never before a commune.
    pub district_words: Vec<String>,
    /// Those of them that stand before a province.
    pub province_words: Vec<String>,
    /// Words before the name or number of a place below a commune; of one kind all spellings together.
    pub hamlet_words: Vec<Vec<String>>,
    /// Places that names of enterprises end in, beside the districts of `units`.
    pub places: Vec<String>,
    /// The administrative units, old and new.
    #[serde(default)]
    pub units: Vec<AdministrativeUnit>,
}

/// A legal form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalForm {
    /// Its short name; blank for words that say 'company' and no more.
    pub code: String,
    /// Forms that are often written for one another have one kin.
    pub kin: String,
    /// How it is written, in any case, with or without marks.
    pub phrases: Vec<String>,
}

/// A foreign phrase and what it says in Vietnamese.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// The foreign phrase.
    pub foreign: String,
    /// The Vietnamese one.
    pub vi: String,
}

/// A commune from before a change of administrative units, its province and district, and the commune it is part of now.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AdministrativeUnit {
    /// The province it was in.
    pub province: String,
    /// The district it was in.
    pub district: String,
    /// The commune as it was.
    pub ward: String,
    /// The commune as it is.
    pub now: String,
}
