use super::Loader;
use super::names::name_fault;
use crate::trial::Trial;
use crate::view::{View, in_order};

impl Loader<'_> {
    /// The views, each after those it reads, tried and added to the tables of the trial.
    pub(super) fn views(&mut self, trial: &mut Trial) -> Vec<View> {
        let paths: Vec<String> = self
            .source
            .paths("views/", ".sql")
            .into_iter()
            .map(str::to_owned)
            .collect();
        let mut views = Vec::new();
        for file in paths {
            let name = file_stem(&file).to_owned();
            if let Some(message) = name_fault(&name) {
                self.fault(&file, Some(0), format!("view '{name}': {message}"));
            }
            if trial.has(&name) {
                self.fault(&file, Some(0), format!("there is a table '{name}' already"));
            }
            let sql = self.text(&file).filter(|_| !trial.has(&name));
            if let Some(sql) = sql {
                views.push(View { name, sql });
            }
        }
        let views = match in_order(views) {
            Ok(views) => views,
            Err(circle) => {
                let [.., last, first] = circle.way.as_slice() else {
                    return Vec::new();
                };
                let message = format!("view '{first}' reads itself: {}", circle.way.join(" → "));
                self.fault(&format!("views/{last}.sql"), Some(circle.at), message);
                return Vec::new();
            }
        };
        for view in &views {
            if let Err(fault) = trial.add_view(view) {
                self.fault(
                    &format!("views/{}.sql", view.name),
                    Some(fault.at),
                    fault.message,
                );
            }
        }
        views
    }
}

fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".sql").unwrap_or(name)
}
