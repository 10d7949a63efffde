//! The panel of what the person in front of the screen is expected to do with an outgoing document.

use crate::actions::approvals::is_collective;
use crate::actions::outgoing::{heads, ids, leaders, path, plan_of, with_hands};
use crate::actions::steps;
use crate::model::{Outgoing, OutgoingStatus as S};
use crate::rights::{
    OutgoingApprove, OutgoingApproveContent, OutgoingApproveFormat, OutgoingDraft, OutgoingIssue,
    OutgoingRead, OutgoingReview,
};
use crate::rules;
use crate::rules::signing::{self as authorities, Competence};
use crate::rules::steps::Step;
use crate::store::signatures;
use crate::web::outgoing::{ApproveForm, IssueForm, ReasonForm, RemarkForm};
use crate::web::recipients::chooser;
use crate::web::signing;
use base::Result;
use base::form::Form;
use kernel::{Opened, Raw, Reader};
use maud::{Markup, html};
use ui::{ButtonKind, Choice};

type Cx<'a> = Reader<'a, OutgoingRead>;

/// The forms for this document that the actor may use, the expected one first.
pub(crate) fn panel(cx: &Cx<'_>, document: &Opened<Outgoing>) -> Result<Markup> {
    let agency = document.agency;
    let inner = match document.status {
        S::Drafting if cx.may_at::<OutgoingDraft>(agency) => drafting(cx, document),
        S::ContentReview if cx.may_at::<OutgoingApproveContent>(agency) => content(cx, document)?,
        S::Consulting if cx.may_at::<OutgoingReview>(agency) => consult(cx, document)?,
        S::FormatReview if cx.may_at::<OutgoingApproveFormat>(agency) => format(cx, document),
        S::LeaderReview if cx.may_at::<OutgoingApprove>(agency) => approve(cx, document)?,
        S::ToIssue if cx.may_at::<OutgoingIssue>(agency) => issue(cx, document)?,
        _ => html! {},
    };
    if inner.0.is_empty() && cx.refusal().is_none() {
        return Ok(inner);
    }
    Ok(html! {
        div #act.stack {
            (ui::refused(cx.t(), cx.refusal(), cx.path()))
            (inner)
        }
    })
}

fn drafting(cx: &Cx<'_>, document: &Opened<Outgoing>) -> Markup {
    let (t, state, page) = (cx.t(), cx.form_state(), path(document.id));
    let body = html! {
        (ui::acts(html! {
            (ui::link_button_key(ButtonKind::Primary, "pen", (t.text("documents.outgoing.button.edit"), "e"), &format!("{page}/edit")))
            (ui::form(t, &state, &format!("{page}/submit"), ui::button(t, ButtonKind::Plain, "documents.outgoing.button.submit", ("", ""))))
        }))
        (reasoned(cx, (&page, "void"), ("documents.outgoing.void_instead", "documents.outgoing.button.void")))
    };
    ui::card("do", t.text("documents.outgoing.do.draft"), html! {}, body)
}

/// A form that asks for a reason, folded away behind a line.
fn reasoned(cx: &Cx<'_>, (page, act): (&str, &str), (line, button): (&str, &str)) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    let wrong = state.errors.at("reason").is_some();
    let form = ui::form(
        t,
        &state,
        &format!("{page}/{act}"),
        html! {
            @if wrong { (ui::error_summary(t, &state, ReasonForm::FIELDS)) }
            (ui::field(t, ui::find_field::<ReasonForm>("reason"), &state, "", &[]))
            (ui::acts(ui::button(t, ButtonKind::Danger, button, ("", ""))))
        },
    );
    if wrong { form } else { ui::more(t.text(line), form) }
}

/// One press to approve, with a word if there is one.
fn approving(cx: &Cx<'_>, (page, act): (&str, &str), button: &str) -> Markup {
    let (t, state) = (cx.t(), cx.form_state());
    ui::form(
        t,
        &state,
        &format!("{page}/{act}"),
        html! {
            (ui::acts(ui::submit(t, button, "t")))
            (ui::act_bar(t, ("#act", t.text("documents.outgoing.bar")), ui::submit(t, button, "")))
            (ui::more(t.text("documents.outgoing.add_remark"),
                ui::field(t, ui::find_field::<RemarkForm>("remark"), &state, "", &[])))
        },
    )
}

fn content(cx: &Cx<'_>, document: &Opened<Outgoing>) -> Result<Markup> {
    let (t, page) = (cx.t(), path(document.id));
    let heads = ids(&heads(cx, document)?);
    let mine = with_hands(cx, |hands| Ok(rules::outgoing::approve_content(document, &heads, hands).is_ok()))?;
    if !mine {
        return Ok(html! {});
    }
    let body = html! {
        p { (t.text("documents.outgoing.do.content_text")) }
        (approving(cx, (&page, "approve-content"), "documents.outgoing.button.content"))
        (reasoned(cx, (&page, "return-content"), ("documents.outgoing.return_instead", "documents.outgoing.button.return")))
    };
    Ok(ui::card("do", t.text("documents.outgoing.do.content"), html! {}, body))
}

fn consult(cx: &Cx<'_>, document: &Opened<Outgoing>) -> Result<Markup> {
    let (t, page) = (cx.t(), path(document.id));
    if !steps::may_consult(cx, document)? {
        return Ok(html! {});
    }
    let (_, step, _) = steps::asked_now(cx, document)?;
    let (title, button) = match step {
        Step::Initials(_) => ("documents.steps.do.initials", "documents.steps.button.initials"),
        _ => ("documents.steps.do.consult", "documents.steps.button.consult"),
    };
    let body = html! {
        (approving(cx, (&page, "consult"), button))
        (reasoned(cx, (&page, "return-consult"), ("documents.outgoing.return_instead", "documents.outgoing.button.return")))
    };
    Ok(ui::card("do", t.text(title), html! {}, body))
}

fn format(cx: &Cx<'_>, document: &Opened<Outgoing>) -> Markup {
    let (t, page) = (cx.t(), path(document.id));
    let body = html! {
        p { (t.text("documents.outgoing.do.format_text")) }
        (approving(cx, (&page, "approve-format"), "documents.outgoing.button.format"))
        (reasoned(cx, (&page, "return-format"), ("documents.outgoing.return_instead", "documents.outgoing.button.return")))
    };
    ui::card("do", t.text("documents.outgoing.do.format"), html! {}, body)
}

fn approve(cx: &Cx<'_>, document: &Opened<Outgoing>) -> Result<Markup> {
    let (t, state, page) = (cx.t(), cx.form_state(), path(document.id));
    let me = cx.person()?;
    let post = leaders(cx, document.agency)?.into_iter().find(|one| one.person == me).map(|one| one.title);
    let title = post.unwrap_or_else(|| cx.actor().post.clone());
    let suggested = authorities::suggested(&title, is_collective(cx, document)?);
    let options: Vec<Choice<'_>> =
        Competence::ALL.iter().map(|one| Choice::new(one.word(), competence_text(cx, *one))).collect();
    let (field, signs) = (ui::find_field::<ApproveForm>, signing::signs(cx, document.agency)?);
    let button = if signs { "documents.signing.button.sign" } else { "documents.outgoing.button.approve" };
    let bar = t.fill("documents.outgoing.bar_as", &[("competence", &competence_text(cx, suggested))]);
    let form = ui::form(
        t,
        &state,
        &format!("{page}/approve"),
        html! {
            (ui::error_summary(t, &state, ApproveForm::FIELDS))
            (ui::field(t, ui::find_field::<ApproveForm>("competence"), &state, suggested.word(), &options))
            // Asked for only when this authority is chosen; a browser that cannot tell shows it always.
            div.stack.when-tuq {
                (ui::field(t, field("authority_number"), &state, "", &[]))
                (ui::fields(html! {
                    (ui::field(t, field("authority_date"), &state, "", &[]))
                    (ui::field(t, field("authority_until"), &state, "", &[]))
                }))
            }
            @if signs { (ui::field(t, field("pin"), &state, "", &[])) }
            (ui::acts(ui::submit(t, button, "t")))
            (ui::act_bar(t, ("#act", &bar), ui::submit(t, button, "")))
            (ui::more(t.text("documents.outgoing.add_remark"),
                ui::field(t, ui::find_field::<ApproveForm>("remark"), &state, "", &[])))
        },
    );
    let body = html! {
        (form)
        (reasoned(cx, (&page, "return-approve"), ("documents.outgoing.return_instead", "documents.outgoing.button.return")))
    };
    let orders = html! { a.small href="/documents/outgoing/by-order" { (t.text("documents.by_order")) } };
    Ok(ui::card("do", t.text("documents.outgoing.do.approve"), orders, body))
}

/// The words of an authority to sign.
pub(crate) fn competence_text<'a>(cx: &'a Raw<'_>, competence: Competence) -> &'a str {
    cx.text(match competence {
        Competence::Own => "documents.outgoing.competence.own",
        Competence::Tm => "documents.outgoing.competence.tm",
        Competence::Kt => "documents.outgoing.competence.kt",
        Competence::Tl => "documents.outgoing.competence.tl",
        Competence::Tuq => "documents.outgoing.competence.tuq",
    })
}

fn issue(cx: &Cx<'_>, document: &Opened<Outgoing>) -> Result<Markup> {
    let (t, state, page) = (cx.t(), cx.form_state(), path(document.id));
    let signed = signatures::live(cx, document.id)?.is_some();
    let form = ui::form(
        t,
        &state,
        &format!("{page}/issue"),
        html! {
            input type="hidden" name="chosen" value="1";
            (ui::error_summary(t, &state, IssueForm::FIELDS))
            (chooser::<IssueForm>(cx, document.agency, &plan_of(document))?)
            @if signed {
                (ui::field(t, ui::find_field::<IssueForm>("pin"), &state, "", &[]))
                (ui::acts(ui::submit(t, "documents.signing.button.seal", "t")))
            } @else {
                (ui::acts(ui::submit(t, "documents.outgoing.button.issue", "t")))
            }
        },
    );
    let body = html! {
        (form)
        (reasoned(cx, (&page, "return-issue"), ("documents.outgoing.return_leader", "documents.outgoing.button.return")))
    };
    Ok(ui::card("do", t.text("documents.outgoing.do.issue"), html! {}, body))
}
