//! What rows say by which a case is known again, and how two rows compare.

use crate::text_column::texts;
use ledger::file_id;
use link::{Agreement, CaseComparison, Name, ReferenceNumber, Spelling, Titles};
use polars::prelude::*;
use programme::{ColumnType, Form, IdentityColumns};
use std::rc::Rc;

/// The columns of a form by which its cases are known again.
pub(crate) struct ComparedColumns {
    /// The form's code.
    form: String,
    subject: Subject,
    number: Option<StringChunked>,
    details: Vec<Detail>,
    amounts: Vec<StringChunked>,
    titles: Titles,
    /// Names as they are compared, by their texts: one is compared with many.
    names: foldhash::HashMap<String, Rc<Name>>,
}

/// What names the cases.
enum Subject {
    /// An id: the same or another.
    Id(StringChunked),
    /// Texts, which may be spelt otherwise.
    Names(Vec<StringChunked>),
}

/// What tells cases of one name from each other.
enum Detail {
    /// A text that names something.
    Name(StringChunked),
    /// A code or a number.
    Value(StringChunked),
    /// A day: the first and the last it may be.
    Day([StringChunked; 2]),
}

impl ComparedColumns {
    /// Of a form's rows; none if its cases are known by their keys alone. Titles stand before the names of persons.
    ///
    /// # Errors
    /// When the frame lacks a column of the form.
    pub(crate) fn read(
        form: &Form,
        frame: &DataFrame,
        titles: &Titles,
    ) -> PolarsResult<Option<Self>> {
        let Some(identity) = &form.identity else {
            return Ok(None);
        };
        let subject = match &form.party {
            Some(_) => Subject::Id(texts(frame, "enterprise_id")?),
            None => Subject::Names(read(frame, form.subject_columns())?),
        };
        let number = identity.number.as_ref();
        let details = identity.details.iter();
        let details = details.map(|name| Detail::read(form, frame, name));
        Ok(Some(Self {
            form: form.code.clone(),
            subject,
            number: number.map(|name| texts(frame, name)).transpose()?,
            details: details.collect::<PolarsResult<_>>()?,
            amounts: read(frame, amount_columns(form, identity))?,
            titles: titles.clone(),
            names: Default::default(),
        }))
    }

    /// Of cases of support, by the ids of their enterprises.
    pub(crate) fn of_support(
        enterprises: StringChunked,
        number: StringChunked,
        contents: StringChunked,
        days: [StringChunked; 2],
        money: StringChunked,
    ) -> Self {
        Self {
            form: String::new(),
            subject: Subject::Id(enterprises),
            number: Some(number),
            details: vec![Detail::Value(contents), Detail::Day(days)],
            amounts: vec![money],
            titles: Titles::default(),
            names: Default::default(),
        }
    }

    /// Whether rows are about one case only if they name one subject: then no others need be compared.
    pub(crate) fn subject_id(&self, row: usize) -> Option<&str> {
        match &self.subject {
            Subject::Id(ids) => ids.get(row),
            Subject::Names(_) => None,
        }
    }

    /// Whether the subject is an id.
    pub(crate) fn is_by_id(&self) -> bool {
        matches!(self.subject, Subject::Id(_))
    }

    /// The number of the document.
    pub(crate) fn number(&self, row: usize) -> Option<&str> {
        let number = self.number.as_ref()?.get(row)?;
        Some(number).filter(|number| !number.is_empty())
    }

    /// The same as it is compared.
    pub(crate) fn document(&self, row: usize) -> Option<ReferenceNumber> {
        ReferenceNumber::read(self.number(row)?)
    }

    /// The first day that a row names; blank days are not known.
    pub(crate) fn day(&self, row: usize) -> Option<&str> {
        self.details.iter().find_map(|detail| match detail {
            Detail::Day([first, _]) => first.get(row),
            Detail::Name(_) | Detail::Value(_) => None,
        })
    }

    /// The words of its subject, in the order of the columns; blank if it is an id.
    pub(crate) fn subject_words(&self, row: usize) -> Vec<&str> {
        match &self.subject {
            Subject::Id(_) => Vec::new(),
            Subject::Names(columns) => columns
                .iter()
                .filter_map(|column| column.get(row))
                .collect(),
        }
    }

    /// The details that a row has, in the order of the columns.
    pub(crate) fn details(&self, row: usize) -> Vec<&str> {
        let details = self.details.iter().filter_map(|detail| match detail {
            Detail::Name(column) | Detail::Value(column) | Detail::Day([column, _]) => {
                column.get(row)
            }
        });
        details.collect()
    }

    /// What decides whether it is the case of another row, as a short text: another text is another question.
    pub(crate) fn fingerprint(&self, row: usize) -> String {
        let details = self.details.iter().map(|detail| match detail {
            Detail::Name(column) | Detail::Value(column) | Detail::Day([column, _]) => {
                column.get(row)
            }
        });
        let subject = match &self.subject {
            Subject::Id(ids) => vec![ids.get(row).unwrap_or_default()],
            Subject::Names(_) => self.subject_words(row),
        };
        let details: Vec<Option<&str>> = details.collect();
        let form = &self.form;
        let text = format!("{form} {subject:?} {:?} {details:?}", self.number(row));
        file_id(text.as_bytes()).short().to_owned()
    }

    /// Compares two rows.
    pub(crate) fn compare(&mut self, one: usize, other: usize) -> CaseComparison {
        let number = match (self.document(one), self.document(other)) {
            (Some(one), Some(other)) => one.compare(&other),
            _ => Agreement::Unknown,
        };
        let mut comparison = CaseComparison {
            subject: self.compare_subjects(one, other),
            number,
            equal: 0,
            different: 0,
            unknown: 0,
            amounts: self.compare_amounts(one, other),
        };
        if comparison.subject == Spelling::Different {
            return comparison;
        }
        for at in 0..self.details.len() {
            match self.compare_details(at, one, other) {
                Agreement::Equal => comparison.equal += 1,
                Agreement::Unknown => comparison.unknown += 1,
                Agreement::Different => comparison.different += 1,
            }
        }
        comparison
    }

    fn compare_subjects(&mut self, one: usize, other: usize) -> Spelling {
        let pairs: Vec<[String; 2]> = match &self.subject {
            Subject::Id(ids) => {
                let is_one = ids.get(one).is_some() && ids.get(one) == ids.get(other);
                return if is_one {
                    Spelling::Equal
                } else {
                    Spelling::Different
                };
            }
            Subject::Names(columns) => columns
                .iter()
                .map(|column| {
                    [one, other].map(|row| column.get(row).unwrap_or_default().to_owned())
                })
                .collect(),
        };
        let spellings = pairs.iter().map(|[one, other]| {
            let [one, other] = [self.name(one), self.name(other)];
            match one.is_empty() || other.is_empty() {
                true => Spelling::Different,
                false => one.compare(&other),
            }
        });
        spellings.min().unwrap_or(Spelling::Different)
    }

    fn name(&mut self, text: &str) -> Rc<Name> {
        if let Some(known) = self.names.get(text) {
            return Rc::clone(known);
        }
        let name = Rc::new(Name::new(text, &self.titles));
        self.names.insert(text.to_owned(), Rc::clone(&name));
        name
    }

    fn compare_details(&mut self, at: usize, one: usize, other: usize) -> Agreement {
        let equal = |is_equal: bool| match is_equal {
            true => Agreement::Equal,
            false => Agreement::Different,
        };
        let both = |column: &StringChunked| -> Option<[String; 2]> {
            let text = |row| column.get(row).filter(|text: &&str| !text.is_empty());
            Some([text(one)?.to_owned(), text(other)?.to_owned()])
        };
        match &self.details[at] {
            Detail::Value(column) => both(column).map_or(Agreement::Unknown, |[one, other]| {
                equal(codes(&one) == codes(&other))
            }),
            // A day that is known only to the month is each of its days.
            Detail::Day([first, last]) => match (both(first), both(last)) {
                (Some([one, other]), Some([one_last, other_last])) => {
                    equal(one <= other_last && other <= one_last)
                }
                _ => Agreement::Unknown,
            },
            Detail::Name(column) => {
                let Some([one, other]) = both(column) else {
                    return Agreement::Unknown;
                };
                let (one, other) = (self.name(&one), self.name(&other));
                match one.compare(&other) {
                    Spelling::Equal | Spelling::Shortened => Agreement::Equal,
                    Spelling::Near => Agreement::Unknown,
                    Spelling::Different => Agreement::Different,
                }
            }
        }
    }

    /// Equal if all amounts that both have are, and there are any.
    fn compare_amounts(&self, one: usize, other: usize) -> Agreement {
        let both = self
            .amounts
            .iter()
            .filter_map(|column| Some((column.get(one)?, column.get(other)?)));
        both.fold(Agreement::Unknown, |found, (one, other)| match found {
            Agreement::Different => found,
            _ if one != other => Agreement::Different,
            _ => Agreement::Equal,
        })
    }
}

impl Detail {
    fn read(form: &Form, frame: &DataFrame, name: &str) -> PolarsResult<Self> {
        let column = texts(frame, name)?;
        Ok(match form.column(name).map(|column| &column.kind) {
            Some(ColumnType::Date) => Self::Day([column, texts(frame, &format!("{name}_last"))?]),
            Some(ColumnType::Text) => Self::Name(column),
            _ => Self::Value(column),
        })
    }
}

/// The codes of a value, in order: a column may hold several.
fn codes(value: &str) -> Vec<&str> {
    let mut codes: Vec<&str> = value.split(';').collect();
    codes.sort_unstable();
    codes
}

fn read<'n>(
    frame: &DataFrame,
    names: impl IntoIterator<Item = &'n str>,
) -> PolarsResult<Vec<StringChunked>> {
    names.into_iter().map(|name| texts(frame, name)).collect()
}

/// The columns whose amounts speak for one case: the money of support, else all counts and money that are no detail.
fn amount_columns<'f>(form: &'f Form, identity: &IdentityColumns) -> Vec<&'f str> {
    if let Some(money) = form.grant.as_ref().and_then(|grant| grant.money.as_deref()) {
        return vec![money];
    }
    let is_amount = |kind: &ColumnType| matches!(kind, ColumnType::Money | ColumnType::Integer);
    let columns = form.columns.iter();
    columns
        .filter(|column| is_amount(&column.kind) && !identity.details.contains(&column.name))
        .map(|column| column.name.as_str())
        .collect()
}
