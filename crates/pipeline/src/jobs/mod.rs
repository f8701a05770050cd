//! What an operator asks for: each job loads from the workspace and the ledger, hands one stage's output to the next,
//! and commits or writes what came out. Only this layer touches either of them.

pub(crate) mod consequences;
mod current_registers;
pub(crate) mod diff;
pub(crate) mod earlier;
pub(crate) mod explain_figure;
pub(crate) mod explain_row;
pub(crate) mod export;
pub(crate) mod fault_line;
pub(crate) mod judged_again;
mod kept_consequences;
pub(crate) mod link_lists;
pub(crate) mod link_shards;
pub(crate) mod list_workbook;
pub(crate) mod load;
pub(crate) mod log;
pub(crate) mod named_file;
pub(crate) mod read_anew;
mod replay;
mod replay_answers;
pub(crate) mod report;
pub(crate) mod review_folder;
pub(crate) mod roll_up;
pub(crate) mod rule_cases;
pub(crate) mod run;
pub(crate) mod screen;
pub(crate) mod set_aside;
pub(crate) mod sign;
pub(crate) mod stamp;
pub(crate) mod status;
pub(crate) mod templates;
pub(crate) mod trial;
pub(crate) mod verify;
pub(crate) mod waiting;
mod waiting_files;
pub(crate) mod whole_state;
pub(crate) mod withdraw;
