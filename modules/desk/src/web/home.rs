//! Home: what waits for me, most urgent first, with the act that is expected of me.

use crate::rules::{self, Batch, Section};
use base::form::{Field, Kind};
use base::{Instant, Result, T, TaskId};
use kernel::{Reader, Reply, SignedIn, Told, Waiting};
use maud::{Markup, html};
use platform::notify::Notice;
use platform::tasks::{QUEUE_START, Task};
use platform::{exchange, notify, signers, tasks};

base::form! {
    /// What the rows are sent along with by whoever signs them.
    pub(crate) struct PinForm {
        pin: Option<String> = Field::new(Kind::Password, "desk.home.pin").hint("desk.home.pin_hint").max(64),
    }
}

/// Rows of a page.
const PAGE: i64 = 50;

/// The page.
pub(crate) fn home(cx: &Reader<'_, SignedIn>) -> Reply {
    let kind = cx.query("kind").unwrap_or("");
    let after = cx.query("after").and_then(read_after);
    let mut counts = tasks::waiting(cx)?;
    counts.sort_by(|(a, x), (b, y)| y.all.cmp(&x.all).then_with(|| a.cmp(b)));
    let mut rows = tasks::queue(cx, kind, after.unwrap_or(QUEUE_START), PAGE + 1)?;
    let page = usize::try_from(PAGE).unwrap_or(0);
    let more = rows.len() > page;
    rows.truncate(page);
    let older = rows.last().filter(|_| more).map(|last| address(kind, Some((last.rank, last.id))));
    let first = after.map(|_| address(kind, None));

    let t = cx.t();
    let total = sum(&counts);
    let numbers: [(&str, &dyn std::fmt::Display); 2] = [("n", &total.all), ("late", &total.late)];
    let main = html! {
        @if rows.is_empty() { (nothing(t, after.is_some())) } @else { (queue(cx, &rows)?) }
        @if older.is_some() || first.is_some() {
            @let shown = t.count("desk.home.shown", i64::try_from(rows.len()).unwrap_or(0));
            (ui::pager(t, &ui::Paging { newer: first.as_deref(), older: older.as_deref(), shown: &shown }))
        }
    };
    let sub = if total.all == 0 { String::new() } else { t.fill("desk.home.sub", &numbers) };
    let body = html! {
        (ui::head(t.text("desk.home"), html! { (sub) }, html! {}))
        (tabs(t, kind, &counts, total))
        (ui::split(main, aside(cx)?))
    };
    let title =
        if total.all == 0 { t.text("desk.home").to_owned() } else { t.count("desk.home.title", total.all) };
    cx.page(title, body.into_string())
}

fn sum(counts: &[(String, Waiting)]) -> Waiting {
    counts.iter().fold(Waiting::default(), |sum, (_, one)| Waiting {
        all: sum.all + one.all,
        late: sum.late + one.late,
    })
}

/// Reads `rank_id`, the place a page ends at.
fn read_after(text: &str) -> Option<(i64, TaskId)> {
    let (rank, id) = text.split_once('_')?;
    Some((rank.parse().ok()?, id.parse().ok()?))
}

fn address(kind: &str, after: Option<(i64, TaskId)>) -> String {
    match (kind, after) {
        ("", None) => "/".to_owned(),
        (kind, None) => format!("/?kind={kind}"),
        ("", Some((rank, id))) => format!("/?after={rank}_{id}"),
        (kind, Some((rank, id))) => format!("/?kind={kind}&after={rank}_{id}"),
    }
}

fn tabs(t: T, kind: &str, counts: &[(String, Waiting)], total: Waiting) -> Markup {
    let links: Vec<String> = counts.iter().map(|(kind, _)| address(kind, None)).collect();
    let all = ui::Tab {
        label: t.text("desk.home.all"),
        href: "/",
        count: Some(total.all),
        current: kind.is_empty(),
    };
    // A queue is called here what it is called in the rail.
    let name = |known: &str| {
        let queue = format!("{known}.queue");
        if t.has(&queue) { t.text(&queue).to_owned() } else { t.text(known).to_owned() }
    };
    let names: Vec<String> = counts.iter().map(|(known, _)| name(known)).collect();
    let mut tabs = vec![all];
    for (((known, waiting), href), name) in counts.iter().zip(&links).zip(&names) {
        tabs.push(ui::Tab { label: name, href, count: Some(waiting.all), current: known == kind });
    }
    ui::tabs(t.text("desk.home.tabs"), &tabs)
}

fn nothing(t: T, later_page: bool) -> Markup {
    if later_page {
        return ui::empty(
            t.text("desk.home.no_more"),
            "",
            html! { a href="/" { (t.text("desk.home.to_start")) } },
        );
    }
    let act = ui::link_button(ui::ButtonKind::Plain, "search", t.text("desk.home.find"), "/search");
    ui::empty(t.text("desk.home.empty"), t.text("desk.home.empty_text"), act)
}

/// The rows under their headings; a heading stands where its first row does.
fn queue(cx: &Reader<'_, SignedIn>, rows: &[Task]) -> Result<Markup> {
    let (t, now) = (cx.t(), cx.now());
    let mut sections: Vec<(Section, Vec<&Task>)> = Vec::new();
    for task in rows {
        let section = rules::section(task.urgency, task.due_at, now);
        match sections.iter_mut().find(|(known, _)| *known == section) {
            Some((_, tasks)) => tasks.push(task),
            None => sections.push((section, vec![task])),
        }
    }
    let batch = batch(rows);
    let signing = batch.and_then(|batch| batch.signing);
    let signs = signing.is_some() && signers::of_person(cx, cx.agency()?, cx.person()?)?.is_some();
    let acts: Vec<ui::RowAct<'_>> = batch
        .iter()
        .map(|batch| ui::RowAct {
            label: t.text(batch.signing.filter(|_| signs).unwrap_or(batch.label)),
            key: "",
            to: ui::To::Post(batch.path),
            primary: true,
        })
        .collect();
    let here = address(cx.query("kind").unwrap_or(""), cx.query("after").and_then(read_after));
    let drawn = html! {
        input type="hidden" name="back" value=(here);
        @if signs { (ui::field(t, ui::find_field::<PinForm>("pin"), &cx.form_state(), "", &[])) }
        @for (at, (section, tasks)) in sections.iter().enumerate() {
            @let hint = t.count("desk.home.count", i64::try_from(tasks.len()).unwrap_or(0));
            @let rows = html! { @for (n, task) in tasks.iter().enumerate() { (row((t, now), task, (n == 0, batch))) } };
            (ui::queue_section(&format!("queue-{at}"), &heading(t, *section, now), html! { (hint) }, rows))
        }
    };
    Ok(ui::queue(t, &cx.form_state(), &acts, drawn))
}

/// The act that takes many of these tasks at once. A page that mixes two such kinds offers none: what is
/// ticked must mean one thing. Its tabs show one kind each.
fn batch(rows: &[Task]) -> Option<&'static Batch> {
    let mut found =
        rows.iter().filter(|task| task.act_path.is_some()).filter_map(|task| rules::batch(&task.kind));
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

fn heading(t: T, section: Section, now: Instant) -> String {
    match section {
        Section::Now => t.text("desk.home.now").to_owned(),
        Section::Today => t.text("desk.home.today").to_owned(),
        Section::Day(day) if now.date().days_until(day) == 1 => t.text("desk.home.tomorrow").to_owned(),
        Section::Day(day) => {
            t.fill("desk.home.until", &[("weekday", &t.text(day.weekday_key())), ("day", &day.dmy())])
        }
        Section::Open => t.text("desk.home.open").to_owned(),
    }
}

fn row((t, now): (T, Instant), task: &Task, (first, batch): (bool, Option<&Batch>)) -> Markup {
    let section = rules::section(task.urgency, task.due_at, now);
    let burns = section == Section::Now;
    let tone = match section {
        Section::Now => ui::Tone::Late,
        Section::Today => ui::Tone::Soon,
        Section::Day(_) | Section::Open => ui::Tone::Plain,
    };
    let pieces: Vec<&str> = task.detail.split(" · ").filter(|piece| !piece.is_empty()).collect();
    let (name, rest) = pieces.split_first().map_or(("", &[][..]), |(name, rest)| (*name, rest));
    let mut meta = vec![html! { b { (name) } }];
    let said = |piece: &str| if t.has(piece) { t.text(piece).to_owned() } else { piece.to_owned() };
    meta.extend(rest.iter().map(|piece| html! { (said(piece)) }));
    if !task.lead {
        meta.push(ui::state(ui::Tone::Info, "users", t.text("desk.home.helps")));
    }
    let (act_key, key_key) = (format!("{}.act", task.kind), format!("{}.key", task.kind));
    let label = if t.has(&act_key) { t.text(&act_key) } else { t.text(&task.kind) };
    let key = if t.has(&key_key) { t.text(&key_key) } else { "" };
    let to = task.act_path.as_deref().map_or(ui::To::Open(&task.path), ui::To::Post);
    let subject = task.subject.to_string();
    ui::queue_row(
        t,
        &ui::QueueRow {
            id: &subject,
            name,
            title: &task.title,
            href: &task.path,
            chip: chip(t, task, (now, tone)),
            // Two chips say enough: a third line would make the urgent rows the tallest.
            note: &if task.urgency > 0 && task.due_at.is_some() {
                String::new()
            } else {
                since(t, task.given_at, now)
            },
            meta,
            tone,
            pick: task.act_path.is_some() && batch.is_some_and(|batch| batch.kind == task.kind),
            act: Some(ui::RowAct { label, key, to, primary: burns && first }),
        },
    )
}

/// The deadline, and before it the urgency of an urgent letter.
fn chip(t: T, task: &Task, (now, tone): (Instant, ui::Tone)) -> Markup {
    let urgency = match task.urgency {
        1 => Some((ui::Tone::Soon, "flag", "desk.urgency.1")),
        2 => Some((ui::Tone::Late, "flag", "desk.urgency.2")),
        3 => Some((ui::Tone::Urgent, "bolt", "desk.urgency.3")),
        4.. => Some((ui::Tone::Urgent, "bolt", "desk.urgency.4")),
        _ => None,
    };
    html! {
        @if let Some((tone, icon, key)) = urgency { (ui::chip(tone, icon, t.text(key))) " " }
        @if urgency.is_none() || task.due_at.is_some() {
            (ui::deadline_chip_in(t, task.due_at.map(Into::into), (now, tone_of(task, (now, tone)))))
        }
    }
}

/// An urgent letter burns before its deadline does.
fn tone_of(task: &Task, (now, tone): (Instant, ui::Tone)) -> ui::Tone {
    match task.due_at {
        Some(due) if task.urgency > 0 => ui::deadline_tone(due.into(), now),
        _ => tone,
    }
}

fn since(t: T, at: Instant, now: Instant) -> String {
    let when = if at.date() == now.date() { at.hhmm() } else { at.date().dmy() };
    t.fill("desk.home.since", &[("when", &when)])
}

/// Notices, today's work, the exchange.
fn aside(cx: &Reader<'_, SignedIn>) -> Result<Markup> {
    let (t, now) = (cx.t(), cx.now());
    let notices = notify::list(cx, cx.person()?, notify::from_here(now), 5)?;
    let done = tasks::done_since(cx, now.date().start())?;
    let (queued, troubled) = (exchange::queued(cx)?, exchange::troubled(cx)?.len());
    let all = html! { a class="small" href="/notices" { (t.text("desk.notices.all")) } };
    Ok(html! {
        (ui::card("notices", t.text("desk.notices"), all, notice_lines(t, &notices)))
        (ui::card("today", t.text("desk.today"), html! {}, today(t, &done)))
        (ui::card("exchange", t.text("desk.exchange"), exchange_state(t, troubled), html! {
            (ui::facts_num(&[
                (t.text("desk.exchange.queued"), html! { (queued) }),
                (t.text("desk.exchange.troubled"), html! { (troubled) }),
            ]))
        }))
    })
}

fn today(t: T, done: &[(String, i64)]) -> Markup {
    if done.is_empty() {
        return html! { p class="muted" { (t.text("desk.today.nothing")) } };
    }
    let labels: Vec<(String, i64)> = done
        .iter()
        .map(|(kind, n)| {
            let own = format!("{kind}.done");
            let label = if t.has(&own) { t.text(&own) } else { t.text(kind) };
            (label.to_owned(), *n)
        })
        .collect();
    let rows: Vec<(&str, Markup)> = labels.iter().map(|(label, n)| (label.as_str(), html! { (n) })).collect();
    ui::facts_num(&rows)
}

fn exchange_state(t: T, troubled: usize) -> Markup {
    match troubled {
        0 => ui::state(ui::Tone::Ok, "check", t.text("desk.exchange.fine")),
        _ => ui::state(ui::Tone::Late, "alert", t.text("desk.exchange.trouble")),
    }
}

/// Notices as lines that lead somewhere.
pub(crate) fn notice_lines(t: T, notices: &[Notice]) -> Markup {
    if notices.is_empty() {
        return html! { p class="muted" { (t.text("desk.notices.none")) } };
    }
    let said: Vec<String> = notices.iter().map(|notice| sentence(t, notice)).collect();
    let lines: Vec<ui::Line<'_>> = notices
        .iter()
        .zip(&said)
        .map(|(notice, said)| ui::Line { label: said, href: &notice.path, note: note(t, notice) })
        .collect();
    ui::lines(&lines)
}

fn note(t: T, notice: &Notice) -> Markup {
    html! {
        span class="muted" { (notice.at.dmy_hhmm()) }
        @if notice.read_at.is_none() { " " (ui::chip(ui::Tone::Info, "bell", t.text("desk.notices.new"))) }
    }
}

/// A notice is told as an act of the audit log is: the text of its key with its values.
fn sentence(t: T, notice: &Notice) -> String {
    let told = Told {
        at: notice.at,
        person_name: String::new(),
        act: notice.key.clone(),
        note: notice.note.clone(),
    };
    told.sentence(t)
}
