//! How each format writes what stands on a sheet or in a letter. A new format is a file here.

pub(crate) mod docx;
pub(crate) mod html;
pub(crate) mod xlsx;
