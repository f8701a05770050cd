//! Figures, rows and findings put on paper: the consolidated annual workbook, the page for a browser, the draft of the
//! covering letter, and the workbooks that go to departments and come back.
//!
//! The programme says which sheets there are and what stands on them; this crate knows how each kind is laid out.
//! The same input gives the same bytes: the only time in it is the one it is given.
//!
//! # Layers
//!
//! Each layer uses those above it, never one below.
//!
//! | module | holds |
//! |---|---|
//! | `input` | what a report is made from, filled in by `pipeline` |
//! | `display` | moments, days, amounts and shares as they are printed |
//! | `paper` | what a sheet is written on: the trait `Paper`, cells, lists of columns |
//! | `formats` | `.xlsx`, `.html` and `.docx`: how each writes cells, rows and paragraphs |
//! | `sheets` | one file for each kind of sheet of the annual report |
//! | `documents` | one file for each document that leaves the office |
//!
//! # A new kind of sheet
//!
//! It is made in three places, and a forgotten one does not compile:
//!
//! 1. `programme`: a variant of [`programme::SheetKind`], and its name in `load/report.rs`;
//! 2. `sheets/KIND.rs`: the list of its columns, each with heading, width and cell, and the rows;
//! 3. `sheets/mod.rs`: what calls it.

mod display;
mod documents;
mod error;
mod formats;
mod input;
mod paper;
mod sheets;
#[cfg(test)]
mod testing;

pub use documents::annual::annual;
pub use documents::desk::{
    DeskDepartment, DeskFile, DeskLink, DeskPage, DeskQuestion, DeskReport, DeskTarget, desk,
};
pub use documents::feedback::feedback;
pub use documents::feedback::input::FeedbackInput;
pub use documents::letter::letters;
pub use documents::page::page;
pub use documents::review::input::{
    CarriedWords, ReviewInput, ReviewLayout, ReviewRow, ReviewSheet, ReviewSubject, Reviewed,
};
pub use documents::review::read::read_review;
pub use documents::review::review;
pub use documents::screening::{NomineeRow, RelationRow, ScreeningInput, screening};
pub use documents::template::input::TemplateInput;
pub use documents::template::template;
pub use error::ReportError;
pub use input::annual::{AnnualReport, BackdatedLine, Listing, PlanShare, TargetProgress};
pub use input::counting::{CountingLine, CountingRow};
pub use input::origin::{NewOrigin, Origins, RecordOrigin};
pub use input::restatement::{RestatedFigure, RestatedValue, Restatement};
pub use input::rows::{GrantSide, HeldRow, NotComparedRow, OverlapRow, RegisterRow};
pub use input::submissions::{DepartmentLine, SubmissionLine, SubmissionState};
pub use input::trace_names::{FigureFilter, TraceNames};
pub use sheets::listing::join_lists;
