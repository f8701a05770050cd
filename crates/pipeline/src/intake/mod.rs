//! What comes in and what goes back: files that are dropped, their assessment, feedback, review workbooks.

pub(crate) mod amount_questions;
pub(crate) mod amount_sizes;
pub(crate) mod amounts;
pub(crate) mod answer_choice;
pub(crate) mod assess;
pub(crate) mod contract_money;
pub(crate) mod feedback;
pub(crate) mod heading_questions;
pub(crate) mod heard_answers;
pub(crate) mod inbox;
pub(crate) mod known_amounts;
pub(crate) mod line_money;
pub(crate) mod look;
pub(crate) mod on_questions;
pub(crate) mod other_reports;
pub(crate) mod register_questions;
pub(crate) mod replacement;
pub(crate) mod replacement_questions;
pub(crate) mod returned_names;
pub(crate) mod review_answers;
pub(crate) mod review_questions;
pub(crate) mod rivals;
pub(crate) mod standing;
pub(crate) mod summary;
pub(crate) mod whole_state;
