//! The documents that leave the office: one file for each.

pub(crate) mod annual;
mod cover;
mod cover_lines;
pub(crate) mod desk;
pub(crate) mod feedback;
pub(crate) mod letter;
mod letter_text;
pub(crate) mod page;
pub(crate) mod review;
pub(crate) mod screening;
pub(crate) mod template;
