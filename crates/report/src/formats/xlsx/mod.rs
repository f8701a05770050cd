//! Excel workbooks. The only place, with `documents`, that knows the writing library.

pub(crate) mod address;
mod chart;
pub(crate) mod full_folder;
pub(crate) mod links;
pub(crate) mod page;
pub(crate) mod sheet_name;
pub(crate) mod styles;
pub(crate) mod text;
pub(crate) mod workbook;
