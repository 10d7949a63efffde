//! Is the system well: queues, their oldest work, what failed, which versions run.

use crate::rights::AdminHealth;
use crate::web::governs;
use base::{Instant, Result, T};
use kernel::{Dialect, Raw, Reader, Reply, Response, jobs};
use maud::{Markup, html};
use platform::exchange;

/// A job that waits longer than this is a sign that the workers do not keep up.
const SLOW_MINUTES: i64 = 5;

/// What is measured.
struct Health {
    jobs: i64,
    depths: Vec<(String, i64)>,
    oldest: Option<(String, Instant)>,
    dead: usize,
    queued: i64,
    failed: usize,
}

fn measure(cx: &Raw<'_>) -> Result<Health> {
    Ok(Health {
        jobs: jobs::waiting(cx)?,
        depths: cx.job_depths()?,
        oldest: cx.oldest_job()?,
        dead: jobs::dead(cx)?.len(),
        queued: exchange::queued(cx)?,
        failed: exchange::troubled(cx)?.iter().filter(|delivery| delivery.state == "failed").count(),
    })
}

/// The page.
pub(crate) fn show(cx: &Reader<'_, AdminHealth>) -> Reply {
    let t = cx.t();
    let health = measure(cx)?;
    let wide = governs::<AdminHealth>(cx)?;
    let body = html! {
        (ui::head(t.text("admin.health"), html! { (cx.now().dmy_hhmm()) }, html! {}))
        (ui::stack(html! {
            (figures(t, &health, cx.now()))
            @if wide { (ui::card("depths", t.text("admin.health.depths"), html! {}, depths(t, &health))) }
            (ui::card("system", t.text("admin.health.system"), html! {}, system(cx)))
        }))
    };
    cx.page(t.text("admin.health"), body.into_string())
}

fn figures(t: T, health: &Health, now: Instant) -> Markup {
    let minutes = health.oldest.as_ref().map_or(0, |(_, at)| now.since(*at).max(0) / 60_000_000);
    let tone = |bad: bool| if bad { ui::Tone::Late } else { ui::Tone::Ok };
    let note = |bad: bool| if bad { t.text("admin.health.look") } else { t.text("admin.health.fine") };
    let oldest = t.count("admin.health.minutes", minutes);
    let texts = [health.jobs, health.queued].map(|n| n.to_string());
    let failures = [health.dead, health.failed].map(|n| n.to_string());
    let [jobs, queued] = &texts;
    let [dead, failed] = &failures;
    let slow = minutes >= SLOW_MINUTES;
    ui::figures(&[
        ui::Figure {
            value: jobs,
            label: t.text("admin.health.jobs"),
            note: note(false),
            href: "#depths",
            tone: tone(false),
        },
        ui::Figure {
            value: &oldest,
            label: t.text("admin.health.oldest"),
            note: note(slow),
            href: "#depths",
            tone: tone(slow),
        },
        ui::Figure {
            value: dead,
            label: t.text("admin.health.dead"),
            note: note(health.dead > 0),
            href: "/admin/troubles",
            tone: tone(health.dead > 0),
        },
        ui::Figure {
            value: queued,
            label: t.text("admin.health.queued"),
            note: note(false),
            href: "/admin/troubles",
            tone: tone(false),
        },
        ui::Figure {
            value: failed,
            label: t.text("admin.health.failed"),
            note: note(health.failed > 0),
            href: "/admin/troubles",
            tone: tone(health.failed > 0),
        },
    ])
}

fn depths(t: T, health: &Health) -> Markup {
    if health.depths.is_empty() {
        return html! { p class="muted" { (t.text("admin.health.empty")) } };
    }
    let rows: Vec<(&str, Markup)> =
        health.depths.iter().map(|(kind, n)| (kind.as_str(), html! { (n) })).collect();
    ui::facts_num(&rows)
}

fn system(cx: &Raw<'_>) -> Markup {
    let t = cx.t();
    let engine = match cx.dialect() {
        Dialect::Sqlite => "SQLite",
        Dialect::Postgres => "PostgreSQL",
    };
    ui::facts(&[
        (t.text("admin.health.version"), html! { (env!("CARGO_PKG_VERSION")) }),
        (t.text("admin.health.engine"), html! { (engine) }),
        (t.text("admin.health.tenant"), html! { (cx.tenant()) }),
    ])
}

/// The same as data, for a monitor.
pub(crate) fn data(cx: &Reader<'_, AdminHealth>) -> Reply {
    let health = measure(cx)?;
    Ok(Response::Json(serde_json::json!({
        "jobs_waiting": health.jobs,
        "oldest_job_since": health.oldest.map(|(_, at)| at),
        "jobs_dead": health.dead,
        "deliveries_waiting": health.queued,
        "deliveries_failed": health.failed,
        "version": env!("CARGO_PKG_VERSION"),
    })))
}
