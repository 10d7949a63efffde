//! The recipient picker's search, and saved groups.

use crate::actions::outgoing::plan_of;
use crate::actions::recipients::{self as actions, Group, Plan};
use crate::model::Outgoing;
use crate::rights::{OutgoingDraft, OutgoingRead};
use crate::store::recipients::{self as store, Saved};
use base::form::{Field, Form, Input};
use base::{AgencyId, Id, Result};
use kernel::{Raw, Reader, Reply, Response, Writer};
use maud::{Markup, html};
use platform::organisations::{self, Agency};
use ui::{ButtonKind, Choice, Column, Table};

/// How many agencies a search shows: more would be read by nobody.
const FOUND_MAX: i64 = 12;

base::form! {
    /// A group of agencies under a name.
    pub(crate) struct GroupForm {
        name: String = Field::line("documents.recipients.field.name").required().max(100),
        members: Vec<AgencyId> = Field::lookups("documents.recipients.field.members", "/documents/recipients").required(),
    }
}

/// What a search found: who can be sent to, and who cannot with the reason.
struct Hit {
    agency: Agency,
    /// Why it cannot be chosen; empty when it can.
    why_not: String,
    /// The code, or whom it took over from.
    note: String,
}

fn hits(cx: &Raw<'_>) -> Result<Vec<Hit>> {
    let (own, day, t) = (cx.agency()?, cx.now().date(), cx.t());
    let mut hits: Vec<Hit> = Vec::new();
    let Some(words) = cx.query("q") else { return Ok(hits) };
    for agency in organisations::find(cx, words, FOUND_MAX)? {
        // Hub nodes of the network are no recipients.
        if agency.code_102.contains("W00") || agency.id == own {
            continue;
        }
        if agency.locked {
            let why_not = t.text("documents.recipients.locked").to_owned();
            let note = agency.code_102.clone();
            hits.push(Hit { agency, why_not, note });
            continue;
        }
        if agency.is_open(day) {
            let note = agency.code_102.clone();
            hits.push(Hit { agency, why_not: String::new(), note });
            continue;
        }
        let successors = organisations::successors(cx, agency.id)?;
        let names: Vec<&str> = successors.iter().map(|one| one.name.as_str()).collect();
        let key =
            if names.is_empty() { "documents.recipients.ended" } else { "documents.recipients.succeeded" };
        let why_not = t.fill(key, &[("new", &names.join(", "))]);
        let note = t.fill("documents.recipients.instead_of", &[("name", &agency.name)]);
        hits.push(Hit { note: agency.code_102.clone(), agency, why_not });
        for new in successors.into_iter().filter(|new| new.is_open(day)) {
            if hits.iter().all(|hit| hit.agency.id != new.id) {
                hits.push(Hit { agency: new, why_not: String::new(), note: note.clone() });
            }
        }
    }
    Ok(hits)
}

/// The lines of a picker's list.
pub(crate) fn find(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let hits = hits(cx)?;
    let lines = html! {
        @for hit in &hits {
            @if hit.why_not.is_empty() {
                (ui::picker_options(cx.t(), &[ui::Found {
                    id: &hit.agency.id.to_string(),
                    label: &hit.agency.name,
                    note: &hit.note,
                }]))
            } @else {
                li role="option" aria-disabled="true" aria-selected="false" {
                    span.muted { (hit.agency.name) } small { (hit.why_not) }
                }
            }
        }
        @if hits.is_empty() { (ui::picker_options(cx.t(), &[])) }
    };
    Ok(Response::Fragment(lines.into_string()))
}

/// The same for programs.
pub(crate) fn find_data(cx: &Reader<'_, OutgoingRead>) -> Reply {
    let items: Vec<serde_json::Value> = hits(cx)?
        .into_iter()
        .map(|hit| {
            serde_json::json!({
                "id": hit.agency.id, "code": hit.agency.code_102, "name": hit.agency.name,
                "tier": hit.agency.tier.word(), "open": hit.why_not.is_empty(), "note": hit.note,
                "why_not": hit.why_not,
            })
        })
        .collect();
    Ok(Response::Json(serde_json::json!({ "items": items })))
}

/// As many posted agencies are drawn again; a list that was too long to be read is not drawn in full either.
const KNOWN_MAX: usize = 1_000;

/// The agencies a picker knows when its page is drawn: those chosen, those posted, and those a search without
/// script found.
pub(crate) fn known(cx: &Raw<'_>, field: &str, chosen: &[AgencyId]) -> Result<Vec<(String, String)>> {
    let mut ids: Vec<AgencyId> = chosen.to_vec();
    let state = cx.form_state();
    if let Some(input) = state.input {
        ids.extend(input.all(field).take(KNOWN_MAX).filter_map(|id| id.parse::<AgencyId>().ok()));
        if input.holds("_find", field) {
            ids.extend(found_by_words(cx, field, input)?);
        }
    }
    let mut out: Vec<(String, String)> = Vec::new();
    for id in ids {
        let word = id.to_string();
        if out.iter().all(|(known, _)| *known != word)
            && let Ok(agency) = organisations::agency(cx, id)
        {
            out.push((word, agency.name));
        }
    }
    Ok(out)
}

fn found_by_words(cx: &Raw<'_>, field: &str, input: &Input) -> Result<Vec<AgencyId>> {
    let words = input.get(&format!("{field}_q")).unwrap_or("");
    let day = cx.now().date();
    let found = organisations::find(cx, words, FOUND_MAX)?;
    Ok(found.into_iter().filter(|one| one.is_open(day)).map(|one| one.id).collect())
}

/// The recipients part of a form: single agencies and groups.
pub(crate) fn chooser<F: Form>(cx: &Raw<'_>, agency: AgencyId, plan: &Plan) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let known = known(cx, "to", &plan.agencies)?;
    let groups = actions::groups(cx, agency)?;
    // Communes of single districts are many: they fold away until asked for.
    let (rare, usual): (Vec<&Group>, Vec<&Group>) = groups
        .iter()
        .partition(|group| group.key.starts_with("communes-") && !plan.groups.contains(&group.key));
    let chosen = plan.groups.join(",");
    let field = ui::find_field::<F>("groups");
    let taps = |groups: &[&Group]| {
        let options: Vec<Choice<'_>> =
            groups.iter().map(|group| Choice::new(&group.key, &group.label)).collect();
        ui::taps(t, field, &state, &chosen, &options)
    };
    Ok(html! {
        (ui::picker(t, ui::find_field::<F>("to"), &state, &known, "/documents/recipients"))
        @if !usual.is_empty() { (taps(&usual)) }
        @if !rare.is_empty() { (ui::more(t.text("documents.recipients.by_district"), taps(&rare))) }
    })
}

/// Whom a plan names, as words for the letter: single agencies and groups.
pub(crate) fn addressees(cx: &Raw<'_>, document: &Outgoing) -> Result<Vec<String>> {
    let plan = plan_of(document);
    let mut names = Vec::new();
    for id in &plan.agencies {
        names.push(organisations::agency(cx, *id)?.name);
    }
    if !plan.groups.is_empty() {
        let groups = actions::groups(cx, document.agency)?;
        names.extend(groups.into_iter().filter(|one| plan.groups.contains(&one.key)).map(|one| one.label));
    }
    Ok(names)
}

/// The groups an agency can send to, and the form for a new one.
pub(crate) fn groups(cx: &Reader<'_, OutgoingDraft>) -> Reply {
    let (t, state, agency) = (cx.t(), cx.form_state(), cx.agency()?);
    let groups = actions::groups(cx, agency)?;
    let known = known(cx, "members", &[])?;
    let new = html! {
        (ui::error_summary(t, &state, GroupForm::FIELDS))
        (ui::field(t, ui::find_field::<GroupForm>("name"), &state, "", &[]))
        (ui::picker(t, ui::find_field::<GroupForm>("members"), &state, &known, "/documents/recipients"))
        (ui::acts(ui::submit(t, "documents.recipients.save", "ctrl+enter")))
    };
    let trail = [ui::Crumb { label: t.text("documents.outgoing.title"), href: "/documents/outgoing" }];
    let title = t.text("documents.recipients.groups");
    let body = html! {
        (ui::crumbs(t, &trail, title))
        (ui::head(title, html! { (t.text("documents.recipients.groups_sub")) }, html! {}))
        (ui::refused(t, cx.refusal(), cx.path()))
        (ui::stack(html! {
            (ui::card_flush("groups", title, html! {}, table(cx, &groups)))
            (ui::card("new-group", t.text("documents.recipients.new_group"), html! {},
                ui::form(t, &state, "/documents/recipients/groups", new)))
        }))
    };
    cx.page(title, body.into_string())
}

fn table(cx: &Raw<'_>, groups: &[Group]) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let columns = [
        Column::new(t.text("documents.recipients.field.name"), ui::Cell::Title),
        Column::new(t.text("documents.recipients.count"), ui::Cell::Number),
        Column::new(t.text("documents.recipients.kind"), ui::Cell::Text),
    ];
    let rows: Vec<Vec<Markup>> = groups
        .iter()
        .map(|group| {
            let id = group.key.strip_prefix("saved-").unwrap_or("");
            let names: Vec<&str> = group.members.iter().map(|one| one.name.as_str()).collect();
            vec![
                html! { (group.label) @if group.saved { " " small { (names.join(", ")) } } },
                html! { (group.members.len()) },
                html! {
                    @if group.saved {
                        (ui::form(t, &state, &format!("/documents/recipients/groups/{id}/void"),
                            ui::button(t, ButtonKind::Quiet, "documents.recipients.void", ("", ""))))
                    } @else { (t.text("documents.recipients.built_in")) }
                },
            ]
        })
        .collect();
    let caption = t.text("documents.recipients.groups");
    ui::table(&Table { caption, columns: &columns, rows: &rows, register: false })
}

pub(crate) fn save_group(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    crate::web::outgoing::looked_up(cx)?;
    let form: GroupForm = cx.form()?;
    actions::save_group(cx, &form.name, &form.members)?;
    cx.done("documents.done.outgoing.group", "/documents/recipients/groups")
}

pub(crate) fn void_group(cx: &mut Writer<'_, OutgoingDraft>) -> Reply {
    let id: Id<store::Saved> = cx.path_id::<Saved>()?;
    actions::void_group(cx, id)?;
    cx.done("documents.done.outgoing.group_void", "/documents/recipients/groups")
}
