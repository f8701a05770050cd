use chrono::NaiveDate;
use serde::Deserialize;

/// The head of the first page (NĐ 30/2020/NĐ-CP, Phụ lục I), with `{year}` where it stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The body above the issuing one.
    pub parent: String,
    /// The issuing body.
    pub office: String,
    /// The kind of document.
    pub title: String,
    /// What it is about.
    pub subtitle: String,
    /// The place of its number.
    #[serde(default)]
    pub number: String,
    /// Who gets it.
    #[serde(default)]
    pub recipients: Vec<String>,
    /// The body that is reported to, as texts name it.
    #[serde(default)]
    pub body: String,
    /// The office that signs, line by line.
    #[serde(default)]
    pub signer: Vec<String>,
    /// The bodies' names from later days on: bodies are renamed, and the date of the document decides.
    #[serde(default)]
    pub later: Vec<LaterHeader>,
}

/// The names of the bodies from a day on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaterHeader {
    /// The first day.
    pub from: NaiveDate,
    /// The body above the issuing one.
    pub parent: String,
    /// The issuing body.
    pub office: String,
    /// Who gets it, if that is another list.
    pub recipients: Option<Vec<String>>,
    /// The body that is reported to, as texts name it, if that is another name.
    pub body: Option<String>,
    /// Whom the letter is addressed to, if that is another name.
    pub addressee: Option<String>,
    /// The body above the departments in their blank workbooks, if that is another name.
    pub template_parent: Option<String>,
}

impl Header {
    /// Who gets a document of a day.
    pub fn recipients_on(&self, day: NaiveDate) -> &[String] {
        let later = self.latest(day, |later| later.recipients.as_ref());
        later.unwrap_or(&self.recipients)
    }

    /// The body that is reported to, as texts of a day name it.
    pub fn body_on(&self, day: NaiveDate) -> &str {
        let later = self.latest(day, |later| later.body.as_ref());
        later.unwrap_or(&self.body)
    }

    /// Whom a letter of a day is addressed to, if it is another name than at first.
    pub fn addressee_on(&self, day: NaiveDate) -> Option<&str> {
        let later = self.latest(day, |later| later.addressee.as_ref());
        later.map(String::as_str)
    }

    /// The body above the departments on a day, if it is another name than at first.
    pub fn template_parent_on(&self, day: NaiveDate) -> Option<&str> {
        let later = self.latest(day, |later| later.template_parent.as_ref());
        later.map(String::as_str)
    }

    /// What the latest of the later names says of something, of those that are in use on a day and say anything of it.
    fn latest<'h, T: ?Sized>(
        &'h self,
        day: NaiveDate,
        part: impl Fn(&'h LaterHeader) -> Option<&'h T>,
    ) -> Option<&'h T> {
        let used = self.later.iter().filter(|later| later.from <= day);
        let said = used.filter_map(|later| Some((later.from, part(later)?)));
        said.max_by_key(|(from, _)| *from).map(|(_, part)| part)
    }

    /// The body above and the issuing body, as they are called on a day.
    pub fn on(&self, day: NaiveDate) -> (&str, &str) {
        let later = self.latest(day, Some);
        later.map_or((&self.parent, &self.office), |later| {
            (&later.parent, &later.office)
        })
    }
}
