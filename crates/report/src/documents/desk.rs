//! The page of the officer's desk: who has sent, what to mend, what waits, and what to do next. One file that asks nothing of a
//! network, for a screen in light or dark, a phone, or paper.

use chrono::NaiveDate;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use model::{OutputKind, clean_text};
use programme::Programme;

const STYLE: &str = include_str!("../../assets/desk.css");

/// What stands on the page. Texts are as they are shown; links are relative to the page's folder.
#[derive(Debug)]
pub struct DeskPage<'a> {
    /// The programme whose words and header it has.
    pub programme: &'a Programme,
    /// The moment that it is about: that of the last run which changed something.
    pub as_of: String,
    /// Its day, by which the office is called.
    pub day: NaiveDate,
    /// The running period; nothing before a report came.
    pub period: Option<String>,
    /// The day before which its reports are due.
    pub deadline: Option<String>,
    /// What to do next, the most urgent first.
    pub steps: Vec<String>,
    /// The departments, in the registry's order.
    pub departments: Vec<DeskDepartment>,
    /// Files in which something is to be mended, in the order they came.
    pub mend: Vec<DeskFile>,
    /// The first of the questions that wait, those that change most first.
    pub questions: Vec<DeskQuestion>,
    /// How many wait.
    pub waiting: usize,
    /// The workbook to answer them in.
    pub review: Option<DeskLink>,
    /// Targets and how far they are.
    pub targets: Vec<DeskTarget>,
    /// What the last run took in.
    pub taken: Vec<DeskFile>,
    /// The lists of other programmes that support is compared with.
    pub registers: Vec<String>,
    /// The last reports, the newest first.
    pub reports: Vec<DeskReport>,
}

/// A file that can be opened from the page.
#[derive(Debug)]
pub struct DeskLink {
    /// Its path from the page's folder.
    pub path: String,
    /// What it is called.
    pub name: String,
}

/// A department and its report.
#[derive(Debug)]
pub struct DeskDepartment {
    /// Its name.
    pub name: String,
    /// What became of its report.
    pub state: String,
    /// Whether nothing more is wanted of it.
    pub is_well: bool,
    /// Whether its report came late.
    pub is_late: bool,
    /// The file that counts.
    pub file: Option<String>,
}

/// A file that came in.
#[derive(Debug)]
pub struct DeskFile {
    /// Its name.
    pub file: String,
    /// Who sent it, and of which period.
    pub sender: String,
    /// What is to be said of it.
    pub said: String,
    /// What goes back to its sender.
    pub returned: Vec<DeskLink>,
}

/// A question that waits.
#[derive(Debug)]
pub struct DeskQuestion {
    /// What is asked.
    pub question: String,
    /// Whom or what it is about.
    pub about: String,
    /// What an answer could change.
    pub effect: String,
}

/// A target of the programme.
#[derive(Debug)]
pub struct DeskTarget {
    /// What it is called.
    pub title: String,
    /// The number to reach, with its word.
    pub wanted: String,
    /// What was reached; nothing if no report tells.
    pub reached: Option<i64>,
    /// Whether it is reached.
    pub is_reached: bool,
    /// Which report tells.
    pub told_by: String,
}

/// A report that was made.
#[derive(Debug)]
pub struct DeskReport {
    /// Its name, and where it is.
    pub link: DeskLink,
    /// The year.
    pub year: i32,
    /// Up to when its figures are.
    pub as_of: String,
    /// A draft, issued, or taken back.
    pub status: String,
}

/// Writes the page; gives its bytes, which are the same for the same input.
pub fn desk(page: &DeskPage<'_>) -> Vec<u8> {
    let words = &page.programme.words;
    let word = |key| words.get(key);
    let title = word("desk_title");
    let (parent, office) = page.programme.report.header.on(page.day);
    let sections: [(&str, &str, Markup); 7] = [
        ("sent", "desk_sent", departments(page)),
        (
            "mend",
            "desk_mend",
            files(page, &page.mend, "desk_mend_none"),
        ),
        ("questions", "desk_questions", questions(page)),
        ("targets", "desk_targets", targets(page)),
        (
            "changed",
            "desk_changed",
            files(page, &page.taken, "desk_changed_none"),
        ),
        ("registers", "desk_registers", registers(page)),
        ("reports", "desk_reports", reports(page)),
    ];
    let markup = html! {
        (DOCTYPE)
        html lang="vi" {
            head {
                meta charset="utf-8";
                meta name="keywords" content=(OutputKind::AnnualReport.mark());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    p.office { (parent) " · " (office) }
                    h1 { (title) }
                    p { (words.render_template("desk_as_of", [("moment", &page.as_of)])) }
                }
                section.next aria-labelledby="next" {
                    h2 id="next" { (word("desk_next")) }
                    ol { @for step in &page.steps { li { (step) } } }
                }
                nav aria-label=(word("contents")) {
                    ul { @for (id, heading, _) in &sections { li { a href={ "#" (id) } { (word(heading)) } } } }
                }
                main {
                    @for (id, heading, content) in &sections {
                        section aria-labelledby=(id) { h2 id=(id) { (word(heading)) } (content) }
                    }
                }
            }
        }
    };
    // Whatever of it others wrote, no sign turns or breaks the text of the page.
    clean_text(&markup.into_string()).into_owned().into_bytes()
}

fn none(text: &str) -> Markup {
    html! { p.none { (text) } }
}

fn link(link: &DeskLink) -> Markup {
    html! { a href=(address(&link.path)) { (link.name) } }
}

/// A path as a link has it: every byte that may mean something else there is written by its number.
fn address(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._/".contains(&byte);
    path.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

fn departments(page: &DeskPage<'_>) -> Markup {
    let words = &page.programme.words;
    let Some(period) = &page.period else {
        return none(words.get("desk_sent_none"));
    };
    let well = page
        .departments
        .iter()
        .filter(|it| it.is_well)
        .count()
        .to_string();
    let all = page.departments.len().to_string();
    html! {
        p {
            (words.render_template("desk_period", [("period", period)]))
            @if let Some(day) = &page.deadline { " · " (words.render_template("desk_deadline", [("day", day)])) }
            " · " (words.render_template("desk_sent_count", [("sent", &well), ("all", &all)]))
        }
        table {
            thead { tr { th scope="col" { (words.get("department")) } th scope="col" { (words.get("state")) } th scope="col" { (words.get("file")) } } }
            tbody { @for it in &page.departments { tr {
                th scope="row" { (it.name) }
                td class=(if it.is_well { "good" } else { "wait" }) {
                    (it.state) @if it.is_late { " · " (words.get("desk_late")) }
                }
                td { @if let Some(file) = &it.file { (file) } }
            } } }
        }
    }
}

fn files(page: &DeskPage<'_>, files: &[DeskFile], nothing: &str) -> Markup {
    if files.is_empty() {
        return none(page.programme.words.get(nothing));
    }
    html! { ul.files { @for file in files { li {
        strong { (file.sender) } ": " (file.file) " · " (file.said)
        @if !file.returned.is_empty() {
            br; (page.programme.words.get("desk_send_back")) " "
            @for (at, returned) in file.returned.iter().enumerate() { @if at > 0 { ", " } (link(returned)) }
        }
    } } } }
}

fn questions(page: &DeskPage<'_>) -> Markup {
    let words = &page.programme.words;
    if page.waiting == 0 {
        return none(words.get("desk_questions_none"));
    }
    let (waiting, shown) = (page.waiting.to_string(), page.questions.len().to_string());
    html! {
        p {
            (words.render_template("desk_questions_count", [("count", &waiting), ("shown", &shown)]))
            @if let Some(review) = &page.review { " " (words.get("desk_answer_in")) " " (link(review)) }
        }
        ol { @for it in &page.questions { li {
            strong { (it.question) } " " (it.about)
            @if !it.effect.is_empty() { br; (words.get("desk_effect")) " " (it.effect) }
        } } }
    }
}

fn targets(page: &DeskPage<'_>) -> Markup {
    let words = &page.programme.words;
    html! { ul.files { @for it in &page.targets { li {
        strong { (it.title) } ": " (it.wanted) " · "
        @match it.reached {
            Some(reached) => span class=(if it.is_reached { "good" } else { "wait" }) {
                (words.render_template("desk_reached", [("count", &reached.to_string()), ("report", &it.told_by)]))
            },
            None => span.none { (words.get("desk_not_reported")) },
        }
    } } } }
}

fn registers(page: &DeskPage<'_>) -> Markup {
    match page.registers.is_empty() {
        true => none(page.programme.words.get("desk_registers_none")),
        false => html! { ul.files { @for name in &page.registers { li { (name) } } } },
    }
}

fn reports(page: &DeskPage<'_>) -> Markup {
    let words = &page.programme.words;
    match page.reports.is_empty() {
        true => none(words.get("desk_reports_none")),
        false => html! { ul.files { @for it in &page.reports { li {
            strong { (words.render_template("desk_report_year", [("year", &it.year.to_string())])) } ": " (link(&it.link))
            " · " (it.status) " · " (words.render_template("desk_report_as_of", [("moment", &it.as_of)]))
        } } } },
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_link_reaches_a_file_whatever_it_is_called() {
        assert_eq!(
            address("returned/2023/a b.xlsx"),
            "returned/2023/a%20b.xlsx"
        );
        assert_eq!(address("javascript:x?#\"<"), "javascript%3Ax%3F%23%22%3C");
        assert_eq!(address("Sở.txt"), "S%E1%BB%9F.txt");
    }
}
