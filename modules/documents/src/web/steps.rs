//! The screen on which an agency chooses which steps its drafts pass, and from when.

use crate::actions::outgoing::leaders;
use crate::actions::steps::{choose, holders_key};
use crate::rights::StepsEdit;
use crate::rules::steps::{self as rules, ASKABLE, Asked, Chain, Chosen, Step};
use crate::rules::types;
use crate::store::steps as store;
use crate::web::steps_view as view;
use base::form::{Field, Form};
use base::{AgencyId, Date, Error, FieldErrors, PersonId, Result, UnitId};
use kernel::{Raw, Reader, Reply, Routes, Writer};
use maud::{Markup, html};
use platform::{organisations, people};
use ui::{ButtonKind, Choice};

const PAGE: &str = "/documents/steps";

/// The routes of steps.
pub(crate) fn routes(r: &mut Routes) {
    r.get(PAGE, show);
    r.post(PAGE, save).form::<StepsForm>().page(PAGE);
    r.post("/documents/steps/end", end).form::<EndForm>().page(PAGE);
}

base::form! {
    /// Steps for some drafts of the agency.
    pub(crate) struct StepsForm {
        type_code: Option<String> = Field::choice("documents.steps.field.type").max(20),
        unit: Option<UnitId> = Field::choice("documents.steps.field.unit"),
        from: Date = Field::date("documents.steps.field.from").hint("documents.steps.hint.from").required(),
        before_1: Option<String> = Field::choice("documents.steps.field.before_1").max(120),
        before_2: Option<String> = Field::choice("documents.steps.field.before_2").max(120),
        before_3: Option<String> = Field::choice("documents.steps.field.before_3").max(120),
        after_1: Option<String> = Field::choice("documents.steps.field.after_1").max(120),
        after_2: Option<String> = Field::choice("documents.steps.field.after_2").max(120),
        leader: Option<PersonId> = Field::choice("documents.steps.field.leader").hint("documents.steps.hint.leader"),
    }
}

base::form! {
    /// Drafts that shall have no steps of their own any more.
    pub(crate) struct EndForm {
        ended_type: Option<String> = Field::hidden("documents.steps.field.type").max(20),
        ended_unit: Option<UnitId> = Field::hidden("documents.steps.field.unit"),
    }
}

fn show(cx: &Reader<'_, StepsEdit>) -> Reply {
    let (t, agency) = (cx.t(), cx.agency()?);
    let title = t.text("documents.steps.title");
    let rows = store::chosen_rows(cx, agency)?;
    let body = html! {
        (ui::head(title, html! { (t.text("documents.steps.sub")) }, html! {}))
        (ui::split_doc(
            html! {
                (ui::refused(t, cx.refusal(), cx.path()))
                (preview(cx, agency)?)
                (ui::card("choose", t.text("documents.steps.choose"), html! {}, form(cx, agency)?))
            },
            html! {
                (ui::card("least", t.text("documents.steps.least"), html! {}, ui::stack(html! {
                    p { (t.text("documents.steps.least_text")) }
                    (view::chain(cx, &Chain::least())?)
                })))
                (crate::web::ladder::form(cx)?)
                @for line in view::current(&rows, cx.now()) { (view::line(cx, line)?) }
            },
        ))
    };
    cx.page(title, body.into_string())
}

/// The chain that the posted form would make, before it is saved.
fn preview(cx: &Reader<'_, StepsEdit>, agency: AgencyId) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let Some(input) = state.input else { return Ok(html! {}) };
    let Ok(form) = StepsForm::read(input) else { return Ok(html! {}) };
    let Ok(chosen) = chosen(cx, agency, &form) else { return Ok(html! {}) };
    let Some(chain) = &chosen.chain else { return Ok(html! {}) };
    let body = html! {
        p { (view::which(cx, (&chosen.type_code, chosen.unit))?) ". " (view::since(t, chosen.from)) }
        (view::chain(cx, chain)?)
    };
    Ok(ui::card("preview", t.text("documents.steps.preview"), html! {}, ui::stack(body)))
}

fn form(cx: &Reader<'_, StepsEdit>, agency: AgencyId) -> Result<Markup> {
    let (t, state, today) = (cx.t(), cx.form_state(), cx.now().date());
    let field = ui::find_field::<StepsForm>;
    let any = |key: &'static str| Choice::new("", t.text(key));
    let kinds = types::on(today).iter().map(|kind| Choice::new(&kind.code, &kind.name));
    let kinds: Vec<Choice<'_>> = [any("documents.steps.all_types")].into_iter().chain(kinds).collect();
    let units = organisations::units(cx, agency)?;
    let named: Vec<(String, String)> =
        units.iter().map(|unit| (unit.id.to_string(), unit.name.clone())).collect();
    let units = named.iter().map(|(id, name)| Choice::new(id, name));
    let units: Vec<Choice<'_>> = [any("documents.steps.all_units")].into_iter().chain(units).collect();
    let asked = askable(cx, agency, &named)?;
    let asked = asked.iter().map(|(value, label, group)| Choice { value, label, group: t.text(group) });
    let asked: Vec<Choice<'_>> = [any("documents.steps.no_step")].into_iter().chain(asked).collect();
    let leaders: Vec<(String, String)> = leaders(cx, agency)?
        .into_iter()
        .map(|one| (one.person.to_string(), format!("{}, {}", one.name, one.title)))
        .collect();
    let leaders = leaders.iter().map(|(id, name)| Choice::new(id, name));
    let leaders: Vec<Choice<'_>> = [any("documents.steps.any_leader")].into_iter().chain(leaders).collect();
    let body = html! {
        (ui::error_summary(t, &state, StepsForm::FIELDS))
        (ui::fields(html! {
            (ui::field(t, field("type_code"), &state, "", &kinds))
            (ui::field(t, field("unit"), &state, "", &units))
        }))
        (ui::field(t, field("from"), &state, &today.plus_days(1).iso(), &[]))
        p { b { "1. " (t.text("documents.steps.fixed.content")) } }
        @for name in ["before_1", "before_2", "before_3"] { (ui::field(t, field(name), &state, "", &asked)) }
        p { b { "2. " (t.text("documents.steps.fixed.format")) } }
        @for name in ["after_1", "after_2"] { (ui::field(t, field(name), &state, "", &asked)) }
        p { b { "3. " (t.text("documents.steps.fixed.approve")) } }
        (ui::field(t, field("leader"), &state, "", &leaders))
        (ui::acts(html! {
            (ui::button(t, ButtonKind::Plain, "documents.steps.button.preview", ("act", "preview")))
            (ui::submit(t, "documents.steps.button.save", "ctrl+enter"))
        }))
    };
    Ok(ui::form(t, &state, PAGE, body))
}

/// Whom a step can ask: value, label, and the text key of the group it stands in.
fn askable(
    cx: &Raw<'_>,
    agency: AgencyId,
    units: &[(String, String)],
) -> Result<Vec<(String, String, &'static str)>> {
    let (consult, initials) = ("documents.steps.group.consult", "documents.steps.group.initials");
    let mut all: Vec<(String, String, &'static str)> = Vec::new();
    let mut add = |word: String, name: &str, group: &'static str| {
        let what =
            if group == consult { "documents.steps.hand.consult" } else { "documents.steps.hand.initials" };
        all.push((word, format!("{name}: {}", cx.text(what)), group));
    };
    for (id, name) in units {
        add(format!("consult unit:{id}"), name, consult);
    }
    for right in ASKABLE {
        add(Step::Consult(Asked::Holders(right)).word(), cx.text(holders_key(right)), consult);
    }
    let deciding = ["leader", "head"];
    for one in people::of_agency(cx, agency)? {
        if one.active && deciding.contains(&one.role.as_str()) {
            add(format!("initials person:{}", one.person), &format!("{}, {}", one.name, one.title), initials);
        }
    }
    for right in ASKABLE {
        add(Step::Initials(Asked::Holders(right)).word(), cx.text(holders_key(right)), initials);
    }
    Ok(all)
}

/// What the form chooses, checked: units and people of the agency, a type of the law, a day ahead.
fn chosen(cx: &Raw<'_>, agency: AgencyId, form: &StepsForm) -> Result<Chosen> {
    let mut errors = FieldErrors::default();
    let now = cx.now();
    let code = form.type_code.clone().unwrap_or_default();
    if !code.is_empty() && types::find(&code, now.date()).is_none() {
        errors.add("type_code", "form.choose");
    }
    let units = organisations::units(cx, agency)?;
    if form.unit.is_some_and(|unit| units.iter().all(|one| one.id != unit)) {
        errors.add("unit", "form.choose");
    }
    let leaders = leaders(cx, agency)?;
    if form.leader.is_some_and(|leader| leaders.iter().all(|one| one.person != leader)) {
        errors.add("leader", "form.choose");
    }
    if form.from < now.date() {
        errors.add("from", "documents.steps.error.past");
    }
    let people = people::of_agency(cx, agency)?;
    let here = |asked: Asked| match asked {
        Asked::Unit(unit) => units.iter().any(|one| one.id == unit),
        Asked::Person(person) => people.iter().any(|one| one.active && one.person == person),
        Asked::Holders(_) => true,
    };
    let mut step = |name: &'static str, word: &Option<String>| {
        let word = word.as_deref()?;
        let found = Step::parse(word).filter(|step| step.asked().is_some_and(here));
        if found.is_none() {
            errors.add(name, "form.choose");
        }
        found
    };
    let before = [("before_1", &form.before_1), ("before_2", &form.before_2), ("before_3", &form.before_3)];
    let before: Vec<Step> = before.into_iter().filter_map(|(name, word)| step(name, word)).collect();
    let after = [("after_1", &form.after_1), ("after_2", &form.after_2)];
    let after: Vec<Step> = after.into_iter().filter_map(|(name, word)| step(name, word)).collect();
    errors.into_result(())?;
    let chain = Chain::of((&before, &after), form.leader)?;
    let from = rules::begins(form.from, now);
    Ok(Chosen { type_code: code, unit: form.unit, from, chain: Some(chain) })
}

fn save(cx: &mut Writer<'_, StepsEdit>) -> Reply {
    let form: StepsForm = cx.form()?;
    let agency = cx.agency()?;
    let chosen = chosen(cx, agency, &form)?;
    // A look before saving: the page comes back with the chain the form makes.
    if cx.posted("act") == Some("preview") {
        return Err(Error::Invalid(FieldErrors::default()));
    }
    choose(cx, agency, &chosen)?;
    cx.done_with("documents.steps.done.saved", PAGE, &[("from", chosen.from.dmy_hhmm())], agency)
}

fn end(cx: &mut Writer<'_, StepsEdit>) -> Reply {
    let form: EndForm = cx.form()?;
    let agency = cx.agency()?;
    let type_code = form.ended_type.unwrap_or_default();
    let chosen = Chosen { type_code, unit: form.ended_unit, from: cx.now(), chain: None };
    choose(cx, agency, &chosen)?;
    cx.done_with("documents.steps.done.ended", PAGE, &[], agency)
}
