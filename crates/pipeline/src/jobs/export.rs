use crate::annual::build::has_data;
use crate::annual::figures::CountedTables;
use crate::annual::findings::findings_shown;
use crate::annual::provenance::origins;
use crate::annual::request::Variant;
use crate::error::PipelineError;
use crate::export::check_scripts::check_scripts;
use crate::export::counted_rows_out::RowsOut;
use crate::export::exported_table::{ExportedFile, ExportedTable};
use crate::export::package::{PackageHead, data_package};
use crate::export::queries::Queries;
use crate::export::results::{
    figure_table, issued_table, listing_tables, rule_table, span_table, spans,
};
use crate::export::told::{
    YearFinding, answer_table, cluster_table, file_table, finding_table, overlap_table,
};
use crate::jobs::load::{LedgerView, recorded_findings};
use crate::support::comparison::Comparison;
use crate::support::decided::DecidedSupport;
use crate::workspace::{Workspace, remove_if_any};
use chrono::{DateTime, Utc};
use ledger::{
    AsOf, Ledger, Lock, MadeReport, Submission, TakenOut, file_id, make_private_folder, write_whole,
};
use model::{FileId, Moment, SubmissionId, clean_json};
use programme::Programme;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// What was written for other programs.
#[derive(Debug, Serialize)]
pub struct ExportSummary {
    /// Where.
    pub folder: PathBuf,
    /// Under which name the office stands among others.
    pub workspace: String,
    /// The tables, with their rows.
    pub tables: BTreeMap<String, usize>,
    /// How many figures can be computed again.
    pub figures: usize,
    /// Files as they came; none unless they were asked for.
    pub originals: usize,
    /// The columns that are left out since they are personal, as `form.column`.
    pub left_out: Vec<String>,
    /// The queries that are left out since they read one of those.
    pub omitted: Vec<String>,
    /// How many files of an earlier export were taken away.
    pub removed: usize,
}

/// What is exported beside what counts. Both may tell of persons, so each is asked for by name and told in the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExportExtent {
    /// Columns that a form marks as personal, which find the same enterprise in other lists; which rows are one enterprise; who
    /// answered.
    pub for_linkage: bool,
    /// The files as they came, with all that their senders wrote.
    pub originals: bool,
}

/// How an export is asked for.
#[derive(Debug, Clone, Default)]
pub struct ExportOrder {
    /// What goes along that may tell of persons.
    pub extent: ExportExtent,
    /// Whether a CSV is written beside each table.
    pub csv: bool,
    /// The name of the office among others; without one that of the workspace's folder.
    pub name: Option<String>,
}

/// The list of an export's files.
const MANIFEST: &str = "manifest.json";
/// What described an export before there were Data Packages.
const EARLIER_SCHEMA: &str = "schema.json";

/// Writes all that counts, over all years, for other programs: each table that a query of the programme names, as Parquet in
/// partitions of the office and the year, the queries, what came out of them, scripts that compute it again, and
/// `datapackage.json` that says what each column is. If a workspace has several programmes, each is in a folder of its name.
///
/// What is exported is what was known at the last run. What an earlier export wrote into the folder and this one does not is taken
/// away; what others put there stays.
///
/// Columns that a form marks as personal and the files as they came are written if the extent says so; then the log tells of it,
/// and the folder is its owner's if it is new.
///
/// # Errors
/// When the ledger cannot be read, or written where something is to be told in its log, a query fails, or the folder cannot be
/// written.
pub fn export(
    workspace: &Workspace,
    folder: &Path,
    order: &ExportOrder,
    now: DateTime<Utc>,
) -> Result<ExportSummary, PipelineError> {
    let extent = order.extent;
    let is_told = extent != ExportExtent::default();
    let lock = match is_told {
        true => Some(Lock::take(&workspace.ledger())?),
        false => None,
    };
    let ledger = match &lock {
        Some(lock) => Ledger::open_to_write(lock)?,
        None => Ledger::open(&workspace.ledger())?,
    };
    let mut summary = ExportSummary {
        folder: folder.to_owned(),
        workspace: office_name(workspace, order.name.as_deref()),
        tables: BTreeMap::new(),
        figures: 0,
        originals: 0,
        left_out: Vec::new(),
        omitted: Vec::new(),
        removed: 0,
    };
    let view = LedgerView::open(&ledger, AsOf::NOW)?;
    let mut files: Vec<ExportedFile> = Vec::new();
    let originals = match extent.originals {
        true => original_paths(&view.submissions),
        false => BTreeMap::new(),
    };
    let programmes: Vec<&Programme> = workspace.programmes().collect();
    let last_run = ledger.last_run()?.unwrap_or_else(|| now.into());
    let source = ExportSource {
        workspace,
        ledger: &ledger,
        view: &view,
        at: last_run,
        now: last_run.max(now.into()),
        originals: &originals,
    };
    for programme in &programmes {
        let before = match programmes.len() > 1 {
            true => format!("{}/", programme.id),
            false => String::new(),
        };
        let own = source.programme_files(programme, order, &before, &mut summary)?;
        files.extend(own.into_iter().map(|file| ExportedFile {
            path: format!("{before}{}", file.path),
            ..file
        }));
    }
    for (file, path) in &originals {
        files.push(ExportedFile {
            path: path.clone(),
            bytes: ledger.bytes(file)?,
        });
        summary.originals += 1;
    }
    if is_told {
        make_private_folder(folder)?;
        // Before anything leaves: what cannot be told does not.
        let taken = TakenOut {
            folder: folder.display().to_string(),
            for_linkage: extent.for_linkage,
            originals: extent.originals,
        };
        ledger.record_taken_out(now.into(), &workspace.settings.operator, &taken)?;
    }
    summary.removed = write_all(folder, &files)?;
    Ok(summary)
}

/// What an export is made from.
struct ExportSource<'a> {
    workspace: &'a Workspace,
    ledger: &'a Ledger,
    view: &'a LedgerView<'a>,
    /// The moment of the last run.
    at: Moment,
    /// That of the export, or of the last run if a clock went back.
    now: Moment,
    originals: &'a BTreeMap<FileId, String>,
}

impl ExportSource<'_> {
    /// The files of a programme: its tables, queries, scripts, and the description of all.
    fn programme_files(
        &self,
        programme: &Programme,
        order: &ExportOrder,
        before: &str,
        summary: &mut ExportSummary,
    ) -> Result<Vec<ExportedFile>, PipelineError> {
        let (view, with_personal) = (self.view, order.extent.for_linkage);
        let others = self.workspace.others_than(programme);
        let resolved = view.resolved_snapshot(programme, &others, programme.years())?;
        let snapshot = &resolved.snapshot;
        let years: Vec<i32> = programme
            .years()
            .filter(|year| has_data(&snapshot.submissions, *year))
            .collect();
        let answers = view.answer_index();
        let registers = view.registers(programme)?;
        let today = self.at.day(self.workspace.settings.utc_offset);
        let mut comparison =
            Comparison::compare(programme, &resolved.index, &registers, &answers, today)?;
        comparison.leave_out(&snapshot.in_error);
        let decided = DecidedSupport::of(&comparison.overlaps).over_periods(programme, snapshot)?;
        let reported_twice = decided.reported_twice().clone();
        let on_rows = &answers.on_cases().rows;
        let records = Arc::clone(origins(programme, snapshot)?.records());
        let mut counted =
            CountedTables::new(programme, snapshot, (decided, None), on_rows, &records)?;
        let all_years = counted.in_years(programme.years())?;
        let rows = RowsOut {
            programme,
            snapshot,
            counted: &all_years,
            chosen: counted.chosen(),
            reported_twice: &reported_twice,
            years: &years,
            with_personal,
        };
        let mut left_out = Vec::new();
        let mut missing = BTreeSet::new();
        for form in programme.forms.values() {
            let names = rows.left_out(form);
            left_out.extend(names.iter().map(|name| format!("{}.{name}", form.code)));
            missing.extend(names);
        }
        let mut tables = rows.tables()?;
        let queries = Queries::of(programme, &missing);
        let spans = spans(programme, &years);
        // As reports have them: of one year, or of the whole period.
        let of_reports: Vec<_> = spans
            .iter()
            .filter(|it| it.from == it.to || it.from == programme.first_year)
            .cloned()
            .collect();
        tables.push(span_table(&spans)?);
        tables.push(figure_table(&queries, &mut counted, &spans, &records)?);
        let issued = self.issued_reports(&years)?;
        tables.push(issued_table(&issued)?);
        tables.extend(listing_tables(&queries, &mut counted, &of_reports)?);
        tables.push(rule_table(programme, &queries, snapshot, &years)?);
        let standing: BTreeSet<SubmissionId> = snapshot
            .submissions
            .effective
            .iter()
            .map(|submission| submission.id)
            .collect();
        tables.push(file_table(&view.submissions, &standing, self.originals)?);
        let mut findings = Vec::new();
        let recorded =
            recorded_findings(self.ledger, programme, &view.submissions, programme.years())?;
        for year in &years {
            let shown = snapshot.within(*year..=*year)?;
            let found = findings_shown(programme, &shown, &recorded)?;
            let told = found
                .into_iter()
                .filter(|(_, finding)| counted.chosen().is_told(programme, finding));
            findings.extend(told.map(|(department, finding)| YearFinding {
                year: *year,
                department,
                finding,
            }));
        }
        tables.push(finding_table(programme, &findings, &years, with_personal)?);
        tables.push(overlap_table(&comparison.overlaps)?);
        tables.push(answer_table(&view.answers, with_personal)?);
        if with_personal {
            tables.push(cluster_table(programme, &snapshot.accepted)?);
        }
        self.files_of(
            programme,
            order,
            (&tables, &queries, &left_out),
            (before, summary),
        )
    }

    /// The reports of some years that stand as issued, on one year and on the whole period.
    fn issued_reports(&self, years: &[i32]) -> Result<Vec<MadeReport>, PipelineError> {
        let mut reports = Vec::new();
        for year in years {
            for is_final in [false, true] {
                let variant = Variant {
                    is_final,
                    ..Variant::default()
                };
                let standing =
                    self.ledger
                        .standing_report(*year, &variant.name(), self.now, None)?;
                reports.extend(standing.map(|recorded| recorded.report));
            }
        }
        Ok(reports)
    }

    fn files_of(
        &self,
        programme: &Programme,
        order: &ExportOrder,
        (tables, queries, left_out): (&[ExportedTable], &Queries<'_>, &[String]),
        (before, summary): (&str, &mut ExportSummary),
    ) -> Result<Vec<ExportedFile>, PipelineError> {
        let mut files = queries.files();
        files.push(json_file("sql/queries.json", &queries.described())?);
        files.extend(check_scripts());
        for table in tables {
            files.extend(table.files(&summary.workspace)?);
            if order.csv {
                files.push(table.csv(&summary.workspace)?);
            }
            summary
                .tables
                .insert(format!("{before}{}", table.name), table.height());
            summary.figures += match table.name.as_str() {
                "figure" => table.height(),
                _ => 0,
            };
        }
        let head = PackageHead {
            programme,
            workspace: &summary.workspace,
            as_of: self.at.to_string(),
            with_csv: order.csv,
            left_out,
        };
        files.push(json_file("datapackage.json", &data_package(&head, tables))?);
        let named = |name: &String| format!("{before}{name}");
        summary.left_out.extend(left_out.iter().map(named));
        summary.omitted.extend(queries.omitted.iter().map(named));
        Ok(files)
    }
}

fn json_file(path: &str, value: &Value) -> Result<ExportedFile, PipelineError> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| PipelineError::file(path)(error.into()))?;
    Ok(ExportedFile {
        path: path.to_owned(),
        bytes: format!("{}\n", clean_json(&text)).into_bytes(),
    })
}

/// The name of the office in the paths of its tables: small letters, digits and '-'.
pub(crate) fn office_name(workspace: &Workspace, given: Option<&str>) -> String {
    let folder = std::path::absolute(workspace.root()).unwrap_or_default();
    let folder = folder.file_name().map(|name| name.to_string_lossy());
    let given = given.map(str::to_owned);
    let name = given.or(folder.map(|name| name.into_owned()));
    let name = vietext::fold(&name.unwrap_or_default()).to_lowercase();
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == '.';
    let words = name
        .split(|sign| !is_plain(sign))
        .filter(|word| !word.is_empty());
    let plain = words.collect::<Vec<_>>().join("-");
    match plain.trim_matches('.') {
        "" => "workspace".to_owned(),
        plain => plain.to_owned(),
    }
}

/// Where each file that came goes, under the name that it had: files of one name get numbers.
fn original_paths(submissions: &[Submission]) -> BTreeMap<FileId, String> {
    let mut paths = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for submission in submissions {
        if paths.contains_key(&submission.file) {
            continue;
        }
        let name = Path::new(&submission.file_name).file_name();
        let name = name.map_or_else(|| submission.file.0.clone().into(), |name| name.to_owned());
        let name = PathBuf::from(name);
        let [stem, ending] = [name.file_stem(), name.extension()]
            .map(|part| part.map(|part| part.to_string_lossy().replace('\\', "-")));
        let stem = stem.unwrap_or_default();
        let ending = ending
            .map(|ending| format!(".{ending}"))
            .unwrap_or_default();
        let numbered = (1..).map(|number| match number {
            1 => format!("originals/{stem}{ending}"),
            _ => format!("originals/{stem} ({number}){ending}"),
        });
        // Names that differ in case only are one to some systems.
        let free = |path: &String| !taken.contains(&path.to_lowercase());
        let mut free = numbered.filter(free);
        let path = free.next().unwrap_or_default();
        drop(free);
        taken.insert(path.to_lowercase());
        paths.insert(submission.file.clone(), path);
    }
    paths
}

/// Writes the files, and takes away what an earlier export wrote and this one does not. Gives how many those are.
fn write_all(folder: &Path, files: &[ExportedFile]) -> Result<usize, PipelineError> {
    let earlier = earlier_files(folder);
    let new: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let stale: Vec<&String> = earlier
        .iter()
        .filter(|path| !new.contains(path.as_str()))
        .collect();
    // Whatever stops this, the next export knows of all files that may be there.
    let entry = |path: &str| json!({ "path": path });
    let of_both: Vec<Value> = earlier.iter().map(|path| entry(path)).collect();
    let of_new: Vec<Value> = files
        .iter()
        .map(|file| {
            let sha256 = file_id(&file.bytes).0;
            json!({ "path": file.path, "bytes": file.bytes.len(), "sha256": sha256 })
        })
        .collect();
    let listed = [of_new.clone(), of_both].concat();
    let manifest = json_file(MANIFEST, &json!({ "files": listed }))?;
    write_whole(&folder.join(MANIFEST), &manifest.bytes)?;
    for path in &stale {
        remove_with_empty_folders(folder, path)?;
    }
    for file in files {
        write_whole(&folder.join(&file.path), &file.bytes)?;
    }
    let manifest = json_file(MANIFEST, &json!({ "files": of_new }))?;
    write_whole(&folder.join(MANIFEST), &manifest.bytes)?;
    Ok(stale.len())
}

/// The files that an earlier export wrote, as it lists them; none that lie elsewhere.
fn earlier_files(folder: &Path) -> BTreeSet<String> {
    let read = |name: &str| -> Option<Value> {
        let text = std::fs::read_to_string(folder.join(name)).ok()?;
        serde_json::from_str(&text).ok()
    };
    let mut paths = BTreeSet::new();
    if let Some(manifest) = read(MANIFEST) {
        let files = manifest["files"].as_array().cloned().unwrap_or_default();
        paths.extend(
            files
                .iter()
                .filter_map(|file| Some(file["path"].as_str()?.to_owned())),
        );
    }
    if let Some(schema) = read(EARLIER_SCHEMA).filter(|it| it["programme_hash"].is_string()) {
        let tables = schema["tables"].as_object().cloned().unwrap_or_default();
        paths.extend(tables.keys().map(|table| format!("{table}.parquet")));
        let files = schema["files"].as_array().cloned().unwrap_or_default();
        let files = files.iter().filter_map(|file| file["sha256"].as_str());
        paths.extend(files.map(|file| format!("originals/{file}")));
        paths.insert(EARLIER_SCHEMA.to_owned());
    }
    paths.retain(|path| {
        let mut parts = Path::new(path).components();
        parts.all(|part| matches!(part, Component::Normal(_))) && folder.join(path).is_file()
    });
    paths
}

/// Removes a file below a folder, and the folders between them that are left empty.
fn remove_with_empty_folders(folder: &Path, path: &str) -> Result<(), PipelineError> {
    let path = folder.join(path);
    remove_if_any(&path)?;
    let between = path.ancestors().skip(1).take_while(|at| *at != folder);
    for at in between {
        // One that is not empty stays.
        if std::fs::remove_dir(at).is_err() {
            break;
        }
    }
    Ok(())
}
