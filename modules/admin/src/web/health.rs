//! Is the system well: queues, their oldest work, what failed, which versions run.

use crate::rights::AdminHealth;
use crate::web::{governs, harmful};
use base::{Instant, Result, T, words};
use kernel::upkeep::{self, Figure};
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
    dead: i64,
    queued: i64,
    failed: i64,
    oldest_delivery: Option<Instant>,
}

/// What is measured of the whole tenant, for those who administer all of it.
struct Whole {
    database: Option<i64>,
    files: Option<i64>,
    free: Option<i64>,
    backup: Option<Instant>,
}

/// A backup is made each night.
const BACKUP_HOURS: i64 = 26;
/// Less room than this is soon none.
const FREE_BYTES: i64 = 2_000_000_000;
const HOUR: i64 = 3_600_000_000;

fn measure(cx: &Raw<'_>) -> Result<Health> {
    Ok(Health {
        jobs: jobs::waiting(cx)?,
        depths: cx.job_depths()?,
        oldest: cx.oldest_job()?,
        dead: jobs::dead_count(cx)?,
        queued: exchange::queued(cx)?,
        failed: exchange::failures(cx)?,
        oldest_delivery: exchange::oldest(cx)?,
    })
}

fn measure_whole(cx: &Raw<'_>) -> Result<Whole> {
    let bytes = |figure| -> Result<Option<i64>> { Ok(upkeep::noted(cx, figure)?.map(|(n, _)| n)) };
    Ok(Whole {
        database: bytes(Figure::Database)?,
        files: bytes(Figure::Files)?,
        free: bytes(Figure::DiskFree)?,
        backup: upkeep::noted(cx, Figure::Backup)?.map(|(_, at)| at),
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
            @if wide { (ui::card("upkeep", t.text("admin.health.upkeep"), html! {}, upkeep_facts(cx, &health)?)) }
            @if wide { (ui::card("depths", t.text("admin.health.depths"), html! {}, depths(t, &health))) }
            (harmful::facts(cx)?)
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

/// Sizes, room, the last backup and the delivery that waits longest.
fn upkeep_facts(cx: &Raw<'_>, health: &Health) -> Result<Markup> {
    let (t, now) = (cx.t(), cx.now());
    let whole = measure_whole(cx)?;
    let size = |n: Option<i64>| n.map_or_else(|| t.text("admin.health.unmeasured").to_owned(), megabytes);
    let look = |bad: bool| {
        html! { @if bad { " " (ui::state(ui::Tone::Late, "alert", t.text("admin.health.look_here"))) } }
    };
    let hours = whole.backup.map(|at| now.since(at).max(0) / HOUR);
    let backup = hours.map_or_else(
        || t.text("admin.health.no_backup").to_owned(),
        |hours| t.count("admin.health.hours_ago", hours),
    );
    let waits = health.oldest_delivery.map(|at| now.since(at).max(0) / 60_000_000);
    let waits_text = t.count("admin.health.minutes", waits.unwrap_or(0));
    Ok(ui::facts(&[
        (t.text("admin.health.database_size"), html! { (size(whole.database)) }),
        (t.text("admin.health.files_size"), html! { (size(whole.files)) }),
        (
            t.text("admin.health.disk_free"),
            html! { (size(whole.free)) (look(whole.free.is_some_and(|n| n < FREE_BYTES))) },
        ),
        (
            t.text("admin.health.backup"),
            html! { (backup) (look(hours.is_none_or(|hours| hours > BACKUP_HOURS))) },
        ),
        (
            t.text("admin.health.oldest_delivery"),
            html! { (waits_text) (look(waits.is_some_and(|n| n > 60))) },
        ),
    ]))
}

/// Bytes as people read them, rounded up: `12,3 GB`, `4 MB`.
fn megabytes(bytes: i64) -> String {
    let tenths = bytes.saturating_add(99_999_999) / 100_000_000;
    match tenths {
        10.. => format!("{},{} GB", words::grouped(tenths / 10), tenths % 10),
        _ => format!("{} MB", bytes.saturating_add(999_999) / 1_000_000),
    }
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
    let whole = if governs::<AdminHealth>(cx)? { Some(measure_whole(cx)?) } else { None };
    let whole = whole.as_ref();
    Ok(Response::Json(serde_json::json!({
        "database_bytes": whole.and_then(|whole| whole.database),
        "files_bytes": whole.and_then(|whole| whole.files),
        "disk_free_bytes": whole.and_then(|whole| whole.free),
        "last_backup_at": whole.and_then(|whole| whole.backup),
        "oldest_delivery_since": health.oldest_delivery,
        "jobs_waiting": health.jobs,
        "oldest_job_since": health.oldest.map(|(_, at)| at),
        "jobs_dead": health.dead,
        "deliveries_waiting": health.queued,
        "deliveries_failed": health.failed,
        "scanner": harmful::data(cx)?,
        "version": env!("CARGO_PKG_VERSION"),
    })))
}
