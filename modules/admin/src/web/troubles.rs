//! What did not get through: dead jobs, failed deliveries, envelopes that were set aside.

use crate::rights::AdminHealth;
use crate::web::{agencies_in_reach, agency_filter, chosen_agency, governs, harmful, key_or_words};
use base::form::Field;
use base::{AgencyId, Error, Id, Instant, Result, T};
use kernel::{Permission, Raw, Reader, Reply, Scope, Waiting, Writer, jobs};
use maud::{Markup, html};
use platform::exchange::{self, Delivery};
use platform::notify::note;

base::form! {
    /// A delivery to try again.
    pub(crate) struct RetryForm {
        envelope: Id<Delivery> = Field::hidden("admin.troubles.envelope").required(),
        to_code: String = Field::hidden("admin.troubles.to").required().max(35),
    }
}

/// What has failed, for the rail: deliveries of the own agency, and dead jobs for who sees more than one.
pub(crate) fn waiting(cx: &Raw<'_>) -> Result<Waiting> {
    let failed = exchange::troubled(cx)?.iter().filter(|delivery| delivery.state == "failed").count();
    let wide = match cx.actor().reach(AdminHealth::ID) {
        Some(Scope::Agencies(agencies)) => agencies.len() > 1,
        Some(Scope::Everything) => true,
        None => false,
    };
    let dead = if wide { jobs::dead(cx)?.len() } else { 0 };
    let all = i64::try_from(failed.saturating_add(dead)).unwrap_or(i64::MAX);
    Ok(Waiting { all, late: all })
}

/// The page.
pub(crate) fn show(cx: &Reader<'_, AdminHealth>) -> Reply {
    let t = cx.t();
    let agency = chosen_agency::<AdminHealth>(cx)?;
    let dead = if governs::<AdminHealth>(cx)? { Some(jobs::dead(cx)?) } else { None };
    let deliveries = exchange::troubled(cx)?;
    let aside = exchange::quarantined(cx, agency.id)?;
    let body = html! {
        (ui::head(t.text("admin.troubles"), html! { (t.text("admin.troubles.sub")) }, html! {}))
        (ui::stack(html! {
            (ui::card_flush("deliveries", t.text("admin.troubles.deliveries"), html! {}, delivery_table(cx, &deliveries)))
            @if let Some(dead) = &dead {
                (ui::card_flush("jobs", t.text("admin.troubles.jobs"), html! {}, job_table(cx, dead)))
            }
            (ui::filters(t, t.text("admin.troubles.aside"), "/admin/troubles", html! {
                (agency_filter(t, &agencies_in_reach::<AdminHealth>(cx)?, (Some(agency.id), false)))
            }))
            (ui::card_flush("aside", t.text("admin.troubles.aside"), html! {}, aside_table(t, &aside)))
            (ui::card_flush("harmful", t.text("admin.harmful"), html! {}, harmful::table(cx)?))
        }))
    };
    cx.page(t.text("admin.troubles"), body.into_string())
}

fn nothing(t: T) -> Markup {
    ui::empty(t.text("admin.troubles.none"), t.text("admin.troubles.none_text"), html! {})
}

fn delivery_table(cx: &Raw<'_>, deliveries: &[Delivery]) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    if deliveries.is_empty() {
        return nothing(t);
    }
    let rows: Vec<Vec<Markup>> = deliveries
        .iter()
        .map(|delivery| {
            let failed = delivery.state == "failed";
            let standing = if failed {
                ui::state(ui::Tone::Late, "alert", t.text("admin.troubles.failed"))
            } else {
                ui::state(ui::Tone::Soon, "clock", t.text("admin.troubles.retrying"))
            };
            vec![
                html! { (delivery.to_name) " (" (delivery.to_code) ")" },
                standing,
                html! { (key_or_words(t, &delivery.error)) },
                html! { (delivery.attempts) },
                html! { (delivery.at.dmy_hhmm()) },
                html! {
                    @if failed {
                        (ui::form(t, &state, "/admin/deliveries/retry", html! {
                            input type="hidden" name="envelope" value=(delivery.envelope);
                            input type="hidden" name="to_code" value=(delivery.to_code);
                            (ui::button(t, ui::ButtonKind::Plain, "admin.troubles.retry", ("retry", "1")))
                        }))
                    }
                },
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("admin.troubles.to"), ui::Cell::Title),
        ui::Column::new(t.text("admin.troubles.state"), ui::Cell::Text),
        ui::Column::new(t.text("admin.troubles.error"), ui::Cell::Span),
        ui::Column::new(t.text("admin.troubles.attempts"), ui::Cell::Number),
        ui::Column::new(t.text("admin.troubles.at"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.troubles.act"), ui::Cell::Text),
    ];
    let caption = t.text("admin.troubles.deliveries");
    ui::table(&ui::Table { caption, columns: &columns, rows: &rows, register: false })
}

/// Dead jobs. Their payloads may hold personal data, so only kind, time and reason are shown.
fn job_table(cx: &Raw<'_>, dead: &[jobs::DeadJob]) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    if dead.is_empty() {
        return nothing(t);
    }
    let rows: Vec<Vec<Markup>> = dead
        .iter()
        .map(|job| {
            vec![
                html! { (job.kind) },
                html! { (key_or_words(t, &job.error)) },
                html! { (job.attempts) },
                html! { (job.run_at.dmy_hhmm()) },
                html! {
                    (ui::form(t, &state, &format!("/admin/jobs/{}/retry", job.id), html! {
                        (ui::button(t, ui::ButtonKind::Plain, "admin.troubles.retry", ("kind", &job.kind)))
                    }))
                },
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("admin.troubles.kind"), ui::Cell::Title),
        ui::Column::new(t.text("admin.troubles.error"), ui::Cell::Span),
        ui::Column::new(t.text("admin.troubles.attempts"), ui::Cell::Number),
        ui::Column::new(t.text("admin.troubles.at"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.troubles.act"), ui::Cell::Text),
    ];
    let caption = t.text("admin.troubles.jobs");
    ui::table(&ui::Table { caption, columns: &columns, rows: &rows, register: false })
}

fn aside_table(t: T, aside: &[(Instant, String, String, String)]) -> Markup {
    if aside.is_empty() {
        return nothing(t);
    }
    let rows: Vec<Vec<Markup>> = aside
        .iter()
        .map(|(at, from, document, reason)| {
            vec![
                html! { (document) },
                html! { (from) },
                html! { (key_or_words(t, reason)) },
                html! { (at.dmy_hhmm()) },
            ]
        })
        .collect();
    let columns = [
        ui::Column::new(t.text("admin.troubles.document"), ui::Cell::Title),
        ui::Column::new(t.text("admin.troubles.from"), ui::Cell::Nowrap),
        ui::Column::new(t.text("admin.troubles.reason"), ui::Cell::Span),
        ui::Column::new(t.text("admin.troubles.at"), ui::Cell::Nowrap),
    ];
    let caption = t.text("admin.troubles.aside");
    ui::table(&ui::Table { caption, columns: &columns, rows: &rows, register: false })
}

/// Tries a dead job again.
pub(crate) fn retry_job(cx: &mut Writer<'_, AdminHealth>) -> Reply {
    if !governs::<AdminHealth>(cx)? {
        return Err(Error::NotFound);
    }
    let id: i64 = cx.param("id")?.parse().map_err(|_| Error::NotFound)?;
    let kind =
        jobs::dead(cx)?.into_iter().find(|job| job.id == id).map(|job| job.kind).ok_or(Error::NotFound)?;
    jobs::revive(cx, id)?;
    recorded(cx, "admin.act.job_retried", &[("kind", kind)])?;
    cx.done("admin.troubles.retried", "/admin/troubles")
}

/// Tries a failed delivery again.
pub(crate) fn retry_delivery(cx: &mut Writer<'_, AdminHealth>) -> Reply {
    let ask: RetryForm = cx.form()?;
    exchange::again(cx, ask.envelope.uuid(), &ask.to_code)?;
    recorded(cx, "admin.act.delivery_retried", &[("to", ask.to_code)])?;
    cx.done("admin.troubles.retried", "/admin/troubles")
}

/// The queues belong to no agency: the act is told of the administrator's own.
fn recorded(
    cx: &mut Writer<'_, AdminHealth>,
    act: &'static str,
    values: &[(&'static str, String)],
) -> Result<()> {
    let agency: AgencyId = cx.agency()?;
    cx.record_noted(act, ("agency", agency), agency, note(values));
    Ok(())
}
