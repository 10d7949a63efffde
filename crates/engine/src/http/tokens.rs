//! Access tokens: made, shown once, taken back.

use super::settings::{signed_form, write_as};
use super::visit::Visit;
use super::{Reply, respond};
use axum::body::Body;
use axum::http::StatusCode;
use base::form::{Field, Form, FormState};
use base::{Error, Id};
use maud::{Markup, html};
use platform::sessions::{self, Token};
use ui::Choice;

base::form! {
    /// A new token.
    struct TokenForm {
        name: String = Field::line("engine.token.name").required().max(100),
        days: i64 = Field::number("engine.token.days").required(),
        rights: Vec<String> = Field::many("engine.token.rights").hint("engine.token.rights_hint").required(),
    }
}
base::form! {
    /// A token to take back.
    struct RevokeForm {
        id: Id<Token> = Field::hidden("engine.token.name").required(),
    }
}

// A year: whoever forgets a token has it for so long at most.
const LONGEST_DAYS: i64 = 366;

/// The card on the security page.
pub(super) fn card(visit: &Visit, state: &FormState<'_>, tokens: &[Token]) -> Markup {
    let t = visit.t();
    let mut rights: Vec<Choice<'_>> =
        visit.caller.actor.rights.keys().map(|right| Choice::new(right, t.text(right))).collect();
    rights.push(Choice::new("signed-in", t.text("engine.token.own")));
    ui::card(
        "tokens",
        t.text("engine.token"),
        html! {},
        html! {
            p { (t.text("engine.token.what")) }
            @for token in tokens {
                (ui::form(t, state, "/settings/tokens/revoke", html! {
                    input type="hidden" name="id" value=(token.id);
                    p {
                        b { (token.name) } " · " (token.rights) " · "
                        (t.fill("engine.token.until", &[("date", &token.expires_at.date().dmy())]))
                        @if let Some(used) = token.used_at {
                            " · " (t.fill("engine.token.used", &[("at", &used.dmy_hhmm())]))
                        }
                    }
                    (ui::acts(ui::submit(t, "engine.token.revoke", "")))
                }))
            }
            (ui::form(t, state, "/settings/tokens", html! {
                @for field in TokenForm::FIELDS {
                    @let value = if field.name == "days" { "90" } else { "" };
                    (ui::field(t, field, state, value, &rights))
                }
                (ui::acts(ui::submit(t, "engine.token.issue", "")))
            }))
        },
    )
}

/// Makes a token and shows it, this once.
pub(super) async fn issue(visit: &mut Visit, body: Body) -> Reply {
    let posted = signed_form(visit, body).await?;
    visit.caller.actor.person.ok_or(Error::Forbidden)?;
    visit.fields = TokenForm::FIELDS;
    let form = TokenForm::read(&posted)?;
    if !(1..=LONGEST_DAYS).contains(&form.days) {
        return Err(Error::field("days", "engine.token.days_range").into());
    }
    let until = visit.caller.now.plus_days(form.days);
    let make = move |cx: &mut kernel::Writer<'_, kernel::System>| {
        sessions::issue_token(cx, &form.name, &form.rights, until)
    };
    let (_, token) = write_as(visit, make).await?;
    let t = visit.t();
    let body = html! {
        (ui::head(t.text("engine.token.made"), html! {}, html! {}))
        p { (t.text("engine.token.once")) }
        p { code { (token) } }
        p { (ui::link_button(ui::ButtonKind::Plain, "", t.text("engine.error.back"), "/settings/security")) }
    };
    respond::page(visit, StatusCode::OK, (t.text("engine.token.made"), body)).await
}

/// Takes a token back.
pub(super) async fn revoke(visit: &mut Visit, body: Body) -> Reply {
    let posted = signed_form(visit, body).await?;
    visit.caller.actor.person.ok_or(Error::Forbidden)?;
    let form = RevokeForm::read(&posted)?;
    write_as(visit, move |cx| sessions::revoke_token(cx, form.id)).await?;
    visit.put_flash(visit.text("engine.token.revoked"));
    Ok(respond::redirect("/settings/security"))
}
