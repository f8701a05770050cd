use crate::catalogue::message;
use crate::exit::{Exit, UsageError};
use crate::logging::timed;
use crate::output::Output;
use std::io::IsTerminal;
use std::path::Path;

/// Where a password is taken from when there is nobody to ask.
const PASSWORD: &str = "TONGHOP_KEY_PASSWORD";

/// Makes a pair of keys.
pub(crate) fn key(folder: &Path, no_password: bool, out: &Output) -> anyhow::Result<Exit> {
    let password = match no_password {
        true => None,
        false => Some(new_password(out)?),
    };
    let made = timed("key", || pipeline::new_key(folder, password))?;
    out.line(message!(
        "key.done",
        out.lang,
        secret = made.secret.display(),
        public = made.public.display(),
        key = made.key
    ));
    out.json(&made)?;
    Ok(Exit::Well)
}

/// The password of a secret key, if it has one.
pub(crate) fn password_of(key: &Path, out: &Output) -> anyhow::Result<Option<String>> {
    if !pipeline::needs_password(key)? {
        return Ok(None);
    }
    asked("key.password", out).map(Some)
}

/// A password for a new key, typed twice.
fn new_password(out: &Output) -> anyhow::Result<String> {
    let first = asked("key.new_password", out)?;
    let is_typed = std::env::var_os(PASSWORD).is_none();
    if first.is_empty() || is_typed && asked("key.once_more", out)? != first {
        return Err(UsageError(message!("key.not_the_same", out.lang)).into());
    }
    Ok(first)
}

fn asked(words: &str, out: &Output) -> anyhow::Result<String> {
    if let Ok(password) = std::env::var(PASSWORD) {
        return Ok(password);
    }
    if !std::io::stdin().is_terminal() {
        return Err(UsageError(message!("key.nobody", out.lang, name = PASSWORD)).into());
    }
    let prompt = message!(words.to_owned(), out.lang);
    Ok(rpassword::prompt_password(format!("{prompt}: "))?)
}
