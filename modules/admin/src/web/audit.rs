//! The audit log: who did what, when, for which agency.

use crate::model::ACT_AREAS;
use crate::rights::AdminAudit;
use crate::web::{agencies_in_reach, agency_filter, agency_in_reach, right_name};
use base::csv::Csv;
use base::{AgencyId, Date, Error, Id, Instant, PersonId, Result, T};
use kernel::{AuditFilter, Audited, Raw, Reader, Reply, Response};
use maud::{Markup, html};
use platform::organisations::Agency;
use platform::people;
use std::collections::BTreeMap;

/// Rows of a page.
const PAGE: i64 = 100;
/// Rows of an export; a narrower filter gets the rest.
const EXPORT: i64 = 10_000;

/// What was asked for.
struct Asked {
    agency: Option<AgencyId>,
    subject: Option<Id<()>>,
    person: Option<PersonId>,
    act: String,
    from: Option<Date>,
    to: Option<Date>,
    before: i64,
}

impl Asked {
    fn read(cx: &Raw<'_>) -> Result<Asked> {
        let agency: Option<AgencyId> = id(cx, "agency")?;
        if let Some(agency) = agency {
            agency_in_reach::<AdminAudit>(cx, agency)?;
        }
        Ok(Asked {
            agency,
            subject: cx.query("subject").and_then(|text| text.parse().ok()),
            person: id(cx, "person")?,
            act: cx.query("act").unwrap_or("").to_owned(),
            from: cx.query("from").and_then(Date::parse),
            to: cx.query("to").and_then(Date::parse),
            before: cx.query("before").and_then(|text| text.parse().ok()).unwrap_or(i64::MAX),
        })
    }

    fn filter(&self) -> AuditFilter<'_> {
        AuditFilter {
            agency: self.agency,
            subject: self.subject.map(Id::uuid),
            person: self.person,
            act: &self.act,
            from: self.from.map_or(Instant::from_micros(i64::MIN), Date::start),
            until: self.to.map_or(Instant::from_micros(i64::MAX), |day| day.plus_days(1).start()),
            before: self.before,
        }
    }

    /// The query of a link that keeps the filters.
    fn query(&self, before: Option<i64>) -> String {
        let text = |id: Option<String>| id.unwrap_or_default();
        let day = |day: Option<Date>| day.map(Date::iso).unwrap_or_default();
        let query = format!(
            "agency={}&person={}&act={}&from={}&to={}&subject={}",
            text(self.agency.map(|id| id.to_string())),
            text(self.person.map(|id| id.to_string())),
            self.act,
            day(self.from),
            day(self.to),
            text(self.subject.map(|id| id.to_string())),
        );
        match before {
            Some(before) => format!("{query}&before={before}"),
            None => query,
        }
    }
}

fn id<N>(cx: &Raw<'_>, name: &str) -> Result<Option<Id<N>>> {
    cx.query(name).map(|text| text.parse().map_err(|_| Error::NotFound)).transpose()
}

/// The log, newest first.
pub(crate) fn list(cx: &Reader<'_, AdminAudit>) -> Reply {
    let t = cx.t();
    let asked = Asked::read(cx)?;
    let mut rows = cx.audit_page(&asked.filter(), PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = rows.len() > page;
    rows.truncate(page);
    let agencies = agencies_in_reach::<AdminAudit>(cx)?;
    let away = away(cx, &rows)?;
    let older =
        rows.last().filter(|_| more).map(|last| format!("/admin/audit?{}", asked.query(Some(last.seq))));
    let newer = (asked.before < i64::MAX).then(|| format!("/admin/audit?{}", asked.query(None)));
    let export = format!("/admin/audit/export?{}", asked.query(None));
    let links = ui::export_links(t, &[ui::ExportLink { label: "CSV", href: &export }]);
    let body = html! {
        (ui::head(t.text("admin.audit"), html! { (t.text("admin.audit.sub")) }, links))
        (filters(cx, &asked, &agencies)?)
        @if rows.is_empty() {
            (ui::empty(t.text("admin.audit.none"), t.text("admin.audit.none_text"), html! {}))
        } @else {
            (ui::card_flush("log", t.text("admin.audit.newest"), html! {}, table(t, &rows, &agencies, &away)))
        }
        @if older.is_some() || newer.is_some() {
            (ui::pager(t, &ui::Paging { newer: newer.as_deref(), older: older.as_deref(), shown: "" }))
        }
    };
    cx.page(t.text("admin.audit"), body.into_string())
}

fn filters(cx: &Raw<'_>, asked: &Asked, agencies: &[Agency]) -> Result<Markup> {
    let t = cx.t();
    let day = |day: Option<Date>| day.map(Date::iso).unwrap_or_default();
    let subject = asked.subject.map(|id| id.to_string()).unwrap_or_default();
    let person = asked.person.map(|id| id.to_string()).unwrap_or_default();
    let holders = people::of_agency(cx, asked.agency.map_or_else(|| cx.agency(), Ok)?)?;
    let names: Vec<(String, String)> = holders.into_iter().map(|h| (h.person.to_string(), h.name)).collect();
    let mut persons = vec![ui::Choice::new("", t.text("admin.audit.anybody"))];
    persons.extend(names.iter().map(|(id, name)| ui::Choice::new(id, name)));
    let mut areas = vec![ui::Choice::new("", t.text("admin.audit.any_act"))];
    areas.extend(ACT_AREAS.iter().map(|(prefix, key)| ui::Choice::new(prefix, t.text(key))));
    // One act, from its link in the table, is an area of its own.
    if !asked.act.is_empty() && !ACT_AREAS.iter().any(|(prefix, _)| *prefix == asked.act) {
        areas.push(ui::Choice::new(&asked.act, t.text(&asked.act)));
    }
    Ok(ui::filters(
        t,
        t.text("admin.audit"),
        "/admin/audit",
        html! {
            (agency_filter(t, agencies, (asked.agency, true)))
            (ui::filter_choice("person", t.text("admin.audit.person"), &person, &persons))
            (ui::filter_choice("act", t.text("admin.audit.area"), &asked.act, &areas))
            (ui::filter_date(t, "from", t.text("admin.audit.from"), &day(asked.from)))
            (ui::filter_date(t, "to", t.text("admin.audit.to"), &day(asked.to)))
            (ui::filter_text("subject", t.text("admin.audit.subject_id"), &subject))
        },
    ))
}

fn agency_name(row: &Audited, agencies: &[Agency]) -> String {
    let found = agencies.iter().find(|agency| Some(agency.id) == row.agency);
    found.map(|agency| agency.name.clone()).unwrap_or_default()
}

/// Whom acts were done for: names by what the log keeps, the nearest first.
fn away(cx: &Raw<'_>, rows: &[Audited]) -> Result<BTreeMap<String, String>> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.stands_for.is_empty()) {
        if known.contains_key(&row.stands_for) {
            continue;
        }
        let mut names = Vec::new();
        for person in row.stands_for.split(' ').filter_map(|id| id.parse::<PersonId>().ok()) {
            names.push(people::name(cx, person)?);
        }
        known.insert(row.stands_for.clone(), names.join(", "));
    }
    Ok(known)
}

fn table(t: T, rows: &[Audited], agencies: &[Agency], away: &BTreeMap<String, String>) -> Markup {
    let lines: Vec<Vec<Markup>> = rows
        .iter()
        .map(|row| {
            let told = row.told();
            vec![
                html! { (row.seq) },
                html! { (row.at.dmy_hhmm()) },
                html! {
                    @if matches!(row.person_name.as_str(), "" | "system") { (t.text("admin.audit.system")) } @else { (row.person_name) }
                    @if let Some(names) = away.get(&row.stands_for) {
                        " " (ui::chip(ui::Tone::Info, "users", t.text("admin.audit.stands_in")))
                        " " span class="muted" { (names) }
                    }
                },
                html! {
                    (told.sentence(t))
                    @if let Some(remark) = told.remark() { span class="muted" { " – " (remark) } }
                },
                html! { (agency_name(row, agencies)) },
                html! {
                    a href={ "/admin/audit?subject=" (row.subject) } { (t.text("admin.audit.history")) }
                    " · " a href={ "/admin/audit?act=" (row.act) } { (t.text("admin.audit.same_act")) }
                },
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("admin.audit.seq"), ui::Cell::Number).sorted(ui::Sorted::Down),
        ui::Column::new(t.text("admin.audit.at"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.audit.person"), ui::Cell::Text),
        ui::Column::new(t.text("admin.audit.act"), ui::Cell::Title),
        ui::Column::new(t.text("admin.agency"), ui::Cell::Text),
        ui::Column::new(t.text("admin.audit.more"), ui::Cell::Nowrap),
    ];
    ui::table(&ui::Table { caption: t.text("admin.audit"), columns: &columns, rows: &lines, register: true })
}

/// The same log as a file for a spreadsheet.
pub(crate) fn export(cx: &Reader<'_, AdminAudit>) -> Reply {
    let t = cx.t();
    let asked = Asked::read(cx)?;
    let rows = cx.audit_page(&asked.filter(), EXPORT)?;
    let away = away(cx, &rows)?;
    let agencies = agencies_in_reach::<AdminAudit>(cx)?;
    let heads = [
        "admin.audit.seq",
        "admin.audit.at",
        "admin.audit.person",
        "admin.audit.stands_in",
        "admin.audit.act",
        "admin.audit.remark",
        "admin.audit.right",
        "admin.agency",
        "admin.audit.subject",
        "admin.audit.subject_id",
        "admin.audit.path",
    ];
    let heads: Vec<String> = heads.iter().map(|key| t.text(key).to_owned()).collect();
    let mut csv = Csv::new();
    csv.line(&heads);
    for row in &rows {
        let told = row.told();
        csv.line([
            row.seq.to_string(),
            row.at.rfc3339(),
            row.person_name.clone(),
            away.get(&row.stands_for).cloned().unwrap_or_default(),
            told.sentence(t),
            told.remark().unwrap_or_default(),
            right_name(t, &row.right_id),
            agency_name(row, &agencies),
            row.subject_kind.clone(),
            row.subject.to_string(),
            row.path.clone(),
        ]);
    }
    let name = format!("{}-{}", t.text("admin.audit.file"), cx.now().date().iso());
    Ok(Response::csv(&name, csv))
}
