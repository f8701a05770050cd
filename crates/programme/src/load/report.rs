use super::texts::sheet_name_fault;
use super::{Loader, kept};
use crate::definition::{
    CoverDefinition, ListingColumnDefinition, ReportFile, TableColumnDefinition,
};
use crate::occasion::Occasion;
use crate::programme::Programme;
use crate::report::{
    CoverLine, ListingColumn, ReportDefinition, SheetKind, SheetSpec, TableColumn,
};
use crate::trial::Trial;
use std::collections::BTreeMap;
use toml::Spanned;

impl Loader<'_> {
    /// The figures on the first page.
    fn cover(&mut self, written: CoverDefinition, programme: &Programme) -> Vec<CoverLine> {
        let mut cover = Vec::new();
        for line in written.line {
            self.indicator_of_sheet(&line.indicator, line.indicator.get_ref(), programme);
            let (label, indicator) = (line.label, line.indicator.into_inner());
            cover.push(CoverLine { label, indicator });
        }
        cover
    }

    pub(super) fn report(
        &mut self,
        written: ReportFile,
        programme: &Programme,
        trial: &Trial,
    ) -> ReportDefinition {
        let file = "report.toml";
        if !written.file_name.get_ref().contains("{year}") {
            self.fault_at(
                file,
                &written.file_name,
                "the file's name has no place '{year}'",
            );
        }
        let mut others = BTreeMap::new();
        for (occasion, other, places) in [
            (
                Occasion::Final,
                written.final_report.as_ref(),
                &["{year}"][..],
            ),
            (
                Occasion::Quarter,
                written.quarter_report.as_ref(),
                &["{year}", "{quarter}"],
            ),
            (
                Occasion::OnDemand,
                written.on_demand_report.as_ref(),
                &["{date}"],
            ),
        ] {
            let Some(other) = other else { continue };
            for place in places {
                // Another quarter's report would be written over.
                if !other.get_ref().file_name.contains(place) {
                    let message = format!("the file's name has no place '{place}'");
                    self.fault_at(file, other, message);
                }
            }
            others.insert(occasion, other.get_ref().clone());
        }
        self.check_letters(&written, programme);
        self.check_texts(&written, programme);
        if written.template.unit_dong == 0 && !self.is_kept {
            let message = "[template] unit_dong: a unit of money is at least 1 đồng";
            self.fault(file, None, message);
        }
        let cover = match written.cover {
            None if self.is_kept => kept::cover(programme),
            cover => self.cover(cover.unwrap_or_default(), programme),
        };
        let mut sheets: Vec<SheetSpec> = Vec::new();
        for sheet in written.sheet {
            let name = sheet.name.get_ref();
            if let Some(message) = sheet_name_fault(name) {
                self.fault_at(file, &sheet.name, message);
            }
            // The first page stands before all of them.
            if name.to_lowercase() == programme.words.get("cover").to_lowercase() {
                self.fault_at(
                    file,
                    &sheet.name,
                    format!("sheet '{name}' is the cover's name"),
                );
            }
            if sheets
                .iter()
                .any(|other| other.name.to_lowercase() == name.to_lowercase())
            {
                self.fault_at(file, &sheet.name, format!("sheet '{name}' stands twice"));
            }
            let kind = match sheet.kind.get_ref().as_str() {
                "summary" => {
                    for name in &sheet.headline {
                        self.indicator_of_sheet(name, name.get_ref(), programme);
                    }
                    SheetKind::Summary {
                        headline: sheet
                            .headline
                            .into_iter()
                            .map(Spanned::into_inner)
                            .collect(),
                    }
                }
                "overview" => {
                    for name in &sheet.totals {
                        self.indicator_of_sheet(name, name.get_ref(), programme);
                    }
                    for compared in &sheet.changes {
                        let it = compared.get_ref();
                        self.indicator_of_sheet(compared, &it.indicator, programme);
                        let indicator = programme.indicator(&it.indicator);
                        for key in [&it.by, &it.why] {
                            if indicator.is_some_and(|found| !found.by.contains(key)) {
                                let message =
                                    format!("indicator '{}' has no key '{key}'", it.indicator);
                                self.fault_at(file, compared, message);
                            }
                        }
                    }
                    SheetKind::Overview {
                        totals: sheet.totals.into_iter().map(Spanned::into_inner).collect(),
                        changes: sheet.changes.into_iter().map(Spanned::into_inner).collect(),
                    }
                }
                "years" => {
                    for done in &sheet.done {
                        self.indicator_of_sheet(done, &done.get_ref().planned, programme);
                        self.indicator_of_sheet(done, &done.get_ref().done, programme);
                    }
                    for name in &sheet.totals {
                        self.indicator_of_sheet(name, name.get_ref(), programme);
                    }
                    SheetKind::Years {
                        done: sheet.done.into_iter().map(Spanned::into_inner).collect(),
                        totals: sheet.totals.into_iter().map(Spanned::into_inner).collect(),
                    }
                }
                "submissions" => SheetKind::Submissions,
                "held" => SheetKind::Held,
                "counting" => SheetKind::Counting,
                "overlaps" => SheetKind::Overlaps,
                "findings" => SheetKind::Findings,
                "restatement" => SheetKind::Restatement,
                "trace" => SheetKind::Trace,
                "table" => {
                    let Some(rows) = &sheet.rows else {
                        self.fault_at(
                            file,
                            &sheet.kind,
                            "a table names the list of its rows: rows = \"…\"",
                        );
                        continue;
                    };
                    let columns = sheet
                        .column
                        .iter()
                        .filter_map(|c| self.table_column(c, rows, programme))
                        .collect();
                    SheetKind::Table {
                        rows: rows.get_ref().clone(),
                        columns,
                        numbered: sheet.numbered,
                    }
                }
                "listing" => {
                    let Some(listing) = &sheet.listing else {
                        self.fault_at(
                            file,
                            &sheet.kind,
                            "a listing names its query: listing = \"…\"",
                        );
                        continue;
                    };
                    let query = listing.get_ref().clone();
                    let path = format!("listings/{query}.sql");
                    let Some(sql) = self.text(&path) else {
                        self.fault_at(file, listing, format!("{path} is missing"));
                        continue;
                    };
                    let columns = &sheet.columns;
                    let shown: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
                    let of = |is: fn(&ListingColumnDefinition) -> bool| -> Vec<&str> {
                        let those = columns.iter().filter(|c| is(c));
                        those.map(|c| c.name.as_str()).collect()
                    };
                    let (added_up, codes) = (of(|c| c.total), of(|c| c.list.is_some()));
                    let group = sheet.group.as_deref();
                    let tried = trial.listing(&sql, &shown, group, &added_up, &codes);
                    if let Err(fault) = tried {
                        self.fault(&path, Some(fault.at), fault.message);
                    }
                    for list in sheet.columns.iter().filter_map(|c| c.list.as_ref()) {
                        if !programme.lists.contains_key(list.get_ref()) {
                            self.fault_at(
                                file,
                                list,
                                format!("list '{}' is not in catalogue.toml", list.get_ref()),
                            );
                        }
                    }
                    let columns = sheet
                        .columns
                        .into_iter()
                        .map(|c| ListingColumn {
                            name: c.name,
                            heading: c.heading,
                            width: c.width,
                            list: c.list.map(Spanned::into_inner),
                            total: c.total,
                        })
                        .collect();
                    SheetKind::Listing {
                        query,
                        sql,
                        group: sheet.group,
                        columns,
                    }
                }
                other => {
                    let message = format!(
                        "kind '{other}': expected summary, overview, years, table, listing, submissions, held, counting, overlaps, findings, restatement or trace"
                    );
                    self.fault_at(file, &sheet.kind, message);
                    continue;
                }
            };
            sheets.push(SheetSpec {
                name: sheet.name.into_inner(),
                clause: sheet.clause,
                title: sheet.title,
                unit: sheet.unit,
                only: sheet.only,
                kind,
            });
        }
        ReportDefinition {
            file_name: written.file_name.into_inner(),
            under_today_suffix: written.under_today_suffix,
            others,
            header: written.header,
            cover,
            letters: written
                .letter
                .into_iter()
                .chain(written.further_letter)
                .collect(),
            feedback: written.feedback,
            review: written.review,
            screening: written.screening,
            template: written.template,
            sheets,
        }
    }

    fn indicator_of_sheet<T>(&mut self, at: &Spanned<T>, name: &str, programme: &Programme) {
        if programme.indicator(name).is_none() {
            self.fault_at(
                "report.toml",
                at,
                format!("indicator '{name}' is not in indicators.toml"),
            );
        }
    }

    pub(super) fn table_column(
        &mut self,
        written: &TableColumnDefinition,
        rows: &Spanned<String>,
        programme: &Programme,
    ) -> Option<TableColumn> {
        let file = "report.toml";
        let Some(indicator) = programme.indicator(written.indicator.get_ref()) else {
            let message = format!(
                "indicator '{}' is not in indicators.toml",
                written.indicator.get_ref()
            );
            self.fault_at(file, &written.indicator, message);
            return None;
        };
        let keys = std::iter::once(rows.get_ref())
            .chain(written.each.as_ref().map(Spanned::get_ref))
            .chain(written.only.keys());
        for key in keys.filter(|key| !indicator.by.contains(key)) {
            let message = format!(
                "indicator '{}' has no key '{key}', only {}",
                indicator.name,
                indicator.by.join(", ")
            );
            self.fault_at(file, &written.indicator, message);
        }
        for (key, code) in &written.only {
            if !programme.codes_of(key).contains(&code.get_ref().as_str()) {
                self.fault_at(
                    file,
                    code,
                    format!("'{}' is not a code of '{key}'", code.get_ref()),
                );
            }
        }
        if let (Some(_), None) = (&written.total, &written.each) {
            let message = "`total` adds up the columns of `each`: expected both";
            self.fault_at(file, &written.indicator, message);
        }
        if let Some(per) = &written.per {
            self.indicator_of_sheet(per, per.get_ref(), programme);
        }
        if let Some(over) = &written.over {
            self.indicator_of_sheet(over, over.get_ref(), programme);
        }
        Some(TableColumn {
            group: written.group.clone(),
            heading: written
                .heading
                .clone()
                .unwrap_or_else(|| indicator.title.vi.clone()),
            indicator: indicator.name.clone(),
            each: written.each.as_ref().map(|e| e.get_ref().clone()),
            total: written.total.clone(),
            over: written.over.as_ref().map(|over| over.get_ref().clone()),
            per: written.per.as_ref().map(|per| per.get_ref().clone()),
            only: written
                .only
                .iter()
                .map(|(k, v)| (k.clone(), v.get_ref().clone()))
                .collect(),
        })
    }
}
