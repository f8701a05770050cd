//! What a command works on: the operator's folder, and the programme.

use crate::catalogue::message;
use crate::exit::UsageError;
use crate::output::Output;
use pipeline::{PipelineError, Workspace};
use programme::{Programme, Source};
use std::path::Path;

/// The operator's folder, which every command but the first begins with.
pub(crate) fn workspace(dir: &Path) -> Result<Workspace, PipelineError> {
    let workspace = Workspace::open(dir)?;
    tracing::debug!(dir = %dir.display(), programme = %workspace.programme.id, "workspace opened");
    Ok(workspace)
}

/// The programme in a folder, or the one compiled in.
pub(crate) fn programme(folder: Option<&Path>, out: &Output) -> anyhow::Result<Programme> {
    let source = match folder {
        Some(folder) if !folder.is_dir() => {
            let words = message!("error.not_found", out.lang, path = folder.display());
            return Err(UsageError(words).into());
        }
        Some(folder) => Source::read_dir(folder).map_err(PipelineError::from)?,
        None => Source::default_programme(),
    };
    Ok(Programme::load(&source).map_err(PipelineError::from)?)
}
