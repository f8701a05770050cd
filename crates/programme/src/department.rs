use crate::lifetime::Lifetime;
use chrono::NaiveDate;
use serde::Deserialize;
use vietext::fold;

/// What a department does in the programme (VI.1–VI.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reports, and consolidates the others' reports (VI.1).
    Focal,
    /// Reports (VI.2).
    Reporter,
    /// Sends only budget (VI.3).
    Budget,
    /// Nominates, and may report (VI.4).
    Association,
}

impl Role {
    /// As it is written in the programme's files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Focal => "focal",
            Self::Reporter => "reporter",
            Self::Budget => "budget",
            Self::Association => "association",
        }
    }
}

/// A department of the registry, as of some days.
#[derive(Debug, Clone)]
pub struct Department {
    /// Its short code, e.g. `SKHCN`.
    pub code: String,
    /// Its name in full.
    pub name: String,
    /// Its name in short, for the head of a column.
    pub short: String,
    /// What it does in the programme.
    pub role: Role,
    /// The clause that names it.
    pub clause: String,
    /// How long it exists under this name, and what took over.
    pub life: Lifetime,
    /// Whether its units report apart: several workbooks of one period then stand side by side, told apart by the
    /// unit that the general form names.
    pub reports_by_unit: bool,
    /// Whether it stands for several bodies, as 'the associations of enterprises' do: one that writes a name of its own, with more
    /// than the entry's, is a unit of that name.
    pub is_several: bool,
    /// What of it no source at hand tells, for the office to confirm: it is printed where the list is.
    pub to_confirm: Option<String>,
    /// The name, the other names and the code, folded.
    pub(crate) keys: Vec<String>,
}

impl Department {
    /// Whether a folded text is one of its names.
    pub fn is_named(&self, folded: &str) -> bool {
        self.keys.iter().any(|key| key == folded)
    }

    /// The unit that a body of it is by the name it writes for itself: none if it writes the entry's, or the entry is one body.
    pub fn unit_named<'t>(&self, written: &'t str) -> Option<&'t str> {
        (self.is_several && !self.is_named(&fold(written))).then_some(written.trim())
    }

    /// Whether it must report each period: the focal department and the nine of VI.2, while they exist.
    pub fn must_report(&self, on: NaiveDate) -> bool {
        matches!(self.role, Role::Focal | Role::Reporter) && self.life.covers(on)
    }
}
