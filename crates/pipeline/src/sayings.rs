use crate::PipelineError;
use crate::texts::texts;
use chrono::Datelike;
use link::{Fingerprint, Mention, Party};
use model::Period;
use polars::prelude::*;
use programme::Programme;
use programme::tables::Tables;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The columns that say whom a row is about.
const COLUMNS: [&str; 6] = [
    "name",
    "tax_code",
    "address",
    "district",
    "phone",
    "representative",
];

/// Whom the rows of a frame are about, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Parties {
    /// In the order of [`COLUMNS`]; none where the form has no such column.
    columns: [Option<StringChunked>; COLUMNS.len()],
}

impl Parties {
    /// Of the rows of a form.
    pub(crate) fn of_rows(
        party: &programme::PartyColumns,
        frame: &DataFrame,
    ) -> PolarsResult<Self> {
        let programme::PartyColumns {
            name,
            tax_code,
            address,
            district,
            phone,
            representative,
        } = party;
        let [tax_code, address, district, phone, representative] =
            [tax_code, address, district, phone, representative].map(Option::as_deref);
        Self::of(
            [
                Some(name),
                tax_code,
                address,
                district,
                phone,
                representative,
            ],
            frame,
        )
    }

    fn of(names: [Option<&str>; COLUMNS.len()], frame: &DataFrame) -> PolarsResult<Self> {
        let mut columns = [const { None }; COLUMNS.len()];
        for (column, name) in columns.iter_mut().zip(names) {
            *column = name.map(|name| texts(frame, name)).transpose()?;
        }
        Ok(Self { columns })
    }

    /// Whom a row is about.
    pub(crate) fn get(&self, row: usize) -> Party<'_> {
        let [name, tax_code, address, district, phone, representative] = self
            .columns
            .each_ref()
            .map(|column| column.as_ref().and_then(|column| column.get(row)));
        Party {
            name: name.unwrap_or_default(),
            tax_code,
            address,
            district,
            phone,
            representative,
        }
    }
}

/// What rows say of whom they are about, letter by letter, each saying once.
#[derive(Debug, Clone)]
pub(crate) struct Sayings {
    parties: Parties,
    /// What decides of each.
    prints: Vec<Fingerprint>,
    /// The last day of the period in which each was said first.
    when: Vec<i32>,
}

/// For each form of some tables that is about somebody, row by row the place of what the row says.
pub(crate) type Places = BTreeMap<String, Vec<usize>>;

impl Sayings {
    /// Of all rows of some tables; with them, for each of the tables, the places of what its rows say.
    pub(crate) fn among<const N: usize>(
        programme: &Programme,
        all: [&Tables; N],
    ) -> Result<(Self, [Places; N]), PipelineError> {
        let mut read = Vec::new();
        for (at, tables) in all.into_iter().enumerate() {
            for (form, frame) in tables {
                if let Some(party) = programme.form(form).and_then(|form| form.party.as_ref()) {
                    read.push((
                        at,
                        form,
                        Parties::of_rows(party, frame)?,
                        texts(frame, "period")?,
                    ));
                }
            }
        }
        let mut known: foldhash::HashMap<Party<'_>, usize> = Default::default();
        let mut said: Vec<(Party<'_>, i32)> = Vec::new();
        let mut places = [const { Places::new() }; N];
        for (at, form, parties, periods) in &read {
            let mut of_form = Vec::with_capacity(periods.len());
            let mut before: Option<(Option<&str>, i32)> = None;
            for row in 0..periods.len() {
                // Rows of one period stand together.
                let period = periods.get(row);
                let time = before
                    .filter(|(known, _)| *known == period)
                    .map_or_else(|| when(period), |(_, time)| time);
                before = Some((period, time));
                let party = parties.get(row);
                let place = *known.entry(party).or_insert_with(|| {
                    said.push((party, time));
                    said.len() - 1
                });
                said[place].1 = said[place].1.min(time);
                of_form.push(place);
            }
            places[*at].insert((*form).clone(), of_form);
        }
        let prints = said
            .par_iter()
            .map(|(party, _)| party.fingerprint())
            .collect();
        let column = |get: for<'p> fn(&Party<'p>) -> Option<&'p str>| -> Option<StringChunked> {
            Some(said.iter().map(|(party, _)| get(party)).collect())
        };
        let parties = Parties {
            columns: [
                column(|party| Some(party.name)),
                column(|party| party.tax_code),
                column(|party| party.address),
                column(|party| party.district),
                column(|party| party.phone),
                column(|party| party.representative),
            ],
        };
        Ok((
            Self {
                parties,
                prints,
                when: said.iter().map(|(_, when)| *when).collect(),
            },
            places,
        ))
    }

    /// All of several, in their order.
    pub(crate) fn all<'s>(several: impl IntoIterator<Item = &'s Self>) -> PolarsResult<Self> {
        let mut columns = COLUMNS.map(|name| StringChunked::full_null(name.into(), 0));
        let (mut prints, mut when) = (Vec::new(), Vec::new());
        for sayings in several {
            for (all, column) in columns.iter_mut().zip(&sayings.parties.columns) {
                match column {
                    Some(column) => all.append(column)?,
                    None => all.append(&StringChunked::full_null("".into(), sayings.len()))?,
                };
            }
            prints.extend(&sayings.prints);
            when.extend(&sayings.when);
        }
        let columns = columns.map(|column| Some(column.rechunk().into_owned()));
        Ok(Self {
            parties: Parties { columns },
            prints,
            when,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.prints.len()
    }

    /// One of them.
    pub(crate) fn get(&self, place: usize) -> Mention<'_> {
        Mention {
            party: self.parties.get(place),
            fingerprint: self.prints[place],
            when: self.when[place],
        }
    }

    /// All of them, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Mention<'_>> {
        (0..self.len()).map(|place| self.get(place))
    }

    /// As a frame, to be kept.
    pub(crate) fn to_frame(&self) -> PolarsResult<DataFrame> {
        let named = COLUMNS.into_iter().zip(&self.parties.columns);
        let texts = named.map(|(name, column)| match column {
            Some(column) => column.clone().with_name(name.into()).into_column(),
            None => Column::full_null(name.into(), self.len(), &DataType::String),
        });
        let prints: Vec<u64> = self.prints.iter().map(|print| print.0).collect();
        let rest = [
            Column::new("print".into(), prints),
            Column::new("when".into(), &self.when),
        ];
        DataFrame::new_infer_height(texts.chain(rest).collect())
    }

    /// From a frame that was kept.
    pub(crate) fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            parties: Parties::of(COLUMNS.map(Some), frame)?,
            prints: frame
                .column("print")?
                .u64()?
                .iter()
                .flatten()
                .map(Fingerprint)
                .collect(),
            when: frame.column("when")?.i32()?.iter().flatten().collect(),
        })
    }
}

/// A period as a number that grows with time: its last day.
fn when(period: Option<&str>) -> i32 {
    let last = period
        .and_then(|period| period.parse::<Period>().ok())
        .map(Period::last_day);
    last.map_or(i32::MAX, |day| day.num_days_from_ce())
}
