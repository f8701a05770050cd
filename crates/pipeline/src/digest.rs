use crate::PipelineError;
use crate::case::{Cases, Origin};
use crate::sayings::{Places, Sayings};
use crate::standing::{Moment, Standing};
use crate::stands::submissions_of;
use ledger::{Ledger, Submission, file_id};
use model::FileId;
use polars::prelude::*;
use programme::{Form, Programme};
use std::collections::BTreeMap;

/// All that comparing needs of some rows: what they say of enterprises, and the support that they are.
#[derive(Debug, Clone)]
pub(crate) struct Digest {
    pub sayings: Sayings,
    pub cases: Cases,
}

/// Raised whenever the same rows give another digest: those that were kept are then made anew.
const VERSION: u32 = 1;

impl Digest {
    /// Of the rows that stand; with it the places of what they say.
    pub(crate) fn of(
        programme: &Programme,
        standing: &Standing,
    ) -> Result<(Self, [Places; 2]), PipelineError> {
        let (sayings, places) = standing.sayings(programme)?;
        let origins = standing.origins(programme);
        let mut parts = Vec::new();
        for form in programme.forms.values().filter(|form| !form.own_workbook) {
            if let (Some(frame), Some(places)) =
                (standing.accepted.get(&form.code), places[0].get(&form.code))
            {
                parts.extend(Cases::of(
                    programme,
                    form,
                    frame,
                    (&sayings, places),
                    &origins,
                )?);
            }
        }
        let cases = Cases::all(parts.iter().map(|cases| (cases, 0)))?.by_year()?;
        Ok((Self { sayings, cases }, places))
    }

    /// Of the entries of a list that is kept elsewhere, or of nominees; all of them stay.
    pub(crate) fn of_list(
        programme: &Programme,
        form: &Form,
        frame: &DataFrame,
        origin: Origin,
    ) -> Result<Self, PipelineError> {
        let tables = BTreeMap::from([(form.code.clone(), frame.clone())]);
        let (sayings, [places]) = Sayings::among(programme, [&tables])?;
        let files = frame.column("file")?.str()?.iter().flatten();
        let origins = files
            .map(|file| (file.to_owned(), origin.clone()))
            .collect();
        let places = places
            .get(&form.code)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let cases = Cases::of(programme, form, frame, (&sayings, places), &origins)?;
        Ok(Self {
            cases: Cases::all(cases.iter().map(|cases| (cases, 0)))?,
            sayings,
        })
    }

    /// The name under which the digest of what stands of a programme is kept: another where anything is another that it
    /// is made of.
    fn name(programme: &Programme, stands: &[Submission], replaced: &[Submission]) -> FileId {
        let mut text = format!(
            "{VERSION} {} {}\n",
            env!("CARGO_PKG_VERSION"),
            programme.hash
        );
        for (what, submissions) in [("stands", stands), ("replaced", replaced)] {
            for submission in submissions {
                text.push_str(&format!("{what} {} {}\n", submission.id, submission.file));
            }
        }
        file_id(text.as_bytes())
    }

    /// One that was kept; nothing where there is none, or it is not as it was written.
    fn recall(ledger: &Ledger, name: &FileId) -> Option<Self> {
        let sayings = Sayings::from_frame(&ledger.derived("sayings", name)?).ok()?;
        let cases = Cases::from_frame(ledger.derived("cases", name)?).ok()?;
        Some(Self { sayings, cases })
    }

    /// Keeps it under a name.
    pub(crate) fn keep(&self, ledger: &Ledger, name: &FileId) -> Result<(), PipelineError> {
        ledger.keep_derived("sayings", name, &self.sayings.to_frame()?)?;
        ledger.keep_derived("cases", name, self.cases.frame())?;
        Ok(())
    }
}

/// What a year's rows say.
pub(crate) struct YearDigest {
    /// The name it is kept under.
    pub name: FileId,
    pub digest: Digest,
    /// Whether it had to be worked out.
    pub is_new: bool,
    /// Its rows, and the places of what they say, where they were wanted.
    pub rows: Option<(Standing, [Places; 2])>,
}

impl YearDigest {
    /// Of a year of the moment's programme, among all its submissions; one that was kept unless its rows are wanted too.
    /// Nothing where nobody reported for it.
    pub(crate) fn of(
        moment: &Moment<'_>,
        all: &[Submission],
        year: i32,
        with_rows: bool,
    ) -> Result<Option<Self>, PipelineError> {
        let Moment {
            ledger, programme, ..
        } = *moment;
        let (stands, replaced) = submissions_of(programme, all, year..=year);
        if stands.is_empty() && replaced.is_empty() {
            return Ok(None);
        }
        let name = Digest::name(programme, &stands, &replaced);
        if let Some(digest) = Digest::recall(ledger, &name).filter(|_| !with_rows) {
            return Ok(Some(Self {
                name,
                digest,
                is_new: false,
                rows: None,
            }));
        }
        let standing = Standing::load(moment, all, year..=year)?;
        let (digest, places) = Digest::of(programme, &standing)?;
        Ok(Some(Self {
            name,
            digest,
            is_new: true,
            rows: with_rows.then_some((standing, places)),
        }))
    }
}
