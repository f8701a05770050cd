//! `cargo run -p testkit --bin lists -- FOLDER LEFT RIGHT SEED common|unseen`: two lists of enterprises to match and
//! what is right, as `submissions.csv`, `register.csv` and `truth.csv`.

use std::path::Path;
use testkit::{WordSet, lists};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, left, right, seed, words] = arguments.as_slice() else {
        return Err("FOLDER LEFT RIGHT SEED common|unseen".into());
    };
    let word_set = if words == "unseen" {
        WordSet::Unseen
    } else {
        WordSet::Common
    };
    let made = lists(seed.parse()?, left.parse()?, right.parse()?, word_set);
    let folder = Path::new(folder);
    std::fs::create_dir_all(folder)?;
    for (name, text) in [
        ("submissions.csv", made.left),
        ("register.csv", made.right),
        ("truth.csv", made.truth),
    ] {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}
