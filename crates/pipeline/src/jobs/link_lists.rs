use crate::error::PipelineError;
use crate::support::evidence_text::{bits, evidence_text};
use csv::{Reader, StringRecord, Writer};
use link::{Decision, Matcher, Pair, Party, Record};
use programme::Programme;
use serde::Serialize;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// So many rows are handed on at a time.
const BATCH: usize = 4_096;

/// The columns of a list of enterprises; other names for them are what registers call them.
const COLUMNS: [(&str, &[&str]); 7] = [
    (
        "id",
        &["id", "submission_id", "register_id", "left_id", "right_id"],
    ),
    ("name", &["name", "ten", "enterprise"]),
    ("tax_code", &["tax_code", "mst", "ma_so_thue"]),
    ("address", &["address", "dia_chi"]),
    ("district", &["district", "huyen"]),
    ("phone", &["phone", "dien_thoai"]),
    (
        "representative",
        &["representative", "legal_rep", "nguoi_dai_dien"],
    ),
];

/// The place of each column of [`COLUMNS`] in a file.
type Places = [Option<usize>; COLUMNS.len()];

/// A row of a list.
struct Row {
    record: StringRecord,
    places: Places,
}

impl Row {
    fn get(&self, column: usize) -> Option<&str> {
        self.places[column]
            .and_then(|at| self.record.get(at))
            .filter(|text| !text.is_empty())
    }
}

impl Record for Row {
    fn party(&self) -> Party<'_> {
        Party {
            name: self.get(1).unwrap_or_default(),
            tax_code: self.get(2),
            address: self.get(3),
            district: self.get(4),
            phone: self.get(5),
            representative: self.get(6),
        }
    }
}

/// What matching two lists came to.
#[derive(Debug, Serialize)]
pub struct LinkSummary {
    /// Rows of the left list.
    pub left: usize,
    /// Pairs taken for the same enterprise.
    pub matched: usize,
    /// Pairs that a person is asked about.
    pub review: usize,
    /// Branches and their parents.
    pub related: usize,
    /// Where the pairs are.
    pub out: PathBuf,
}

/// Matches two lists of enterprises: CSV with a heading, columns `id` and `name` and as many of `tax_code`,
/// `address`, `district`, `phone`, `representative` as there are.
///
/// Writes `left_id,right_id,decision,score,reasons`, by left, then right row; the score in bits of log-odds. The
/// right list is streamed, the left one is held: a million rows belong on the right.
///
/// # Errors
/// When a list cannot be read or has no column `id` or `name`, or the result cannot be written.
pub fn link_lists(
    programme: &Programme,
    left: &Path,
    right: &Path,
    out: &Path,
) -> Result<LinkSummary, PipelineError> {
    let rows: Vec<Row> = rows(left)?.collect::<Result<_, _>>()?;
    // Read once more than needed, so that a fault is met before the work.
    drop(self::rows(right)?);
    let fault: Mutex<Option<PipelineError>> = Mutex::new(None);
    let note = |error: PipelineError| {
        if let Ok(mut first) = fault.lock() {
            first.get_or_insert(error);
        }
    };
    let batches = || {
        let mut all = self::rows(right).map_err(&note).ok();
        let note = &note;
        std::iter::from_fn(move || {
            let rows = all
                .as_mut()?
                .by_ref()
                .take(BATCH)
                .map_while(|row| row.map_err(note).ok());
            let batch: Vec<Row> = rows.collect();
            (!batch.is_empty()).then_some(batch)
        })
    };
    let matcher = Matcher::new(&programme.linkage);
    let pairs = matcher.join(&rows, batches);
    if let Some(error) = fault.into_inner().ok().flatten() {
        return Err(error);
    }
    write(programme, &matcher, &pairs, &rows, right, out)?;
    let count = |decision| {
        pairs
            .iter()
            .filter(|pair| pair.decision == decision)
            .count()
    };
    Ok(LinkSummary {
        left: rows.len(),
        matched: count(Decision::Match),
        review: count(Decision::Review),
        related: count(Decision::Related),
        out: out.to_owned(),
    })
}

fn rows(
    path: &Path,
) -> Result<impl Iterator<Item = Result<Row, PipelineError>> + Send, PipelineError> {
    let list = |source| PipelineError::List {
        path: path.to_owned(),
        source,
    };
    let mut reader: Reader<File> = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .map_err(list)?;
    let headings = reader.headers().map_err(list)?.clone();
    let place = |names: &[&str]| {
        headings
            .iter()
            .position(|heading| names.contains(&vietext::fold(heading).replace(' ', "_").as_str()))
    };
    let places: Places = COLUMNS.map(|(_, names)| place(names));
    if let Some(((column, _), _)) = COLUMNS
        .iter()
        .zip(&places)
        .take(2)
        .find(|(_, place)| place.is_none())
    {
        return Err(PipelineError::ListColumn {
            path: path.to_owned(),
            column,
        });
    }
    let path = path.to_owned();
    Ok(reader.into_records().map(move |record| match record {
        Ok(record) => Ok(Row { record, places }),
        Err(source) => Err(PipelineError::List {
            path: path.clone(),
            source,
        }),
    }))
}

fn write(
    programme: &Programme,
    matcher: &Matcher,
    pairs: &[Pair],
    left: &[Row],
    right: &Path,
    out: &Path,
) -> Result<(), PipelineError> {
    let list = |source| PipelineError::List {
        path: out.to_owned(),
        source,
    };
    let ids = right_ids(pairs, right)?;
    let mut writer = Writer::from_path(out).map_err(list)?;
    writer
        .write_record(["left_id", "right_id", "decision", "score", "reasons"])
        .map_err(list)?;
    for (pair, id) in pairs.iter().zip(&ids) {
        let decision = match pair.decision {
            Decision::Match => "match",
            Decision::Review => "review",
            Decision::Related => "related",
            Decision::Different => continue,
        };
        let reasons = evidence_text(programme, &matcher.evidence(pair));
        let left = left
            .get(pair.left)
            .and_then(|row| row.get(0))
            .unwrap_or_default();
        writer
            .write_record([left, id, decision, &bits(pair.score), &reasons])
            .map_err(list)?;
    }
    writer.flush().map_err(PipelineError::file(out))
}

/// The ids of the right rows of some pairs: the list is gone through once more, since it was never held.
fn right_ids(pairs: &[Pair], right: &Path) -> Result<Vec<String>, PipelineError> {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by_key(|&at| pairs[at].right);
    let mut wanted = order.into_iter().peekable();
    let mut ids = vec![String::new(); pairs.len()];
    for (number, row) in rows(right)?.enumerate() {
        if wanted.peek().is_none() {
            break;
        }
        let row = row?;
        while let Some(at) = wanted.next_if(|&at| pairs[at].right == number) {
            ids[at] = row.get(0).unwrap_or_default().to_owned();
        }
    }
    Ok(ids)
}
