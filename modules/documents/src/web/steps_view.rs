//! Chains of steps in plain words, on the screen that chooses them and on the page of a draft.

use crate::actions::steps::{chain_of, named, step_key};
use crate::model::{Outgoing, OutgoingStatus};
use crate::rights::StepsEdit;
use crate::rules::steps::{Chain, Step};
use crate::rules::types;
use crate::store::steps::{self as store, ChosenRow};
use crate::web::steps::EndForm;
use base::{Instant, Result, T, UnitId};
use kernel::{Opened, Raw, Reader};
use maud::{Markup, html};
use platform::{organisations, people};
use ui::{ButtonKind, Hand};

/// A chain, a step a line: who, what for, on which ground.
pub(crate) fn chain(cx: &Raw<'_>, chain: &Chain) -> Result<Markup> {
    let t = cx.t();
    let mut lines =
        vec![(t.text("documents.steps.who.drafter").to_owned(), "documents.outgoing.hand.drafts", "")];
    for step in chain.steps() {
        lines.push((who(cx, *step)?, step_key(*step), ground(*step)));
    }
    lines.push((t.text("documents.outgoing.clerk").to_owned(), "documents.outgoing.hand.issue", ""));
    let hands: Vec<Hand<'_>> = lines
        .iter()
        .map(|(who, what, ground)| Hand { who, what: t.text(what), when: ground, step: ui::Step::Next })
        .collect();
    Ok(ui::path(t, &hands))
}

fn who(cx: &Raw<'_>, step: Step) -> Result<String> {
    let t = cx.t();
    Ok(match step {
        Step::Content => t.text("documents.outgoing.head").to_owned(),
        Step::Consult(asked) | Step::Initials(asked) => named(cx, asked)?,
        Step::Format => t.text("documents.outgoing.clerk").to_owned(),
        Step::Approve(None) => t.text("documents.outgoing.any_leader").to_owned(),
        Step::Approve(Some(leader)) => people::name(cx, leader)?,
    })
}

const fn ground(step: Step) -> &'static str {
    match step {
        Step::Content => "Nghị định 30/2020/NĐ-CP, Điều 12.1",
        Step::Format => "Nghị định 30/2020/NĐ-CP, Điều 12.2",
        Step::Approve(_) => "Nghị định 30/2020/NĐ-CP, Điều 11, 13",
        Step::Consult(_) | Step::Initials(_) => "",
    }
}

/// For which drafts: type and drafting unit in words.
pub(crate) fn which(cx: &Raw<'_>, (code, unit): (&str, Option<UnitId>)) -> Result<String> {
    let t = cx.t();
    let kind = match types::find(code, cx.now().date()) {
        Some(kind) => kind.name.clone(),
        None => t.text("documents.steps.all_types").to_owned(),
    };
    let unit = match unit {
        Some(unit) => organisations::unit(cx, unit)?.name,
        None => t.text("documents.steps.all_units").to_owned(),
    };
    Ok(format!("{kind}, {unit}"))
}

/// From when, in words.
pub(crate) fn since(t: T, from: Instant) -> String {
    t.fill("documents.steps.since", &[("from", &from.dmy_hhmm())])
}

/// What is chosen and holds now, and what will hold later; the widest first.
pub(crate) fn current(rows: &[ChosenRow], now: Instant) -> Vec<&ChosenRow> {
    let mut seen: Vec<(&str, Option<UnitId>)> = Vec::new();
    let mut found: Vec<&ChosenRow> = Vec::new();
    for row in rows.iter().rev() {
        let key = (row.type_code.as_str(), row.unit);
        if row.from > now {
            found.push(row);
        } else if !seen.contains(&key) {
            seen.push(key);
            if !row.steps.is_empty() {
                found.push(row);
            }
        }
    }
    found.sort_by_key(|row| (row.type_code.clone(), row.unit, row.from));
    found
}

/// One choice of the agency.
pub(crate) fn line(cx: &Reader<'_, StepsEdit>, row: &ChosenRow) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let title = which(cx, (&row.type_code, row.unit))?;
    let unit = row.unit.map(|unit| unit.to_string()).unwrap_or_default();
    let field = ui::find_field::<EndForm>;
    let body = html! {
        p { (since(t, row.from)) span class="muted" { " " (t.fill("documents.steps.by", &[("who", &row.by_name)])) } }
        @match Chain::read(&row.steps) {
            Some(steps) => (chain(cx, &steps)?),
            None => p { (t.text("documents.steps.taken_back")) },
        }
        @if row.from <= cx.now() {
            (ui::form(t, &state, "/documents/steps/end", html! {
                (ui::field(t, field("ended_type"), &state, &row.type_code, &[]))
                (ui::field(t, field("ended_unit"), &state, &unit, &[]))
                (ui::acts(ui::button(t, ButtonKind::Quiet, "documents.steps.button.end", ("", ""))))
            }))
        }
    };
    Ok(ui::card(&format!("steps-{}", row.id), &title, html! {}, ui::stack(body)))
}

/// A step an agency has added, on the way of a draft.
pub(crate) struct Added {
    who: String,
    what: &'static str,
    when: String,
    step: ui::Step,
}

impl Added {
    /// As the way draws it.
    pub(crate) fn hand(&self) -> Hand<'_> {
        Hand { who: &self.who, what: self.what, when: &self.when, step: self.step }
    }
}

/// The five hands every draft goes through, with those that were added behind the head and behind the clerk.
pub(crate) fn with_added<'a>(
    [drafts, content, format, approve, issue]: [Hand<'a>; 5],
    (before, after): (&'a [Added], &'a [Added]),
) -> Vec<Hand<'a>> {
    let mut hands = vec![drafts, content];
    hands.extend(before.iter().map(Added::hand));
    hands.push(format);
    hands.extend(after.iter().map(Added::hand));
    hands.extend([approve, issue]);
    hands
}

/// The steps that were added to the way of a draft: before the form is checked, and after.
pub(crate) fn added(cx: &Raw<'_>, draft: &Opened<Outgoing>) -> Result<(Vec<Added>, Vec<Added>)> {
    let chain = chain_of(cx, draft)?;
    let stands = store::stands(cx, draft.id)?;
    let reviews = match &stands {
        Some(stands) if draft.status != OutgoingStatus::Drafting => {
            store::reviews(cx, draft.id, stands.since)?
        }
        _ => Vec::new(),
    };
    let waits = stands.filter(|_| draft.status == OutgoingStatus::Consulting).map(|stands| stands.place);
    let of = |place: usize, step: Step| -> Result<Added> {
        let said = reviews.iter().find(|one| usize::try_from(one.place) == Ok(place));
        let asked = who(cx, step)?;
        let passed = cx.text("documents.steps.passed");
        let when = said.map(|one| one.at.dmy_hhmm()).unwrap_or_default();
        let (who, when) = match said {
            Some(one) if one.person_name.is_empty() => (asked, format!("{when}, {passed}")),
            Some(one) if one.words.is_empty() => (format!("{} ({asked})", one.person_name), when),
            Some(one) => (format!("{} ({asked})", one.person_name), format!("{when}: {}", one.words)),
            None => (asked, when),
        };
        let state = match (waits == Some(place), said.is_some()) {
            (true, _) => ui::Step::Now,
            (false, true) => ui::Step::Done,
            (false, false) => ui::Step::Next,
        };
        Ok(Added { who, what: cx.t().text(step_key(step)), when, step: state })
    };
    let (before, after) = chain.added();
    let form = chain.form();
    let before = (1..).zip(before).map(|(place, step)| of(place, *step)).collect::<Result<_>>()?;
    let after = (form + 1..).zip(after).map(|(place, step)| of(place, *step)).collect::<Result<_>>()?;
    Ok((before, after))
}
