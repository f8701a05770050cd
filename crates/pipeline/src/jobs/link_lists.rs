use crate::error::PipelineError;
use crate::jobs::list_workbook::{is_workbook, workbook_rows};
use crate::support::evidence_text::{bits, evidence_sum, evidence_text};
use csv::{StringRecord, Writer};
use ingest::ListEncoding;
use link::{Clustering, Decision, Matcher, Mention, Pair, Party, Rarity, Record, WeightedEvidence};
use model::{clean_text, inert_field};
use programme::Programme;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
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
pub(super) struct ListedRow {
    record: StringRecord,
    places: Places,
}

impl ListedRow {
    pub(super) fn get(&self, column: usize) -> Option<&str> {
        self.places[column]
            .and_then(|at| self.record.get(at))
            .filter(|text| !text.is_empty())
    }
}

impl Record for ListedRow {
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

impl LinkSummary {
    /// Of pairs that were written, over so many rows.
    pub(super) fn of(left: usize, pairs: &[Pair], out: &Path) -> Self {
        let count = |decision| {
            let decided = pairs.iter().filter(|pair| pair.decision == decision);
            decided.count()
        };
        Self {
            left,
            matched: count(Decision::Match),
            review: count(Decision::Review),
            related: count(Decision::Related),
            out: out.to_owned(),
        }
    }
}

/// Matches two lists of enterprises: text in columns with a heading (.csv, parted by commas, semicolons or tabs, in an
/// encoding that shows itself), columns `id` and `name` and as many of `tax_code`,
/// `address`, `district`, `phone`, `representative` as there are; or workbooks, with a sheet of such columns or with lists as
/// nominees are named in.
///
/// Writes `left_id,right_id,decision,score,reasons`, by left, then right row; the score in bits of log-odds, the reasons in
/// words, or, as `is_explained` asks, with the bits that each adds. An id that a
/// spreadsheet would take for a formula has an apostrophe before it. The
/// right list is streamed, the left one is held: a million rows belong on the right. One may be `-`, standard input, and `out` standard output.
///
/// # Errors
/// When a list cannot be read, has a row of more than a mebibyte or no column `id` or `name`, or the result cannot be written.
pub fn link_lists(
    programme: &Programme,
    left: &Path,
    right: &Path,
    out: &Path,
    is_explained: bool,
) -> Result<LinkSummary, PipelineError> {
    let rows = held_rows(programme, left, &part(out, "left"))?;
    let right = ListFile::open(programme, right, &part(out, "right"))?;
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
            let batch: Vec<ListedRow> = rows.collect();
            (!batch.is_empty()).then_some(batch)
        })
    };
    let matcher = Matcher::for_one_list(&programme.linkage);
    let pairs = matcher.join(&rows, batches);
    if let Some(error) = fault.into_inner().ok().flatten() {
        return Err(error);
    }
    let told = |pair: &Pair| reasons(programme, &matcher.evidence(pair), is_explained);
    write(&pairs, told, &rows, &right, out)?;
    Ok(LinkSummary::of(rows.len(), &pairs, out))
}

/// A list, read as often as it is needed and never held.
struct ListFile {
    /// What it is called.
    path: PathBuf,
    /// Where it lies.
    place: PathBuf,
    /// What it was copied to, since it could be read only once.
    _copy: Option<Copied>,
    encoding: ListEncoding,
}

/// A file that goes away with this.
struct Copied(PathBuf);

impl Drop for Copied {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

impl ListFile {
    /// A list from a file, from a pipe, or, as `-`, from standard input. What can be read only once is copied to `part` first,
    /// and so are the rows of a workbook.
    fn open(programme: &Programme, path: &Path, part: &Path) -> Result<Self, PipelineError> {
        let path = path.to_owned();
        let input: Option<Box<dyn Read>> = match path.as_os_str() == "-" {
            true => Some(Box::new(std::io::stdin().lock())),
            false => {
                let file = File::open(&path).map_err(PipelineError::file(&path))?;
                let metadata = file.metadata().map_err(PipelineError::file(&path))?;
                let is_read_once = !metadata.is_file() && !metadata.is_dir();
                is_read_once.then(|| Box::new(file) as Box<dyn Read>)
            }
        };
        let (place, mut copy) = match input {
            Some(mut input) => {
                let copy = Copied(part.to_owned());
                let copied = File::create(part)
                    .and_then(|mut to| std::io::copy(&mut input, &mut to).map(|_| ()));
                copied.map_err(PipelineError::file(part))?;
                (part.to_owned(), Some(copy))
            }
            None => (path.clone(), None),
        };
        let mut head = Vec::new();
        File::open(&place)
            .and_then(|file| file.take(8).read_to_end(&mut head))
            .map_err(PipelineError::file(&path))?;
        let place = match is_workbook(&head) {
            true => {
                let rows = Self::workbook_as_text(programme, &path, &place)?;
                copy = Some(Copied(part.to_owned()));
                std::fs::write(part, rows).map_err(PipelineError::file(part))?;
                part.to_owned()
            }
            false => place,
        };
        let found = ListEncoding::of(|| File::open(&place)).map_err(PipelineError::file(&path))?;
        match found {
            Ok(encoding) => Ok(Self {
                path,
                place,
                _copy: copy,
                encoding,
            }),
            Err(source) => Err(PipelineError::ListText { path, source }),
        }
    }

    /// The rows of a workbook in columns of text.
    fn workbook_as_text(
        programme: &Programme,
        path: &Path,
        place: &Path,
    ) -> Result<Vec<u8>, PipelineError> {
        let bytes = std::fs::read(place).map_err(PipelineError::file(path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let rows = workbook_rows(programme, &name, &bytes, |heading| {
            let known = |(_, names): &(&str, &[&str])| is_named(heading, names);
            COLUMNS.iter().position(known)
        })?;
        let list = |source| PipelineError::List {
            path: path.to_owned(),
            source,
        };
        if rows.is_empty() {
            let (path, column) = (path.to_owned(), COLUMNS[1].0);
            return Err(PipelineError::ListColumn { path, column });
        }
        let mut writer = Writer::from_writer(Vec::new());
        let head = COLUMNS.map(|(name, _)| name);
        writer.write_record(head).map_err(list)?;
        for row in rows {
            writer.write_record(row).map_err(list)?;
        }
        let text = writer.into_inner();
        text.map_err(|error| PipelineError::file(path)(error.into_error()))
    }

    fn rows(
        &self,
    ) -> Result<impl Iterator<Item = Result<ListedRow, PipelineError>> + Send + use<>, PipelineError>
    {
        self.rows_of("")
    }

    /// The same of the columns whose headings begin with a prefix.
    fn rows_of(
        &self,
        prefix: &str,
    ) -> Result<impl Iterator<Item = Result<ListedRow, PipelineError>> + Send + use<>, PipelineError>
    {
        let path = self.path.clone();
        let list = |source| PipelineError::List {
            path: path.clone(),
            source,
        };
        let file = File::open(&self.place).map_err(PipelineError::file(&path))?;
        let (input, row) = Bounded::new(self.encoding.read(file));
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .delimiter(self.encoding.delimiter)
            .from_reader(input);
        let headings = reader.headers().map_err(list)?.clone();
        let place = |names: &[&str]| {
            headings.iter().position(|heading| {
                let bare = heading.strip_prefix(prefix);
                bare.is_some_and(|bare| is_named(bare, names))
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
        row.begin();
        Ok(reader.into_records().map(move |record| {
            row.begin();
            match record {
                Ok(record) => Ok(ListedRow { record, places }),
                Err(source) => Err(PipelineError::List {
                    path: path.clone(),
                    source,
                }),
            }
        }))
    }
}

/// Whether a heading is one of some names of a column.
fn is_named(heading: &str, names: &[&str]) -> bool {
    names.contains(&vietext::fold(heading).replace(' ', "_").as_str())
}

/// The rows of a list that is held.
pub(super) fn held_rows(
    programme: &Programme,
    list: &Path,
    part: &Path,
) -> Result<Vec<ListedRow>, PipelineError> {
    ListFile::open(programme, list, part)?.rows()?.collect()
}

/// Where a list is copied that can be read only once: beside the result, or among temporary files if that goes out at once.
pub(super) fn part(out: &Path, side: &str) -> PathBuf {
    match is_standard(out) {
        true => std::env::temp_dir().join(format!("tonghop-{}.{side}.part", std::process::id())),
        false => out.with_added_extension(format!("{side}.part")),
    }
}

/// Whether a path stands for standard input or output.
fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The most bytes of a row: a quote that is never closed makes one row of all that follows, which would have to be held.
const LONGEST_ROW: usize = 1 << 20;

/// How many bytes were read since a row began.
#[derive(Clone, Default)]
struct RowLength(Arc<AtomicUsize>);

impl RowLength {
    fn begin(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}

/// An input of rows that ends with an error within one that is too long.
struct Bounded<R> {
    input: R,
    row: RowLength,
}

impl<R: Read> Bounded<R> {
    fn new(input: R) -> (Self, RowLength) {
        let row = RowLength::default();
        let bounded = Self {
            input,
            row: row.clone(),
        };
        (bounded, row)
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let length = self.input.read(to)?;
        let before = self.row.0.fetch_add(length, Ordering::Relaxed);
        match before + length > LONGEST_ROW {
            true => Err(Error::new(
                ErrorKind::InvalidData,
                format!("a row of more than {} KiB", LONGEST_ROW >> 10),
            )),
            false => Ok(length),
        }
    }
}

fn write(
    pairs: &[Pair],
    reasons: impl Fn(&Pair) -> String,
    left: &[ListedRow],
    right: &ListFile,
    out: &Path,
) -> Result<(), PipelineError> {
    let ids = right_ids(pairs, right)?;
    let told = pairs.iter().zip(&ids).map(|(pair, id)| {
        let left = left.get(pair.left).and_then(|row| row.get(0));
        WrittenPair {
            ids: [left.unwrap_or_default(), id],
            decision: pair.decision,
            score: pair.score,
            reasons: reasons(pair),
        }
    });
    write_pairs(told, None, out)
}

/// A pair as it is written.
pub(super) struct WrittenPair<'r> {
    pub ids: [&'r str; 2],
    pub decision: Decision,
    pub score: i32,
    pub reasons: String,
}

/// Writes the pairs that are not different, to a file or to standard output; with the heading of a column that stays empty if
/// there is something to say of all of them.
pub(super) fn write_pairs<'r>(
    pairs: impl Iterator<Item = WrittenPair<'r>>,
    said_of_all: Option<&str>,
    out: &Path,
) -> Result<(), PipelineError> {
    let list = |source| PipelineError::List {
        path: out.to_owned(),
        source,
    };
    let to: Box<dyn Write> = match is_standard(out) {
        true => Box::new(std::io::stdout().lock()),
        false => Box::new(File::create(out).map_err(PipelineError::file(out))?),
    };
    let mut writer = Writer::from_writer(to);
    let heading = ["left_id", "right_id", "decision", "score", "reasons"];
    let head = heading.into_iter().chain(said_of_all);
    writer.write_record(head).map_err(list)?;
    for pair in pairs {
        let decision = match pair.decision {
            Decision::Match => "match",
            Decision::Review => "review",
            Decision::Related => "related",
            Decision::Different => continue,
        };
        let [left, right] = pair.ids.map(inert_field);
        let (score, reasons) = (bits(pair.score), clean_text(&pair.reasons));
        let row = [&*left, &*right, decision, &score, &*reasons];
        let row = row.into_iter().chain(said_of_all.map(|_| ""));
        writer.write_record(row).map_err(list)?;
    }
    writer.flush().map_err(PipelineError::file(out))
}

/// Resolves one list: which of its rows are the same enterprise, and which a person is asked about. Reads and writes as
/// [`link_lists`] does; of rows that are one enterprise each is a match of the first. Without `rarity` words are as rare as they
/// are in the list.
///
/// # Errors
/// As [`link_lists`].
pub fn resolve_list(
    programme: &Programme,
    list: &Path,
    rarity: Option<&Rarity>,
    out: &Path,
    is_explained: bool,
) -> Result<LinkSummary, PipelineError> {
    let rows = held_rows(programme, list, &part(out, "list"))?;
    let mentions = mentions(&rows);
    let matcher = Matcher::for_one_list(&programme.linkage);
    let found = match rarity {
        Some(rarity) => matcher.resolve_some(&mentions, &[], rarity),
        None => matcher.resolve(&mentions, &[]),
    };
    write_clustering(programme, &rows, &found, out, is_explained)
}

/// The rows of a list as mentions, of no time.
pub(super) fn mentions(rows: &[ListedRow]) -> Vec<Mention<'_>> {
    rows.iter()
        .map(|row| Mention::new(row.party(), 0))
        .collect()
}

/// Writes which rows of a list are one enterprise, and what a person is asked.
pub(super) fn write_clustering(
    programme: &Programme,
    rows: &[ListedRow],
    found: &Clustering,
    out: &Path,
    is_explained: bool,
) -> Result<LinkSummary, PipelineError> {
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    let id = |at: usize| rows.get(at).and_then(|row| row.get(0)).unwrap_or_default();
    let mut pairs = Vec::new();
    for (at, &cluster) in found.cluster_of.iter().enumerate() {
        let of_first = *first.entry(cluster).or_insert(at);
        if of_first != at {
            pairs.push(WrittenPair {
                ids: [id(of_first), id(at)],
                decision: Decision::Match,
                score: 0,
                reasons: String::new(),
            });
        }
    }
    let matched = pairs.len();
    pairs.extend(found.questions.iter().map(|question| WrittenPair {
        ids: [id(question.left), id(question.right)],
        decision: Decision::Review,
        score: question.score,
        reasons: reasons(programme, &question.evidence, is_explained),
    }));
    write_pairs(pairs.into_iter(), None, out)?;
    Ok(LinkSummary {
        left: rows.len(),
        matched,
        review: found.questions.len(),
        related: 0,
        out: out.to_owned(),
    })
}

/// Judges pairs by themselves, whoever else there is; without `rarity` words are as rare as they are among the pairs. Text in columns `left_id`, `left_name`, `right_id`, `right_name` and as many of
/// the others of [`link_lists`], each with its side before it. Writes as that does.
///
/// # Errors
/// As [`link_lists`].
pub fn judge_pairs(
    programme: &Programme,
    pairs: &Path,
    rarity: Option<&Rarity>,
    out: &Path,
    is_explained: bool,
) -> Result<LinkSummary, PipelineError> {
    let file = ListFile::open(programme, pairs, &part(out, "pairs"))?;
    let side = |prefix| file.rows_of(prefix)?.collect::<Result<Vec<ListedRow>, _>>();
    let (left, right) = (side("left_")?, side("right_")?);
    let matcher = Matcher::for_one_list(&programme.linkage);
    let judged = matcher.judge(&left, &right, rarity);
    let id = |rows: &'_ [ListedRow], at: usize| -> String {
        let id = rows.get(at).and_then(|row| row.get(0));
        id.unwrap_or_default().to_owned()
    };
    let ids: Vec<[String; 2]> = judged
        .iter()
        .map(|pair| [id(&left, pair.left), id(&right, pair.right)])
        .collect();
    let told = judged.iter().zip(&ids).map(|(pair, ids)| WrittenPair {
        ids: ids.each_ref().map(String::as_str),
        decision: pair.decision,
        score: pair.score,
        reasons: reasons(programme, &matcher.evidence(pair), is_explained),
    });
    write_pairs(told, None, out)?;
    Ok(LinkSummary::of(left.len(), &judged, out))
}

pub(super) fn reasons(
    programme: &Programme,
    evidence: &[WeightedEvidence],
    is_explained: bool,
) -> String {
    match is_explained {
        true => evidence_sum(programme, evidence),
        false => evidence_text(programme, evidence),
    }
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

#[cfg(test)]
mod tests {
    use super::{COLUMNS, ListFile};
    use crate::testing::programme;
    use std::path::Path;

    /// The ids of a list, or what is wrong with it.
    fn ids(path: &Path) -> Result<Vec<String>, String> {
        let part = path.with_extension("part");
        let list = ListFile::open(programme(), path, &part).map_err(|e| e.to_string())?;
        let rows = list.rows().map_err(|error| error.to_string())?;
        rows.map(|row| match row {
            Ok(row) => Ok(row.get(0).unwrap_or_default().to_owned()),
            Err(error) => Err(format!("{:?}", std::error::Error::source(&error))),
        })
        .collect()
    }

    #[test]
    fn a_row_has_a_limit_and_a_list_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("l.csv");
        let head = COLUMNS.map(|(name, _)| name).join(",");
        let rows = "1,Công ty Gốm\n".repeat(200_000);
        std::fs::write(&list, format!("{head}\n{rows}")).unwrap();
        assert_eq!(ids(&list).map(|ids| ids.len()), Ok(200_000));
        // A quote that is never closed.
        std::fs::write(&list, format!("{head}\n1,a\n2,\"{rows}")).unwrap();
        let fault = ids(&list).unwrap_err();
        assert!(fault.contains("a row of more than 1024 KiB"), "{fault}");
    }

    #[cfg(unix)]
    #[test]
    fn what_can_be_read_once_is_copied_and_the_copy_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let to = pipe.clone();
        let writer = std::thread::spawn(move || std::fs::write(to, "id;name\na;b\nc;d\n"));
        assert_eq!(ids(&pipe), Ok(vec!["a".to_owned(), "c".to_owned()]));
        writer.join().unwrap().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
