use crate::error::PipelineError;
use crate::support::evidence_text::{bits, evidence_text};
use csv::{StringRecord, Writer};
use ingest::ListText;
use link::{Decision, Matcher, Pair, Party, Record};
use model::{clean_text, inert_field};
use programme::Programme;
use serde::Serialize;
use std::borrow::Cow;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

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

/// Matches two lists of enterprises: text in columns with a heading (.csv, parted by commas, semicolons or tabs, in an
/// encoding that shows itself), columns `id` and `name` and as many of `tax_code`,
/// `address`, `district`, `phone`, `representative` as there are.
///
/// Writes `left_id,right_id,decision,score,reasons`, by left, then right row; the score in bits of log-odds. An id that a
/// spreadsheet would take for a formula has an apostrophe before it. The
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
    let rows: Vec<Row> = ListFile::open(left)?.rows()?.collect::<Result<_, _>>()?;
    let right = ListFile::open(right)?;
    // Read once more than needed, so that a fault is met before the work.
    drop(right.rows()?);
    let fault: Mutex<Option<PipelineError>> = Mutex::new(None);
    let note = |error: PipelineError| {
        if let Ok(mut first) = fault.lock() {
            first.get_or_insert(error);
        }
    };
    let batches = || {
        let mut all = right.rows().map_err(&note).ok();
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
    write(programme, &matcher, &pairs, &rows, &right, out)?;
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

/// A list, read as often as it is needed.
struct ListFile {
    path: PathBuf,
    /// What it says, if that is not in UTF-8 and so cannot be read from the file.
    text: Option<Arc<[u8]>>,
    delimiter: u8,
}

impl ListFile {
    fn open(path: &Path) -> Result<Self, PipelineError> {
        let path = path.to_owned();
        let bytes = std::fs::read(&path).map_err(PipelineError::file(&path))?;
        let ListText { text, delimiter } = match ingest::list_text(&bytes) {
            Ok(list) => list,
            Err(source) => return Err(PipelineError::ListText { path, source }),
        };
        let text = match text {
            Cow::Borrowed(_) => None,
            Cow::Owned(text) => Some(text.into_bytes().into()),
        };
        Ok(Self {
            path,
            text,
            delimiter,
        })
    }

    fn rows(
        &self,
    ) -> Result<impl Iterator<Item = Result<Row, PipelineError>> + Send + use<>, PipelineError>
    {
        let path = self.path.clone();
        let list = |source| PipelineError::List {
            path: path.clone(),
            source,
        };
        let text: Box<dyn Read + Send> = match &self.text {
            Some(text) => Box::new(Cursor::new(Arc::clone(text))),
            None => Box::new(File::open(&path).map_err(PipelineError::file(&path))?),
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(text);
        let headings = reader.headers().map_err(list)?.clone();
        let place = |names: &[&str]| {
            headings.iter().position(|heading| {
                names.contains(&vietext::fold(heading).replace(' ', "_").as_str())
            })
        };
        let places: Places = COLUMNS.map(|(_, names)| place(names));
        if let Some(((column, _), _)) = COLUMNS
            .iter()
            .zip(&places)
            .take(2)
            .find(|(_, place)| place.is_none())
        {
            return Err(PipelineError::ListColumn { path, column });
        }
        Ok(reader.into_records().map(move |record| match record {
            Ok(record) => Ok(Row { record, places }),
            Err(source) => Err(PipelineError::List {
                path: path.clone(),
                source,
            }),
        }))
    }
}

fn write(
    programme: &Programme,
    matcher: &Matcher,
    pairs: &[Pair],
    left: &[Row],
    right: &ListFile,
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
            .write_record([
                &*inert_field(left),
                &*inert_field(id),
                decision,
                &bits(pair.score),
                &*clean_text(&reasons),
            ])
            .map_err(list)?;
    }
    writer.flush().map_err(PipelineError::file(out))
}

/// The ids of the right rows of some pairs: the list is gone through once more, since it was never held.
fn right_ids(pairs: &[Pair], right: &ListFile) -> Result<Vec<String>, PipelineError> {
    let mut order: Vec<usize> = (0..pairs.len()).collect();
    order.sort_by_key(|&at| pairs[at].right);
    let mut wanted = order.into_iter().peekable();
    let mut ids = vec![String::new(); pairs.len()];
    for (number, row) in right.rows()?.enumerate() {
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
