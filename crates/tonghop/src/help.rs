//! Help in the operator's language. What a command and an argument are is said once, in `args.rs`, in English; the Vietnamese, and
//! the examples of both languages, are in `locales/help.json`, so that a translator needs no Rust. Headings that the argument
//! parser has in English only are ours here.

use crate::catalogue::message;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const SOURCE: &str = include_str!("../locales/help.json");

static HELP: LazyLock<HelpTexts> =
    LazyLock::new(|| serde_json::from_str(SOURCE).unwrap_or_default());

#[derive(Default, Deserialize)]
struct HelpTexts {
    /// Headings and places.
    words: BTreeMap<String, String>,
    /// What stands for a value: `DIR` is `THƯ_MỤC`.
    values: BTreeMap<String, String>,
    /// Arguments that are the same in several commands, by their ids.
    shared: BTreeMap<String, String>,
    /// By their names; the program itself has none.
    commands: BTreeMap<String, CommandText>,
}

#[derive(Default, Deserialize)]
struct CommandText {
    about: String,
    examples: Vec<Example>,
    arguments: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Example {
    call: String,
    vi: String,
    en: String,
}

impl HelpTexts {
    fn word(&self, key: &str) -> String {
        self.words.get(key).cloned().unwrap_or_default()
    }

    /// What stands in Vietnamese for the name of a value.
    fn value(&self, name: &str) -> String {
        self.values
            .get(name)
            .map_or(name, String::as_str)
            .to_owned()
    }

    fn argument(&self, command: &str, id: &str) -> Option<&String> {
        let of_command = self.commands.get(command);
        let own = of_command.and_then(|it| it.arguments.get(id));
        own.or_else(|| self.shared.get(id))
    }
}

/// The commands as `lang` has them: with examples, and in Vietnamese nothing left in English.
pub(crate) fn localized(command: Command, lang: &str) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|it| it.get_name().to_owned())
        .collect();
    let mut command = dressed(command.disable_help_subcommand(true), "", lang);
    for name in names {
        let called = format!("tonghop {name}");
        command = command.mut_subcommand(&name, |sub| dressed(sub.bin_name(called), &name, lang));
    }
    command
}

/// One command with its texts.
fn dressed(command: Command, name: &str, lang: &str) -> Command {
    let Some(text) = HELP.commands.get(name) else {
        return command;
    };
    let examples: Vec<String> = text
        .examples
        .iter()
        .map(|example| {
            let note = if lang == "vi" {
                &example.vi
            } else {
                &example.en
            };
            format!("  {}\n      {note}", example.call)
        })
        .collect();
    let examples = examples.join("\n");
    if lang != "vi" {
        return command.after_help(format!("Examples:\n{examples}"));
    }
    let is_root = name.is_empty();
    let (first, _) = text.about.split_once("\n\n").unwrap_or((&text.about, ""));
    let (options, arguments) = (HELP.word("options"), HELP.word("arguments"));
    let mut command = command
        .about(first.to_owned())
        .long_about(text.about.clone())
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_help_heading(HELP.word("commands"))
        .subcommand_value_name(HELP.word("command_place"))
        .after_help(format!("{}:\n{examples}", HELP.word("examples")))
        .help_template(format!(
            "{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}",
            HELP.word("usage")
        ))
        .mut_args(|arg| in_vietnamese(arg, name, (&options, &arguments)))
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help_heading(options.clone())
                .help(HELP.shared.get("help").cloned().unwrap_or_default()),
        );
    if is_root {
        command = command.arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help_heading(options)
                .help(HELP.shared.get("version").cloned().unwrap_or_default()),
        );
    }
    // The parser writes the usage itself, but for one word of English in it.
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let usage = usage.replace("[OPTIONS]", &HELP.word("option_place"));
    command.override_usage(usage)
}

/// One argument with its text; what it is without being given, and what it may be, stand in the text.
fn in_vietnamese(arg: Arg, command: &str, (options, arguments): (&str, &str)) -> Arg {
    let heading = if arg.is_positional() {
        arguments
    } else {
        options
    };
    let mut text = HELP
        .argument(command, arg.get_id().as_str())
        .cloned()
        .unwrap_or_default();
    let defaults: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    let takes_value = arg.get_action().takes_values();
    if takes_value && !defaults.is_empty() {
        text = format!("{text} ({}: {})", HELP.word("default"), defaults.join(", "));
    }
    if let Some(variable) = arg.get_env() {
        let variable = variable.to_string_lossy();
        text = format!("{text} ({} {variable})", HELP.word("or"));
    }
    let names: Vec<String> = match arg.get_value_names() {
        Some(names) => names.iter().map(|name| HELP.value(name.as_str())).collect(),
        None => vec![HELP.value(&arg.get_id().as_str().to_uppercase())],
    };
    let arg = arg
        .help(text.clone())
        .long_help(text)
        .help_heading(heading.to_owned());
    match takes_value {
        true => arg
            .value_names(names)
            .hide_default_value(true)
            .hide_possible_values(true)
            .hide_env(true),
        false => arg,
    }
}

/// What was wrong with the call, in Vietnamese; where to find out more stands below it.
pub(crate) fn usage_error(error: &clap::Error, lang: &str) -> String {
    let shown = |kind| error.get(kind).map(context).unwrap_or_default();
    let (argument, value) = (
        shown(ContextKind::InvalidArg),
        shown(ContextKind::InvalidValue),
    );
    let mut said = match error.kind() {
        ErrorKind::MissingRequiredArgument => {
            message!("usage.missing", lang, arguments = argument)
        }
        ErrorKind::UnknownArgument => message!("usage.unknown_argument", lang, argument = argument),
        ErrorKind::InvalidSubcommand => {
            let command = shown(ContextKind::InvalidSubcommand);
            message!("usage.unknown_command", lang, command = command)
        }
        ErrorKind::MissingSubcommand => message!("usage.no_command", lang),
        ErrorKind::ArgumentConflict => {
            let other = shown(ContextKind::PriorArg);
            message!("usage.conflict", lang, argument = argument, other = other)
        }
        _ if !argument.is_empty() && value.is_empty() => {
            message!("usage.no_value", lang, argument = argument)
        }
        _ if !argument.is_empty() => {
            message!("usage.value", lang, value = value, argument = argument)
        }
        _ => message!("usage.wrong", lang),
    };
    let valid = shown(ContextKind::ValidValue);
    if !valid.is_empty() {
        said = format!("{said}\n{}", message!("usage.one_of", lang, values = valid));
    }
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    for near in near.map(shown).into_iter().filter(|near| !near.is_empty()) {
        said = format!("{said}\n{}", message!("usage.near", lang, near = near));
    }
    said
}

fn context(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{HELP, localized, usage_error};
    use crate::args::Args;
    use clap::{Command, CommandFactory};

    /// Every command with its name, the program itself first.
    fn commands(lang: &str) -> Vec<(String, Command)> {
        let root = localized(Args::command(), lang);
        let subcommands: Vec<(String, Command)> = root
            .get_subcommands()
            .map(|it| (it.get_name().to_owned(), it.clone()))
            .collect();
        std::iter::once((String::new(), root))
            .chain(subcommands)
            .collect()
    }

    #[test]
    fn each_command_and_argument_has_its_text_and_none_is_left_over() {
        let mut known = Vec::new();
        let root = Args::command();
        for command in std::iter::once(&root).chain(root.get_subcommands()) {
            let name = match std::ptr::eq(command, &root) {
                true => "",
                false => command.get_name(),
            };
            let text = HELP.commands.get(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(text.examples.len(), 2, "{name}: two examples");
            for argument in command.get_arguments() {
                let id = argument.get_id().as_str();
                assert!(HELP.argument(name, id).is_some(), "{name} {id}");
                known.push((name.to_owned(), id.to_owned()));
            }
        }
        let known_commands = root.get_subcommands().count() + 1;
        assert_eq!(HELP.commands.len(), known_commands);
        for (name, text) in &HELP.commands {
            for id in text.arguments.keys() {
                assert!(
                    known.contains(&(name.clone(), id.clone())),
                    "{name} {id}: of no argument"
                );
            }
        }
    }

    #[test]
    fn examples_can_be_called() {
        for (name, text) in &HELP.commands {
            for example in &text.examples {
                let call = example.call.split(" > ").next().unwrap();
                let mut words = Vec::new();
                for (at, part) in call.split('\'').enumerate() {
                    match at % 2 {
                        0 => words.extend(part.split_whitespace().map(str::to_owned)),
                        _ => words.push(part.to_owned()),
                    }
                }
                let parsed = Args::command().try_get_matches_from(&words);
                assert!(parsed.is_ok(), "{name}: {call}: {}", parsed.unwrap_err());
            }
        }
    }

    #[test]
    fn no_english_is_left_in_vietnamese_help() {
        const ENGLISH: [&str; 24] = [
            "the",
            "of",
            "and",
            "is",
            "for",
            "with",
            "without",
            "Usage",
            "Options",
            "Arguments",
            "Commands",
            "OPTIONS",
            "COMMAND",
            "default",
            "possible",
            "values",
            "Print",
            "help",
            "error",
            "required",
            "FILE",
            "REASON",
            "DAY",
            "env",
        ];
        for (name, mut command) in commands("vi") {
            for help in [command.render_help(), command.render_long_help()] {
                let help = help.to_string();
                // What is typed is the same in every language.
                let plain = help
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("tonghop "));
                let plain: Vec<&str> = plain.flat_map(|line| line.split_whitespace()).collect();
                for word in plain {
                    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-');
                    assert!(!ENGLISH.contains(&word), "{name}: {word}\n{help}");
                }
            }
        }
    }

    #[test]
    fn a_wrong_call_is_told_in_vietnamese() {
        let said = |call: &[&str]| {
            let root = localized(Args::command(), "vi");
            usage_error(&root.try_get_matches_from(call).unwrap_err(), "vi")
        };
        insta::assert_snapshot!(said(&["tonghop", "rum"]), @r"
        Không có lệnh này: rum
        Có phải: run?
        ");
        insta::assert_snapshot!(said(&["tonghop", "run", "--nwo"]), @"Không có tham số này: --nwo");
        insta::assert_snapshot!(said(&["tonghop", "init"]), @"Thiếu tham số: <THƯ_MỤC>");
        insta::assert_snapshot!(said(&["tonghop", "status", "--period", "xx"]), @"Giá trị “xx” không hợp lệ cho --period <KỲ>");
        insta::assert_snapshot!(said(&["tonghop", "run", "--fail-on", "x"]), @r"
        Giá trị “x” không hợp lệ cho --fail-on <TRƯỜNG_HỢP>
        Các giá trị được dùng: held, questions, missing, locked, none
        ");
        insta::assert_snapshot!(said(&["tonghop", "run", "--now"]), @"--now <NGÀY|THỜI_ĐIỂM>: thiếu giá trị");
    }
}
