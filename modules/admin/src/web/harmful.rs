//! Files in which something harmful was found: seen and destroyed.

use crate::rights::AdminHealth;
use base::form::Field;
use base::{Id, Instant, Result, T};
use kernel::{Raw, Reply, Writer};
use maud::{Markup, html};
use platform::files::FileOf;
use platform::organisations;
use platform::scans::{self, Bad, Policy, Scanner, State};

base::form! {
    /// A file to destroy.
    pub(crate) struct DestroyForm {
        file: Id<FileOf> = Field::hidden("admin.harmful.file").required(),
    }
}

/// Rows of a page.
const PAGE: i64 = 100;

/// Reads `micros_id`, the file a page ends at.
fn read_before(text: &str) -> Option<(Instant, Id<FileOf>)> {
    let (micros, id) = text.split_once('_')?;
    Some((Instant::from_micros(micros.parse().ok()?), id.parse().ok()?))
}

/// The files of the agencies in reach, and the way to older ones.
pub(crate) fn table(cx: &Raw<'_>) -> Result<Markup> {
    let (t, before) = (cx.t(), cx.query("harmful").and_then(read_before));
    let mut bad = scans::bad(cx, before, PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = bad.len() > page;
    bad.truncate(page);
    let end = bad.last().filter(|_| more).and_then(|last| Some((last.scanned_at?.micros(), last.id)));
    let older = end.map(|(micros, id)| format!("/admin/troubles?harmful={micros}_{id}#harmful"));
    let newer = before.map(|_| "/admin/troubles#harmful");
    Ok(html! {
        (rows(cx, &bad)?)
        @if older.is_some() || newer.is_some() {
            (ui::pager(t, &ui::Paging { newer, older: older.as_deref(), shown: "" }))
        }
    })
}

fn rows(cx: &Raw<'_>, bad: &[Bad]) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    if bad.is_empty() {
        return Ok(ui::empty(t.text("admin.harmful.none"), t.text("admin.harmful.none_text"), html! {}));
    }
    let mut rows = Vec::new();
    for file in bad {
        let agency = organisations::agency(cx, file.agency)?;
        let found = match file.state {
            State::Unfit => t.text("admin.harmful.unfit").to_owned(),
            _ => file.found.clone(),
        };
        rows.push(vec![
            html! { (file.name) },
            html! { (found) },
            html! { (agency.name) },
            html! { @if let Some(at) = file.scanned_at { (at.dmy_hhmm()) } },
            ui::form(
                t,
                &state,
                "/admin/files/destroy",
                html! {
                    input type="hidden" name="file" value=(file.id);
                    (ui::button(t, ui::ButtonKind::Plain, "admin.harmful.destroy", ("destroy", "1")))
                },
            ),
        ]);
    }
    let columns = [
        ui::Column::new(t.text("admin.harmful.file"), ui::Cell::Title),
        ui::Column::new(t.text("admin.harmful.found"), ui::Cell::Span),
        ui::Column::new(t.text("admin.harmful.agency"), ui::Cell::Text),
        ui::Column::new(t.text("admin.troubles.at"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.troubles.act"), ui::Cell::Text),
    ];
    let caption = t.text("admin.harmful");
    Ok(ui::table(&ui::Table { caption, columns: &columns, rows: &rows, register: false }))
}

/// Destroys a file: its row stays and says when, its bytes go.
pub(crate) fn destroy(cx: &mut Writer<'_, AdminHealth>) -> Reply {
    let ask: DestroyForm = cx.form()?;
    let name = scans::destroy(cx, ask.file)?;
    cx.done_with("admin.harmful.destroyed", "/admin/troubles", &[("name", name)], ask.file)
}

/// Signatures older than this find little.
const OLD_DAYS: i64 = 7;
const DAY: i64 = 86_400_000_000;

/// How the scanner is: for the page that tells how the system is.
pub(crate) fn facts(cx: &Raw<'_>) -> Result<Markup> {
    let (t, now) = (cx.t(), cx.now());
    let Some(scanner) = scans::scanner(cx)? else { return Ok(html! {}) };
    let look = |bad: bool| {
        html! { @if bad { " " (ui::state(ui::Tone::Late, "alert", t.text("admin.health.look_here"))) } }
    };
    let (standing, bad) = standing(t, &scanner);
    let mut rows = vec![(t.text("admin.harmful.scanner"), html! { (standing) (look(bad)) })];
    if scanner.policy == Policy::Scanner {
        let days = scanner.signatures_at.map(|at| now.since(at).max(0) / DAY);
        let age = days.map_or_else(
            || t.text("admin.harmful.no_date").to_owned(),
            |days| t.count("admin.harmful.days", days),
        );
        rows.push((
            t.text("admin.harmful.signatures"),
            html! { (age) (look(days.is_some_and(|n| n > OLD_DAYS))) },
        ));
        rows.push((t.text("admin.harmful.waiting"), html! { (scans::waiting(cx)?) }));
    }
    Ok(ui::card("scanner", t.text("admin.harmful.title"), html! {}, ui::facts(&rows)))
}

fn standing(t: T, scanner: &Scanner) -> (String, bool) {
    match scanner.policy {
        Policy::Unsaid => (t.text("admin.harmful.unsaid").to_owned(), true),
        Policy::Open => (t.text("admin.harmful.open").to_owned(), false),
        Policy::Scanner if !scanner.error.is_empty() => {
            (t.fill("admin.harmful.away", &[("why", &scanner.error)]), true)
        }
        Policy::Scanner if scanner.version.is_empty() => (t.text("admin.harmful.unasked").to_owned(), true),
        Policy::Scanner => (
            t.fill("admin.harmful.runs", &[("version", &scanner.version), ("at", &scanner.at.dmy_hhmm())]),
            false,
        ),
    }
}

/// The same as data.
pub(crate) fn data(cx: &Raw<'_>) -> Result<serde_json::Value> {
    let scanner = scans::scanner(cx)?;
    Ok(serde_json::json!({
        "policy": scanner.as_ref().map(|scanner| scanner.policy.word()),
        "version": scanner.as_ref().map(|scanner| &scanner.version),
        "error": scanner.as_ref().map(|scanner| &scanner.error),
        "signatures_at": scanner.as_ref().and_then(|scanner| scanner.signatures_at),
        "asked_at": scanner.as_ref().map(|scanner| scanner.at),
        "waiting": scans::waiting(cx)?,
    }))
}
