//! The page a draft is written on: form left, the letter as it will read right.

use crate::actions::outgoing::{files_of, heads, leaders, path};
use crate::actions::recipients::Plan;
use crate::model::{Incoming, Outgoing};
use crate::rights::OutgoingDraft;
use crate::rules::types;
use crate::store::outgoing::Text;
use crate::web::compose::DraftForm;
use crate::web::incoming_show::urgency_key;
use crate::web::official::body_file;
use crate::web::recipients::chooser;
use crate::web::{editor, letter};
use base::Result;
use base::form::Form;
use kernel::{Opened, Reader, Reply};
use maud::{Markup, html};
use platform::organisations;
use ui::{ButtonKind, Choice, FormOptions, Hand, Step};

/// The page of a new draft, or of one that is being written.
pub(crate) fn page(cx: &Reader<'_, OutgoingDraft>, draft: Option<&Opened<Outgoing>>, text: &Text) -> Reply {
    let (t, state) = (cx.t(), cx.form_state());
    let agency = draft.map_or_else(|| cx.agency(), |draft| Ok(draft.agency))?;
    let (action, autosave) = match draft {
        Some(draft) => (format!("{}/save", path(draft.id)), true),
        None => ("/documents/outgoing".to_owned(), false),
    };
    let autosave = autosave.then_some(action.as_str());
    let options = FormOptions { id: "draft", multipart: true, autosave, guard: true };
    let form = ui::stack(html! {
        (ui::card("form", t.text("documents.outgoing.part.form"), html! {}, form_part(cx, text)?))
        (ui::card("content", t.text("documents.outgoing.part.content"), html! {}, content_part(cx, draft, text)?))
        (ui::card("recipients", t.text("documents.outgoing.part.recipients"), groups_link(cx), rows(html! {
            (chooser::<DraftForm>(cx, agency, &Plan::read(&text.plan))?)
            (ui::field(t, ui::find_field::<DraftForm>("to_places"), &state, &text.to_places, &[]))
        })))
    });
    let body = html! {
        (ui::error_summary(t, &state, DraftForm::FIELDS))
        (version(cx, draft))
        @match draft {
            Some(draft) => (ui::split_doc(form, html! {
                div.sticky {
                    (ui::stack(html! {
                        (letter::preview(cx, draft)?)
                        (ui::card("route", t.text("documents.outgoing.part.route"), html! {}, route(cx, draft)?))
                    }))
                }
            })),
            None => (ui::split_doc(form, html! { div.sticky { (letter::preview_unsaved(t)) } })),
        }
        (buttons(cx, draft))
        (ui::script("compose.js"))
    };
    let form = ui::form_with(t, &state, (&action, &options), body);
    let title = t.text(if draft.is_some() { "documents.outgoing.compose" } else { "documents.outgoing.new" });
    let body = html! {
        (ui::crumbs(t, &[ui::Crumb { label: t.text("documents.outgoing.title"), href: "/documents/outgoing" }], title))
        (ui::head(title, sub(cx, draft)?, html! { (ui::saved(t, &saved_at(draft))) }))
        (ui::stack(html! {
            (ui::refused(t, cx.refusal(), cx.path()))
            (theirs(cx, draft))
            (form)
        }))
    };
    cx.page(title, body.into_string())
}

/// Fields under one another.
fn rows(body: Markup) -> Markup {
    html! { div.stack.stack--form { (body) } }
}

fn saved_at(draft: Option<&Opened<Outgoing>>) -> String {
    draft.map(|draft| draft.updated_at.hhmm()).unwrap_or_default()
}

/// The version this page was read at. After "somebody saved meanwhile" the page shows both texts, so the next
/// save is of somebody who has seen them.
fn version(cx: &Reader<'_, OutgoingDraft>, draft: Option<&Opened<Outgoing>>) -> Markup {
    let Some(draft) = draft else { return html! {} };
    let current = draft.version.to_string();
    let state = cx.form_state();
    let seen = if is_stale(cx) { current.as_str() } else { state.value("version", &current) };
    html! { input type="hidden" name="version" value=(seen); }
}

fn is_stale(cx: &Reader<'_, OutgoingDraft>) -> bool {
    cx.refusal().is_some_and(|refusal| refusal.key == "documents.outgoing.refuse.stale")
}

/// The text somebody else saved meanwhile, beside what this person wrote.
fn theirs(cx: &Reader<'_, OutgoingDraft>, draft: Option<&Opened<Outgoing>>) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let (Some(draft), Some(input), true) = (draft, state.input, is_stale(cx)) else { return html! {} };
    let mine = input.get("body").unwrap_or("").replace("\r\n", "\n");
    let body = html! {
        (letter::difference(t, &draft.body, &mine))
        (ui::more(t.text("documents.outgoing.their_text"), html! {
            p { b { (draft.subject) } }
            @for line in draft.body.lines() { p { (line) } }
        }))
    };
    ui::card("theirs", t.text("documents.outgoing.both_texts"), html! {}, body)
}

fn sub(cx: &Reader<'_, OutgoingDraft>, draft: Option<&Opened<Outgoing>>) -> Result<Markup> {
    let Some(draft) = draft else {
        let sub =
            html! { (cx.text("documents.outgoing.new_sub")) ". " (cx.text("documents.secret.not_here")) };
        return Ok(sub);
    };
    let t = cx.t();
    let versions = t.fill("documents.outgoing.version_n", &[("n", &draft.version)]);
    Ok(html! {
        (origin(cx, draft)?)
        a href={ (path(draft.id)) "/versions" } { (versions) }
        @if let Some(due) = draft.due { (ui::deadline_chip(t, Some(due.into()), cx.now())) }
    })
}

/// The document a draft answers or passes on.
pub(crate) fn origin(cx: &kernel::Raw<'_>, draft: &Outgoing) -> Result<Markup> {
    let t = cx.t();
    let (key, id) = match (draft.answers, draft.forwards) {
        (Some(id), _) => ("documents.outgoing.answers", id),
        (None, Some(id)) => ("documents.outgoing.forwards", id),
        (None, None) => return Ok(html! {}),
    };
    let origin = cx.open::<Incoming>(id)?;
    Ok(html! {
        span {
            (t.text(key)) " "
            a href=(crate::actions::incoming::path(id)) { (origin.symbol) }
            " " (origin.from_name)
        }
    })
}

fn form_part(cx: &Reader<'_, OutgoingDraft>, text: &Text) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let field = ui::find_field::<DraftForm>;
    let types: Vec<(String, String)> = types::on(cx.now().date())
        .iter()
        .map(|kind| match kind.abbreviation.as_str() {
            "" => (kind.code.clone(), kind.name.clone()),
            abbreviation => (kind.code.clone(), format!("{} ({abbreviation})", kind.name)),
        })
        .collect();
    let types: Vec<Choice<'_>> = types.iter().map(|(code, label)| Choice::new(code, label)).collect();
    let urgencies: Vec<(String, &str)> = (0..=4).map(|n| (n.to_string(), t.text(urgency_key(n)))).collect();
    let urgencies: Vec<Choice<'_>> =
        urgencies.iter().map(|(value, label)| Choice::new(value, label)).collect();
    let leaders: Vec<(String, String)> = leaders(cx, cx.agency()?)?
        .into_iter()
        .map(|leader| (leader.person.to_string(), format!("{}, {}", leader.name, leader.title)))
        .collect();
    let mut signers = vec![Choice::new("", t.text("documents.outgoing.any_leader"))];
    signers.extend(leaders.iter().map(|(id, label)| Choice::new(id, label)));
    let signer = text.signer.map(|signer| signer.to_string()).unwrap_or_default();
    let due = text.due.map(base::Date::iso).unwrap_or_default();
    Ok(rows(html! {
        (ui::fields(html! {
            (ui::field(t, field("type_code"), &state, &text.type_code, &types))
            (ui::field(t, field("urgency"), &state, &text.urgency.to_string(), &urgencies))
        }))
        (ui::field(t, field("subject"), &state, &text.subject, &[]))
        (ui::fields(html! {
            (ui::field(t, field("signer"), &state, &signer, &signers))
            (ui::field(t, field("due"), &state, &due, &[]))
        }))
        (ui::fields(html! {
            (ui::field(t, field("pages"), &state, &text.pages.to_string(), &[]))
            (ui::field(t, field("copies"), &state, &text.copies.to_string(), &[]))
        }))
    }))
}

fn content_part(
    cx: &Reader<'_, OutgoingDraft>,
    draft: Option<&Opened<Outgoing>>,
    text: &Text,
) -> Result<Markup> {
    let (t, state) = (cx.t(), cx.form_state());
    let field = ui::find_field::<DraftForm>;
    let files: Vec<(String, String)> = match draft {
        Some(draft) => {
            files_of(cx, draft)?.into_iter().map(|file| (file.id.to_string(), file.name)).collect()
        }
        None => Vec::new(),
    };
    let drops: Vec<Choice<'_>> = files.iter().map(|(id, name)| Choice::new(id, name)).collect();
    Ok(rows(html! {
        (stands(cx, draft)?)
        (editor::words(cx, &text.body))
        (ui::field(t, field("body_pdf"), &state, "", &[]))
        (ui::field(t, field("main"), &state, "", &[]))
        (ui::field(t, field("files"), &state, "", &[]))
        @if !drops.is_empty() { (ui::taps(t, field("drop"), &state, "", &drops)) }
    }))
}

/// The file that stands for the words, and the way back from it.
fn stands(cx: &Reader<'_, OutgoingDraft>, draft: Option<&Opened<Outgoing>>) -> Result<Markup> {
    let Some(draft) = draft else { return Ok(html! {}) };
    let Some((file, _)) = body_file(cx, draft)? else { return Ok(html! {}) };
    let t = cx.t();
    let at = file.at.dmy_hhmm();
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("name", &file.name), ("pages", &file.pages), ("who", &file.by_name), ("at", &at)];
    let act = html! {
        button.btn formaction={ (path(draft.id)) "/take-back-file" } { (t.text("documents.editor.button.take_back")) }
    };
    let told = t.fill("documents.editor.body.stands", &values);
    Ok(ui::banner(ui::Tone::Info, "clip", html! { (told) }, act))
}

fn groups_link(cx: &Reader<'_, OutgoingDraft>) -> Markup {
    html! { a.small href="/documents/recipients/groups" { (cx.text("documents.recipients.groups")) } }
}

/// The hands the draft will pass through.
fn route(cx: &Reader<'_, OutgoingDraft>, draft: &Opened<Outgoing>) -> Result<Markup> {
    let t = cx.t();
    let heads = heads(cx, draft)?;
    let head = heads.first().filter(|head| head.person != draft.drafter);
    let signer = if draft.signer_name.is_empty() {
        t.text("documents.outgoing.any_leader")
    } else {
        &draft.signer_name
    };
    let agency = organisations::agency(cx, draft.agency)?;
    let hand = |who, what, step| Hand { who, what: t.text(what), when: "", step };
    let mut hands = vec![hand(draft.drafter_name.as_str(), "documents.outgoing.hand.drafts", Step::Now)];
    if let Some(head) = head {
        hands.push(hand(&head.name, "documents.outgoing.hand.content", Step::Next));
    }
    hands.push(hand(t.text("documents.outgoing.clerk"), "documents.outgoing.hand.format", Step::Next));
    hands.push(hand(signer, "documents.outgoing.hand.approve", Step::Next));
    hands.push(hand(&agency.name, "documents.outgoing.hand.issue", Step::Next));
    Ok(ui::path(t, &hands))
}

fn buttons(cx: &Reader<'_, OutgoingDraft>, draft: Option<&Opened<Outgoing>>) -> Markup {
    let t = cx.t();
    let submit = draft.map(|draft| format!("{}/submit", path(draft.id)));
    html! {
        div.footbar {
            span.hint { (t.text("documents.outgoing.saves_itself")) }
            (ui::button(t, ButtonKind::Plain, "documents.outgoing.button.save", ("act", "save")))
            @match &submit {
                Some(address) => button.btn.btn--primary formaction=(address) data-key="ctrl+enter" {
                    (t.text("documents.outgoing.button.submit")) " " kbd aria-hidden="true" { "Ctrl ↵" }
                },
                None => (ui::button(t, ButtonKind::Primary, "documents.outgoing.button.submit", ("act", "submit"))),
            }
        }
    }
}
