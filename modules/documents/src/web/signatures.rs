//! What signatures are worth, as people read it: a banner above, a mark in lists, one line a signature as evidence.

use crate::model::SignatureVerdict as V;
use crate::store::signatures::{self as store, Verdict};
use crate::web::incoming_show::short_time;
use base::{AgencyId, Instant, Result, T};
use contracts::signing::{SignatureTold, VerifyTold};
use kernel::Raw;
use maud::{Markup, html};
use platform::files::FileOf;
use ui::Tone;

/// A file and what was found of it.
pub(crate) struct Judged {
    name: String,
    verdict: Verdict,
    told: VerifyTold,
}

/// What was found of the files of a document.
pub(crate) fn judged(cx: &Raw<'_>, agency: AgencyId, files: &[FileOf]) -> Result<Vec<Judged>> {
    let mut all = Vec::new();
    for file in files {
        let Some(verdict) = store::verdict(cx, agency, &file.sha256)? else { continue };
        let Ok(told) = serde_json::from_str::<VerifyTold>(&verdict.told) else { continue };
        all.push(Judged { name: file.name.clone(), verdict, told });
    }
    Ok(all)
}

const fn look(state: V) -> (Tone, &'static str) {
    match state {
        V::Valid => (Tone::Ok, "shield"),
        V::Invalid => (Tone::Late, "shieldx"),
        V::Unverifiable => (Tone::Soon, "shield"),
        V::None => (Tone::Plain, "shield"),
    }
}

/// What the signatures of a document are worth together.
pub(crate) fn banner((t, now): (T, Instant), state: V, all: &[Judged]) -> Markup {
    let key = match state {
        V::Valid => "documents.signature.valid",
        V::Invalid => "documents.signature.invalid",
        V::Unverifiable => "documents.signature.unverifiable",
        V::None => return html! {},
    };
    let (tone, icon) = look(state);
    let mut names: Vec<&str> = Vec::new();
    let signatures = all.iter().flat_map(|one| &one.told.signatures);
    for one in signatures.filter(|one| one.kind != "timestamp" && !one.name.is_empty()) {
        if !names.contains(&one.name.as_str()) {
            names.push(&one.name);
        }
    }
    let checked = all.iter().map(|one| one.verdict.at).max();
    let link = html! { @if !all.is_empty() { a.small href="#signatures" { (t.text("documents.signature.evidence")) } } };
    let body = html! {
        b { (t.text(key)) }
        @if let (false, Some(at)) = (names.is_empty(), checked) {
            p { (t.fill("documents.signature.by", &[("who", &names.join(", ")), ("at", &short_time(at, now))])) }
        }
    };
    ui::banner(tone, icon, body, link)
}

/// One word for a list; nothing for what bears no signature.
pub(crate) fn mark(t: T, state: V) -> Markup {
    let (tone, icon) = look(state);
    match state {
        V::None => html! {},
        V::Valid => ui::chip(tone, icon, t.text("documents.signature.mark.valid")),
        V::Invalid => ui::chip(tone, icon, t.text("documents.signature.mark.invalid")),
        V::Unverifiable => ui::chip(tone, icon, t.text("documents.signature.mark.unverifiable")),
    }
}

/// The evidence: each signature of each file in one line, with when and why.
pub(crate) fn card(t: T, all: &[Judged]) -> Markup {
    if all.iter().all(|one| one.told.signatures.is_empty() && one.told.reasons.is_empty()) {
        return html! {};
    }
    let body = html! {
        @for one in all {
            @if !(one.told.signatures.is_empty() && one.told.reasons.is_empty()) {
                p { b { (one.name) } " " span.muted { (t.fill("documents.signature.checked", &[("at", &one.verdict.at.dmy_hhmm())])) } }
                @for reason in &one.told.reasons { p { (reason_text(t, reason)) } }
                ul.lines {
                    @for signature in &one.told.signatures { li { div { (line(t, signature)) } } }
                }
            }
        }
    };
    ui::card("signatures", t.text("documents.signature.title"), html! {}, body)
}

fn line(t: T, one: &SignatureTold) -> Markup {
    let state = V::parse(&one.state).unwrap_or(V::Unverifiable);
    let when = match (one.proven_at, one.claimed_at) {
        (Some(at), _) => t.fill("documents.signature.proven", &[("at", &at.dmy_hhmm())]),
        (None, Some(at)) => t.fill("documents.signature.claimed", &[("at", &at.dmy_hhmm())]),
        (None, None) => String::new(),
    };
    let kind = t.text(&format!("documents.signature.kind.{}", one.kind)).to_owned();
    let reasons: Vec<String> = one.reasons.iter().map(|reason| reason_text(t, reason)).collect();
    html! {
        (mark(t, state)) " " b { (one.name) } ", " (kind) ", " span.muted { (when) }
        @if !reasons.is_empty() { ": " (reasons.join("; ")) }
    }
}

/// A code that has no text yet is still better than nothing.
fn reason_text(t: T, code: &str) -> String {
    let key = format!("documents.signature.reason.{}", code.replace('-', "_"));
    if t.has(&key) { t.text(&key).to_owned() } else { code.to_owned() }
}
