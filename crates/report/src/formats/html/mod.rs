//! Parts of a page for a browser.

mod chart;
pub(crate) mod page;
