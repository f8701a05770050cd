use crate::catalogue::message;
use crate::exit::Exit;
use crate::logging::timed;
use crate::open;
use crate::output::Output;
use pipeline::Variant;
use std::path::Path;

/// The report of a year over several offices.
pub(crate) fn roll_up(
    offices: &[String],
    year: (i32, Variant),
    folder: &Path,
    out: &Output,
) -> anyhow::Result<Exit> {
    let mut workspaces = Vec::new();
    for office in offices {
        // A folder's own name may have the sign too.
        let (name, dir) = match office.split_once('=') {
            Some((name, dir)) if !Path::new(office).exists() => (Some(name.to_owned()), dir),
            _ => (None, office.as_str()),
        };
        workspaces.push((name, open::workspace(Path::new(dir))?));
    }
    let summary = timed("roll-up", || pipeline::roll_up(&workspaces, year, folder))?;
    out.line(message!(
        "roll_up.done",
        out.lang,
        year = summary.year,
        offices = summary.offices.len(),
        as_of = summary.as_of,
        held = summary.held,
        questions = summary.questions,
        shared = summary.shared.len(),
        path = summary.workbook.display()
    ));
    for file in &summary.same_files {
        out.line(message!(
            "roll_up.same_file",
            out.lang,
            counted = file.counted,
            again = file.again
        ));
    }
    out.json(&summary)?;
    Ok(Exit::Well)
}
