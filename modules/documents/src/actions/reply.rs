//! From an incoming document to a draft with everything filled in: an answer, or the document passed on.

use crate::actions::incoming;
use crate::actions::outgoing::begin;
use crate::actions::recipients::{self, Plan};
use crate::model::{Incoming, Outgoing};
use crate::rights::OutgoingDraft;
use crate::rules;
use crate::rules::types;
use crate::store::outgoing::{self as store, Origin, Text};
use base::form::Upload;
use base::{Date, Result};
use kernel::{Opened, Raw, Writer};
use platform::{files, organisations};

/// The code of letters in `rules/types.toml`.
pub(crate) const LETTER: &str = "CV";

/// A draft with nothing in it but what every draft has.
pub(crate) fn blank(cx: &Raw<'_>) -> Text {
    let letter = types::find(LETTER, cx.now().date());
    Text {
        type_code: LETTER.to_owned(),
        type_name: letter.map(|kind| kind.name.clone()).unwrap_or_default(),
        subject: String::new(),
        body: String::new(),
        urgency: 0,
        pages: 1,
        copies: 1,
        due: None,
        to_places: cx.text("documents.outgoing.template.places").to_owned(),
        signer: None,
        signer_name: String::new(),
        plan: String::new(),
        dropped_files: String::new(),
    }
}

/// The answer to an incoming document: its issuer as addressee, its words named. Whoever asks twice gets the
/// same draft.
pub(crate) fn answer(
    cx: &mut Writer<'_, OutgoingDraft>,
    origin: &Opened<Incoming>,
) -> Result<Opened<Outgoing>> {
    rules::incoming::stands(origin)?;
    if let Some(id) = store::answer_in_hand(cx, origin.id, cx.person()?)? {
        return cx.open(id);
    }
    let mut text = blank(cx);
    text.subject = subject(cx, origin, "documents.outgoing.template.answer_subject");
    text.body = body(cx, origin, "documents.outgoing.template.answer_body")?;
    text.urgency = origin.urgency;
    text.plan = issuer(cx, origin)?.text();
    let draft = begin(cx, origin.agency, text, Origin { answers: Some(origin.id), ..Origin::default() })?;
    incoming::begun(cx, origin)?;
    Ok(draft)
}

/// A new document that passes an incoming one on, its files with it.
pub(crate) fn forward(
    cx: &mut Writer<'_, OutgoingDraft>,
    origin: &Opened<Incoming>,
    mut plan: Plan,
) -> Result<Opened<Outgoing>> {
    rules::incoming::stands(origin)?;
    if plan.is_empty() {
        plan.groups.extend(recipients::next_level(&recipients::groups(cx, origin.agency)?));
    }
    let mut text = blank(cx);
    text.subject = subject(cx, origin, "documents.outgoing.template.forward_subject");
    text.body = body(cx, origin, "documents.outgoing.template.forward_body")?;
    text.urgency = origin.urgency;
    text.due = origin.due.map(|due| earlier(due, cx.now().date()));
    text.plan = plan.text();
    let draft = begin(cx, origin.agency, text, Origin { forwards: Some(origin.id), ..Origin::default() })?;
    for (sort, file) in (0_i64..).zip(files::of(cx, origin.id)?) {
        let same = Upload {
            sha256: file.sha256,
            bytes: file.bytes,
            content_type: file.content_type,
            name: file.name,
        };
        files::add(cx, (draft.agency, draft.id), ("annex", sort), &same)?;
    }
    incoming::begun(cx, origin)?;
    Ok(draft)
}

/// Those below answer two working days before the agency itself must.
fn earlier(due: Date, today: Date) -> Date {
    let calendar = base::calendar::Calendar::vietnam();
    let (mut day, mut left) = (due, 2);
    while left > 0 && day > today {
        day = day.plus_days(-1);
        left -= i32::from(calendar.is_working_day(day));
    }
    day.max(today)
}

/// The agency that issued a document, or who took over from it; nobody when it came on paper from an unknown.
fn issuer(cx: &Raw<'_>, origin: &Incoming) -> Result<Plan> {
    let mut plan = Plan::default();
    if origin.from_code.is_empty() {
        return Ok(plan);
    }
    if let Some(agency) = organisations::by_code(cx, &origin.from_code)? {
        if agency.is_open(cx.now().date()) || agency.locked {
            plan.agencies.push(agency.id);
        } else {
            plan.agencies.extend(organisations::successors(cx, agency.id)?.iter().map(|one| one.id));
        }
    }
    Ok(plan)
}

fn subject(cx: &Raw<'_>, origin: &Incoming, key: &str) -> String {
    let whole = cx.t().fill(
        key,
        &[
            ("type", &origin.type_name),
            ("symbol", &origin.symbol),
            ("from", &origin.from_name),
            ("subject", &rules::text::lower_first(&origin.subject)),
        ],
    );
    rules::text::cut(&whole, 500)
}

fn body(cx: &Raw<'_>, origin: &Incoming, key: &str) -> Result<String> {
    let agency = organisations::agency(cx, origin.agency)?;
    Ok(cx.t().fill(
        key,
        &[
            ("type", &origin.type_name),
            ("symbol", &origin.symbol),
            ("date", &origin.promulgated.long_vi()),
            ("from", &origin.from_name),
            ("subject", &rules::text::lower_first(&origin.subject)),
            ("agency", &agency.name),
        ],
    ))
}
