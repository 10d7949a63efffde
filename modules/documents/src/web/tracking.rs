//! Where an issued document is: every recipient, by district, with what needs somebody on top.

use crate::actions::outgoing::path;
use crate::model::{Outgoing, OutgoingStatus, Recipient, RecipientStatus as R};
use crate::rights::OutgoingRead;
use crate::rules::statuses::{has_arrived, is_trouble};
use crate::store::recipients as store;
use crate::web::outgoing_show::live;
use crate::web::recall;
use crate::web::tracking_parts::{banner, districts, history, table_of};
use base::{Result, T, text};
use kernel::{Opened, Reader, Reply, Response};
use maud::{Markup, html};
use ui::{Choice, Crumb, ExportLink, Fill, Part, Tone};

/// The order recipients are shown in: what needs somebody first.
pub(crate) const BY_NEED: &[R] = &[
    R::Failed,
    R::Refused,
    R::Queued,
    R::Arrived,
    R::Registered,
    R::Assigned,
    R::InProgress,
    R::Done,
    R::Replaced,
    R::Recalled,
    R::Withdrawn,
];

/// The word of a status.
pub(crate) fn status_text(t: T, status: R) -> &'static str {
    match status {
        R::Queued => t.text("documents.tracking.status.queued"),
        R::Arrived => t.text("documents.tracking.status.arrived"),
        R::Registered => t.text("documents.tracking.status.registered"),
        R::Assigned => t.text("documents.tracking.status.assigned"),
        R::InProgress => t.text("documents.tracking.status.in_progress"),
        R::Done => t.text("documents.tracking.status.done"),
        R::Refused => t.text("documents.tracking.status.refused"),
        R::Failed => t.text("documents.tracking.status.failed"),
        R::Withdrawn => t.text("documents.tracking.status.withdrawn"),
        R::Replaced => t.text("documents.tracking.status.replaced"),
        R::Recalled => t.text("documents.tracking.status.recalled"),
    }
}

/// A status as a chip: colour, icon and word.
pub(crate) fn status_chip(t: T, status: R) -> Markup {
    let (tone, icon) = match status {
        R::Queued => (Tone::Soon, "wait"),
        R::Arrived => (Tone::Soon, "clock"),
        R::Registered => (Tone::Plain, "book"),
        R::Assigned => (Tone::Info, "users"),
        R::InProgress => (Tone::Info, "pen"),
        R::Done => (Tone::Ok, "check"),
        R::Refused => (Tone::Late, "undo"),
        R::Failed => (Tone::Late, "x"),
        R::Withdrawn | R::Recalled => (Tone::Plain, "undo"),
        R::Replaced => (Tone::Plain, "copy"),
    };
    ui::chip(tone, icon, status_text(t, status))
}

/// Why a recipient did not take a document: in their words, or the text of our own reason.
pub(crate) fn reason_text(t: T, reason: &str) -> String {
    t.text(reason).to_owned()
}

/// The parts of a progress bar, furthest first. `base` is the address the legend filters on; empty for none.
pub(crate) fn bar(t: T, all: &[Recipient], base: &str) -> Markup {
    let hrefs: Vec<(R, i64, String)> = BY_NEED
        .iter()
        .rev()
        .map(|status| {
            let n = i64::try_from(all.iter().filter(|one| one.status == *status).count()).unwrap_or(0);
            let href =
                if base.is_empty() { String::new() } else { format!("{base}?status={}", status.word()) };
            (*status, n, href)
        })
        .collect();
    let parts: Vec<Part<'_>> = hrefs
        .iter()
        .filter(|(_, n, _)| *n > 0)
        .map(|(status, n, href)| Part {
            label: status_text(t, *status),
            value: *n,
            fill: fill(*status),
            href,
        })
        .collect();
    ui::progress_bar(t, t.text("documents.tracking.progress"), &parts)
}

/// The colour of a status in a bar.
pub(crate) const fn fill(status: R) -> Fill {
    match status {
        R::Done => Fill::Ok,
        R::InProgress => Fill::Step4,
        R::Assigned => Fill::Step3,
        R::Registered => Fill::Step2,
        R::Arrived | R::Withdrawn | R::Replaced | R::Recalled => Fill::Rest,
        R::Queued => Fill::Soon,
        R::Refused | R::Failed => Fill::Late,
    }
}

/// What the page is asked to show.
pub(crate) struct Asked<'a> {
    words: String,
    tier: &'a str,
    status: Option<R>,
    area: Option<&'a str>,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(cx: &'a Reader<'_, OutgoingRead>) -> Asked<'a> {
        Asked {
            words: text::fold(cx.query("q").unwrap_or("")),
            tier: cx.query("tier").unwrap_or(""),
            status: cx.query("status").and_then(R::parse),
            area: cx.query("area"),
        }
    }

    /// True when nothing narrows the list.
    pub(crate) fn is_everything(&self) -> bool {
        self.words.is_empty() && self.tier.is_empty() && self.status.is_none() && self.area.is_none()
    }

    pub(crate) fn holds(&self, one: &Recipient) -> bool {
        (self.words.is_empty() || text::fold(&one.to_name).contains(&self.words))
            && (self.tier.is_empty() || one.tier == self.tier)
            && self.status.is_none_or(|status| one.status == status)
            && self.area.is_none_or(|area| one.area == area)
    }
}

/// The issued document a tracking page is about.
pub(crate) fn opened(cx: &Reader<'_, OutgoingRead>) -> Result<Opened<Outgoing>> {
    let document = cx.open::<Outgoing>(cx.path_id()?)?;
    // The recipients of a version are those of the document it is a version of.
    let document = match document.updates {
        Some(original) => cx.open::<Outgoing>(original)?,
        None => document,
    };
    if document.status == OutgoingStatus::Issued { Ok(document) } else { Err(base::Error::NotFound) }
}

/// The page.
pub(crate) fn page(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = opened(cx)?;
    let t = cx.t();
    let all = live(store::of(cx, document.id)?);
    let asked = Asked::of(cx);
    let shown: Vec<Recipient> = all.iter().filter(|one| asked.holds(one)).cloned().collect();
    let arrived = all.iter().filter(|one| has_arrived(one.status)).count();
    let title = t.fill("documents.tracking.heading", &[("n", &arrived), ("total", &all.len())]);
    let (doc_path, here) = (path(document.id), format!("{}/tracking", path(document.id)));
    let trail = [
        Crumb { label: t.text("documents.outgoing.title"), href: "/documents/outgoing" },
        Crumb { label: &document.symbol, href: &doc_path },
    ];
    let progress = t.count("documents.tracking.progress_of", i64::try_from(all.len()).unwrap_or(0));
    let body = html! {
        (ui::crumbs(t, &trail, t.text("documents.tracking.title")))
        (ui::head(&title, sub(t, &document), export(t, &here)))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::stack(html! {
            (recall::banner(cx, &document)?)
            (banner(cx, &document, &all)?)
            (ui::card("progress", &progress, deadline(cx, &document), bar(t, &all, &here)))
            (ui::split_wide(
                html! {
                    (filters(cx, &here, &asked))
                    (table_of(t, &here, (&shown, &asked)))
                    (recall::cards(cx, &document, (&all, &shown))?)
                },
                html! {
                    (districts(t, &here, &all))
                    (history(cx, &document, &all)?)
                },
            ))
        }))
    };
    cx.page(title, body.into_string())
}

fn sub(t: T, document: &Outgoing) -> Markup {
    let at = document.issued_at.map(base::Instant::dmy_hhmm).unwrap_or_default();
    html! {
        b { (document.symbol) }
        span { (document.subject) }
        span { (t.fill("documents.tracking.sent_at", &[("at", &at)])) }
    }
}

fn export(t: T, here: &str) -> Markup {
    let (csv, xlsx) = (format!("{here}.csv"), format!("{here}.xlsx"));
    ui::export_links(t, &[ExportLink { label: "XLSX", href: &xlsx }, ExportLink { label: "CSV", href: &csv }])
}

fn deadline(cx: &Reader<'_, OutgoingRead>, document: &Outgoing) -> Markup {
    html! { @if let Some(due) = document.due { (ui::deadline_chip(cx.t(), Some(due.into()), cx.now())) } }
}

fn filters(cx: &Reader<'_, OutgoingRead>, here: &str, asked: &Asked<'_>) -> Markup {
    let t = cx.t();
    let tiers = [
        Choice::new("", t.text("documents.tracking.all")),
        Choice::new("central", t.text("platform.tier.central")),
        Choice::new("province", t.text("platform.tier.province")),
        Choice::new("district", t.text("platform.tier.district")),
        Choice::new("commune", t.text("platform.tier.commune")),
    ];
    let mut statuses = vec![Choice::new("", t.text("documents.tracking.all"))];
    statuses.extend(BY_NEED.iter().map(|status| Choice::new(status.word(), status_text(t, *status))));
    let body = html! {
        (ui::filter_text("q", t.text("documents.tracking.column.recipient"), cx.query("q").unwrap_or("")))
        (ui::filter_choice("tier", t.text("documents.tracking.column.tier"), asked.tier, &tiers))
        (ui::filter_choice("status", t.text("documents.tracking.column.status"),
            asked.status.map_or("", R::word), &statuses))
    };
    ui::filters(t, t.text("documents.tracking.filter"), here, body)
}

/// The recipients for programs, replaced ones too.
pub(crate) fn recipients_data(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let document = opened(cx)?;
    let asked = Asked::of(cx);
    let all = store::of(cx, document.id)?;
    let items: Vec<serde_json::Value> = all
        .iter()
        .filter(|one| asked.holds(one))
        .map(|one| {
            serde_json::json!({
                "id": one.id, "code": one.to_code, "name": one.to_name, "tier": one.tier, "area": one.area,
                "status": one.status.word(), "at_place": one.at_place, "staff": one.staff,
                "reason": reason_text(cx.t(), &one.reason), "arrived_at": one.arrived_at,
                "status_at": one.status_at, "replaced_by": one.replaced_by, "trouble": is_trouble(one.status),
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "symbol": document.symbol, "items": items })))
}
