use crate::error::PipelineError;
use crate::text_column::{PeriodColumn, texts};
use chrono::Datelike;
use link::{Fingerprint, Mention, Party};
use model::Period;
use polars::prelude::*;
use programme::Programme;
use programme::tables::Tables;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The columns that describe an enterprise.
const COLUMNS: [&str; 6] = [
    "name",
    "tax_code",
    "address",
    "district",
    "phone",
    "representative",
];

/// The enterprises that the rows of a frame name, row by row.
#[derive(Debug, Clone)]
pub(crate) struct PartyTexts {
    /// In the order of [`COLUMNS`]; none if the form has no such column.
    columns: [Option<StringChunked>; COLUMNS.len()],
}

impl PartyTexts {
    /// Of the rows of a form.
    pub(crate) fn from_rows(
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
        Self::read(
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

    fn read(names: [Option<&str>; COLUMNS.len()], frame: &DataFrame) -> PolarsResult<Self> {
        let mut columns = [const { None }; COLUMNS.len()];
        for (column, name) in columns.iter_mut().zip(names) {
            *column = name.map(|name| texts(frame, name)).transpose()?;
        }
        Ok(Self { columns })
    }

    /// The enterprise of a row.
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

/// The distinct mentions of enterprises in some rows: a mention is all that a row has on its enterprise, and rows that
/// are alike letter by letter share one. Five years of rows make a tenth as many mentions, and linkage works on these.
#[derive(Debug, Clone)]
pub(crate) struct Mentions {
    parties: PartyTexts,
    fingerprints: Vec<Fingerprint>,
    /// The last day of the earliest period that has it, in days from the common era: an enterprise is named after its
    /// first mention, so that its id stays when later ones come.
    when: Vec<i32>,
}

/// For each form that names enterprises, row by row the place of the row's mention among some [`Mentions`].
pub(crate) type MentionPlaces = BTreeMap<String, Vec<usize>>;

impl Mentions {
    /// The mentions in all rows of some tables; with them, for each of the tables, the places of its rows' mentions.
    pub(crate) fn in_tables<const N: usize>(
        programme: &Programme,
        all: [&Tables; N],
    ) -> Result<(Self, [MentionPlaces; N]), PipelineError> {
        let mut read = Vec::new();
        for (at, tables) in all.into_iter().enumerate() {
            for (form, frame) in tables {
                if let Some(party) = programme.form(form).and_then(|form| form.party.as_ref()) {
                    read.push((
                        at,
                        form,
                        PartyTexts::from_rows(party, frame)?,
                        texts(frame, "period")?,
                    ));
                }
            }
        }
        // Letter by letter, not folded: what two wordings have in common is for linkage to weigh.
        let mut known: foldhash::HashMap<Party<'_>, usize> = Default::default();
        let mut distinct: Vec<(Party<'_>, i32)> = Vec::new();
        let mut places = [const { MentionPlaces::new() }; N];
        for (at, form, parties, periods) in &read {
            let mut of_form = Vec::with_capacity(periods.len());
            let mut of_row = PeriodColumn::of(periods);
            for row in 0..periods.len() {
                let time = when(of_row.get(row));
                let party = parties.get(row);
                let place = *known.entry(party).or_insert_with(|| {
                    distinct.push((party, time));
                    distinct.len() - 1
                });
                distinct[place].1 = distinct[place].1.min(time);
                of_form.push(place);
            }
            places[*at].insert((*form).clone(), of_form);
        }
        // Folding dominates the cost of five years of rows, and each mention is folded by itself.
        let fingerprints = distinct
            .par_iter()
            .map(|(party, _)| party.fingerprint())
            .collect();
        let column = |get: for<'p> fn(&Party<'p>) -> Option<&'p str>| -> Option<StringChunked> {
            Some(distinct.iter().map(|(party, _)| get(party)).collect())
        };
        let parties = PartyTexts {
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
                fingerprints,
                when: distinct.iter().map(|(_, when)| *when).collect(),
            },
            places,
        ))
    }

    /// Several put one behind the other, in their order.
    pub(crate) fn concat<'s>(several: impl IntoIterator<Item = &'s Self>) -> PolarsResult<Self> {
        let mut columns = COLUMNS.map(|name| StringChunked::full_null(name.into(), 0));
        let (mut fingerprints, mut when) = (Vec::new(), Vec::new());
        for mentions in several {
            for (all, column) in columns.iter_mut().zip(&mentions.parties.columns) {
                match column {
                    Some(column) => all.append(column)?,
                    None => all.append(&StringChunked::full_null("".into(), mentions.len()))?,
                };
            }
            fingerprints.extend(&mentions.fingerprints);
            when.extend(&mentions.when);
        }
        let columns = columns.map(|column| Some(column.rechunk().into_owned()));
        Ok(Self {
            parties: PartyTexts { columns },
            fingerprints,
            when,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.fingerprints.len()
    }

    /// The fingerprint of one of them.
    pub(crate) fn fingerprint(&self, place: usize) -> Fingerprint {
        self.fingerprints[place]
    }

    /// One of them.
    pub(crate) fn get(&self, place: usize) -> Mention<'_> {
        Mention {
            party: self.parties.get(place),
            fingerprint: self.fingerprints[place],
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
        let fingerprints: Vec<u64> = self
            .fingerprints
            .iter()
            .map(|fingerprint| fingerprint.0)
            .collect();
        let rest = [
            Column::new("fingerprint".into(), fingerprints),
            Column::new("when".into(), &self.when),
        ];
        DataFrame::new_infer_height(texts.chain(rest).collect())
    }

    /// From a frame that was kept.
    pub(crate) fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        Ok(Self {
            parties: PartyTexts::read(COLUMNS.map(Some), frame)?,
            fingerprints: frame
                .column("fingerprint")?
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
fn when(period: Option<Period>) -> i32 {
    period.map_or(i32::MAX, |period| period.last_day().num_days_from_ce())
}

#[cfg(test)]
mod tests {
    use super::Mentions;
    use crate::testing::{programme, submission, tables};
    use chrono::{Datelike, NaiveDate};
    use programme::tables::Tables;

    fn support(rows: &str) -> Tables {
        let sent = [
            submission(1, "SCT", "2023-Q2"),
            submission(2, "SCT", "2023-Q1"),
        ];
        tables(&sent, &[("support", rows)])
    }

    fn mentions(tables: &Tables) -> (Mentions, Vec<usize>) {
        let (mentions, [places]) = Mentions::in_tables(programme(), [tables]).unwrap();
        (mentions, places["support"].clone())
    }

    const ROWS: &str = "file | enterprise  | tax_code   | address
                        f1   | Công ty Mẫu |            | Biên Hòa
                        f1   | Công ty Mẫu | 3600265395 | Biên Hòa
                        f2   | Công ty Mẫu |            | Biên Hòa";

    #[test]
    fn rows_that_are_alike_letter_by_letter_share_a_mention() {
        let (mentions, places) = mentions(&support(ROWS));
        assert_eq!((mentions.len(), places), (2, vec![0, 1, 0]));
        assert_eq!(mentions.get(1).party.tax_code, Some("3600265395"));
        assert_eq!(mentions.get(0).party.phone, None);
    }

    #[test]
    fn a_mention_is_as_old_as_its_earliest_period() {
        let (mentions, _) = mentions(&support(ROWS));
        let last_day = |place| NaiveDate::from_num_days_from_ce_opt(mentions.get(place).when);
        assert_eq!(
            last_day(0).unwrap().month(),
            3,
            "the first quarter has it too"
        );
        assert_eq!(last_day(1).unwrap().month(), 6);
    }

    #[test]
    fn tables_share_mentions_and_each_has_the_places_of_its_rows() {
        let [left, right] = [
            "file | enterprise\nf1 | A",
            "file | enterprise\nf1 | B\nf1 | A",
        ]
        .map(support);
        let (mentions, places) = Mentions::in_tables(programme(), [&left, &right]).unwrap();
        assert_eq!(mentions.len(), 2);
        assert_eq!(
            places.map(|places| places["support"].clone()),
            [vec![0], vec![1, 0]]
        );
    }

    #[test]
    fn mentions_come_back_from_the_frame_they_were_kept_in() {
        let (mentions, _) = mentions(&support(ROWS));
        let twice = Mentions::concat([&mentions, &mentions]).unwrap();
        let back = Mentions::from_frame(&twice.to_frame().unwrap()).unwrap();
        assert_eq!(back.len(), 4);
        assert!(back.iter().eq(mentions.iter().chain(mentions.iter())));
    }
}
