//! What an operator meets, tried through the program.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

mod acceptance;
mod back_and_forth;
mod bad_input;
mod cases;
mod check_explain;
mod counting;
mod crate_graph;
mod demo;
mod derived;
mod docs_paths;
mod faults;
mod hostile;
mod ledger;
mod linking;
mod logging;
mod main_job;
mod many_questions;
mod module_graph;
mod mutants;
mod office;
mod one_case;
mod one_dong;
mod over_time;
mod overlap;
mod persons_words;
mod printed;
mod privacy;
mod proof;
mod read_anew;
mod renamed_programme;
mod replacing;
mod report;
mod review_sheet;
mod rewritten;
mod rule_cases;
mod rules_page;
mod scenario_year;
mod scenarios;
mod second_programme;
mod source_tree;
mod unsure_headings;
mod usage;
mod what_changed;
mod who_reported;
