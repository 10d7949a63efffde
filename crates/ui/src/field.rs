//! One field, whatever its kind: label, hint, message, input.

use crate::form::{Choice, error_line};
use crate::icons::icon;
use crate::picker::picker;
use base::form::{Field, FormState, Kind, Upload};
use base::words::grouped;
use base::{Date, T};
use maud::{Markup, html};

/// The id of a field's input: what an error summary links to.
pub(crate) fn field_id(field: &Field) -> String {
    format!("f-{}", field.name)
}

pub(crate) fn error_id(field: &Field) -> String {
    format!("f-{}-error", field.name)
}

pub(crate) fn hint_id(field: &Field) -> String {
    format!("f-{}-hint", field.name)
}

/// The ids a screen reader reads with the input.
pub(crate) fn described_by(field: &Field, state: &FormState<'_>) -> Option<String> {
    let error = state.errors.at(field.name).map(|_| error_id(field));
    let hint = field.hint.map(|_| hint_id(field));
    match (error, hint) {
        (Some(error), Some(hint)) => Some(format!("{error} {hint}")),
        (one, other) => one.or(other),
    }
}

pub(crate) fn invalid(field: &Field, state: &FormState<'_>) -> Option<&'static str> {
    state.errors.at(field.name).map(|_| "true")
}

/// One field of any kind. What was posted wins over `value`, and a posted password is never shown again.
///
/// `options` are the choices of `Choice` and `Many`, and the known ids of a `Lookup`; `value` of `Many` and
/// `Lookups` is a list with commas.
pub fn field(t: T, field: &Field, state: &FormState<'_>, value: &str, options: &[Choice<'_>]) -> Markup {
    let value = state.value(field.name, value);
    match field.kind {
        Kind::Hidden => html! { input type="hidden" name=(field.name) value=(value); },
        Kind::Check => check(t, field, state, value),
        Kind::Many => taps(t, field, state, value, options),
        Kind::Lookup(url) | Kind::Lookups(url) => {
            let known: Vec<_> =
                options.iter().map(|option| (option.value.to_owned(), option.label.to_owned())).collect();
            picker(t, field, state, &known, url)
        }
        Kind::Choice => boxed(t, field, state, select(t, field, state, (value, options))),
        Kind::Area => boxed(t, field, state, area(field, state, value)),
        Kind::File | Kind::Files => boxed(t, field, state, files(t, field, state, (value, None))),
        Kind::Date => boxed(t, field, state, date(t, field, state, value)),
        Kind::Line | Kind::Password | Kind::Sealed | Kind::DateTime | Kind::Number => {
            boxed(t, field, state, input(field, state, value))
        }
    }
}

/// A field whose value a machine has read and is not sure of: `mark` is what it says until a person has changed the
/// value or has said that it is right; `right` is what that button says. Without script the mark stays.
pub fn doubtful(
    t: T,
    (of, mark, right): (&Field, &'static str, &'static str),
    state: &FormState<'_>,
    value: &str,
    options: &[Choice<'_>],
) -> Markup {
    let marked = Field { hint: Some(mark), ..*of };
    html! {
        div class="doubt" data-doubt {
            (field(t, &marked, state, value, options))
            button class="btn btn--quiet doubt__right" type="button" data-doubt-right hidden {
                (icon("check")) (t.text(right)) span class="hidden" { ": " (t.text(of.label)) }
            }
        }
    }
}

/// Pages of a paper: a PDF or pictures. With script their order can be changed, and a telephone takes them itself.
pub fn pages_field(t: T, of: &Field, state: &FormState<'_>) -> Markup {
    html! {
        div class="pages" data-pages data-up=(t.text("ui.pages.up")) data-down=(t.text("ui.pages.down"))
            data-remove=(t.text("ui.pages.remove")) data-page=(t.text("ui.pages.page")) data-of=(t.text("ui.pages.of")) {
            (boxed(t, of, state, files(t, of, state, ("", Some("application/pdf,image/jpeg,image/png,image/tiff,.tif,.tiff")))))
            ol class="pages__list" data-pages-list hidden {}
            label class="btn pages__camera" data-pages-camera hidden {
                (icon("plus")) (t.text("ui.pages.camera"))
                input class="hidden" type="file" accept="image/*" capture="environment";
            }
        }
    }
}

/// Label, hint and message around an input.
fn boxed(t: T, field: &Field, state: &FormState<'_>, input: Markup) -> Markup {
    html! {
        div class=(field_class(field, state)) {
            label for=(field_id(field)) { (t.text(field.label)) (required_mark(t, field)) }
            (hint(t, field))
            (error_line(t, field, state))
            (input)
        }
    }
}

pub(crate) fn field_class(field: &Field, state: &FormState<'_>) -> &'static str {
    if state.errors.at(field.name).is_some() { "field field--error" } else { "field" }
}

pub(crate) fn required_mark(t: T, field: &Field) -> Markup {
    html! { @if field.required { " " span class="required" { (t.text("form.required_mark")) } } }
}

pub(crate) fn hint(t: T, field: &Field) -> Markup {
    html! { @if let Some(key) = field.hint { span class="hint" id=(hint_id(field)) { (t.text(key)) } } }
}

fn input(field: &Field, state: &FormState<'_>, value: &str) -> Markup {
    let (kind, mode) = match field.kind {
        Kind::Password | Kind::Sealed => ("password", None),
        Kind::DateTime => ("datetime-local", None),
        Kind::Number => ("text", Some("numeric")),
        _ => ("text", None),
    };
    let shown = (!matches!(field.kind, Kind::Password | Kind::Sealed)).then_some(value);
    let complete = autocomplete(field);
    html! {
        input class="input" id=(field_id(field)) name=(field.name) type=(kind) value=[shown] inputmode=[mode]
            maxlength=[limit(field)] autocomplete=[complete] aria-required=[required(field)]
            aria-invalid=[invalid(field, state)] aria-describedby=[described_by(field, state)];
    }
}

/// What a browser may fill in, known by the names such fields have everywhere in the product.
fn autocomplete(field: &Field) -> Option<&'static str> {
    match (field.kind, field.name) {
        // A PIN is for the key of one person, not for the browser that they sit at.
        (Kind::Password, "pin" | "key_password") | (Kind::Sealed, _) => Some("off"),
        (Kind::Password, name) if name.starts_with("new") => Some("new-password"),
        (Kind::Password, _) => Some("current-password"),
        (Kind::Line, "username") => Some("username"),
        (Kind::Line, "otp") => Some("one-time-code"),
        (Kind::Line, "email") => Some("email"),
        (Kind::Line, "phone") => Some("tel"),
        _ => None,
    }
}

/// A date as it is written: a browser's own date box would follow the browser's language, and 03/05 must
/// never be the fifth of March.
fn date(t: T, field: &Field, state: &FormState<'_>, value: &str) -> Markup {
    html! {
        input class="input" id=(field_id(field)) name=(field.name) type="text" value=(written(value))
            placeholder=(t.text("form.date_shape")) inputmode="numeric" maxlength="10" autocomplete="off"
            aria-required=[required(field)] aria-invalid=[invalid(field, state)]
            aria-describedby=[described_by(field, state)];
    }
}

/// A bare date box of a filter.
pub(crate) fn date_input(t: T, (id, name): (&str, &str), value: &str) -> Markup {
    html! {
        input class="input" id=(id) name=(name) type="text" value=(written(value)) size="13"
            placeholder=(t.text("form.date_shape")) inputmode="numeric" maxlength="10" autocomplete="off";
    }
}

/// A stored date as people write it; what is no date stays as it was typed.
fn written(value: &str) -> String {
    Date::parse(value).map_or_else(|| value.to_owned(), Date::dmy)
}

fn area(field: &Field, state: &FormState<'_>, value: &str) -> Markup {
    html! {
        // A line break right after the tag is not part of the text, so one is written for those that begin with one.
        textarea class="input" id=(field_id(field)) name=(field.name) rows="3" maxlength=[limit(field)]
            aria-required=[required(field)] aria-invalid=[invalid(field, state)]
            aria-describedby=[described_by(field, state)] { "\n" (value) }
    }
}

/// The longest value; a date and a number have their own shape.
fn limit(field: &Field) -> Option<usize> {
    matches!(field.kind, Kind::Line | Kind::Area | Kind::Password | Kind::Sealed).then_some(field.max)
}

fn required(field: &Field) -> Option<&'static str> {
    field.required.then_some("true")
}

fn select(t: T, field: &Field, state: &FormState<'_>, (value, options): (&str, &[Choice<'_>])) -> Markup {
    html! {
        select class="input" id=(field_id(field)) name=(field.name) aria-required=[required(field)]
            aria-invalid=[invalid(field, state)] aria-describedby=[described_by(field, state)] {
            @if value.is_empty() && options.iter().all(|option| !option.value.is_empty()) {
                option value="" { (t.text("form.pick_one")) }
            }
            @for run in options.chunk_by(|a, b| a.group == b.group) { (option_group(run, value)) }
        }
    }
}

fn option_group(run: &[Choice<'_>], value: &str) -> Markup {
    let group = run.first().map_or("", |option| option.group);
    let options = html! {
        @for option in run { option value=(option.value) selected[option.value == value] { (option.label) } }
    };
    html! { @if group.is_empty() { (options) } @else { optgroup label=(group) { (options) } } }
}

fn check(t: T, field: &Field, state: &FormState<'_>, value: &str) -> Markup {
    // An unticked box is not sent at all, so a form that came back without it was unticked.
    let ticked = match state.input {
        Some(input) => input.get(field.name).is_some_and(is_yes),
        None => is_yes(value),
    };
    html! {
        div class=(field_class(field, state)) {
            (error_line(t, field, state))
            label class="tick" {
                input type="checkbox" id=(field_id(field)) name=(field.name) value="1" checked[ticked]
                    aria-invalid=[invalid(field, state)] aria-describedby=[described_by(field, state)];
                (t.text(field.label))
            }
            (hint(t, field))
        }
    }
}

fn is_yes(value: &str) -> bool {
    matches!(value, "1" | "on" | "true" | "yes")
}

/// One tap: the choices written out, one of them (`Choice`) or any (`Many`).
pub fn taps(t: T, field: &Field, state: &FormState<'_>, value: &str, options: &[Choice<'_>]) -> Markup {
    let kind = if field.kind == Kind::Many { "checkbox" } else { "radio" };
    let chosen = |option: &Choice<'_>| match state.input {
        Some(input) => input.holds(field.name, option.value),
        None => value.split(',').any(|one| one == option.value),
    };
    html! {
        fieldset class=(field_class(field, state)) aria-describedby=[described_by(field, state)] {
            legend { (t.text(field.label)) (required_mark(t, field)) }
            (hint(t, field))
            (error_line(t, field, state))
            div class="taps" {
                @for (n, option) in options.iter().enumerate() {
                    label class="tap" {
                        input type=(kind) name=(field.name) value=(option.value) checked[chosen(option)]
                            id=[(n == 0).then(|| field_id(field))];
                        span { (icon("check")) (option.label) }
                    }
                }
            }
        }
    }
}

/// Files that are uploaded already, carried along, and the box for more.
fn files(t: T, field: &Field, state: &FormState<'_>, (value, accept): (&str, Option<&str>)) -> Markup {
    let sent: Vec<&str> = match state.input {
        Some(input) => input.all(field.name).collect(),
        None => vec![value],
    };
    let uploads: Vec<_> =
        sent.iter().filter_map(|raw| Upload::decode(raw).map(|upload| (*raw, upload))).collect();
    html! {
        @if !uploads.is_empty() {
            ul class="files" {
                @for (raw, upload) in &uploads {
                    li {
                        label class="tick" {
                            input type="checkbox" name=(field.name) value=(raw) checked;
                            (icon("clip")) (upload.name)
                        }
                        small { (t.fill("form.file_kept", &[("size", &size(upload.bytes))])) }
                    }
                }
            }
        }
        input class="input" type="file" id=(field_id(field)) name=(field.name) multiple[field.kind == Kind::Files]
            accept=[accept]
            aria-required=[required(field)] aria-invalid=[invalid(field, state)]
            aria-describedby=[described_by(field, state)];
    }
}

/// A size people can read, rounded up: `48 kB`.
fn size(bytes: i64) -> String {
    match bytes {
        ..1_000_000 => format!("{} kB", (bytes + 999) / 1000),
        _ => format!("{} MB", grouped((bytes + 999_999) / 1_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NO_ERRORS, t};
    use base::FieldErrors;
    use base::form::Input;

    fn fresh() -> FormState<'static> {
        FormState { input: None, errors: &NO_ERRORS, csrf: "token", once: "key" }
    }

    #[test]
    fn a_message_is_tied_to_its_input() {
        let mut errors = FieldErrors::default();
        errors.add("number", "form.required");
        let state = FormState { errors: &errors, ..fresh() };
        let drawn =
            field(t(), &Field::line("form.pick_one").hint("form.pick_one").named("number"), &state, "", &[])
                .0;
        assert!(
            drawn.contains(r#"aria-invalid="true" aria-describedby="f-number-error f-number-hint""#),
            "{drawn}"
        );
        assert!(drawn.contains(r#"id="f-number-error""#) && drawn.contains(r#"id="f-number-hint""#));
    }

    #[test]
    fn a_form_that_comes_back_shows_what_was_sent_and_keeps_a_box_unticked() {
        let input = Input::default().with("title", "Đã <gõ>");
        let state = FormState { input: Some(&input), ..fresh() };
        let line = field(t(), &Field::line("form.pick_one").named("title"), &state, "cũ", &[]).0;
        assert!(line.contains("Đã &lt;gõ&gt;") && !line.contains("cũ"), "{line}");
        let tick = field(t(), &Field::check("form.pick_one").named("paper"), &state, "1", &[]).0;
        assert!(!tick.contains("checked"), "{tick}");
    }

    #[test]
    fn a_password_is_never_written_back() {
        let input = Input::default().with("password", "mật khẩu");
        let state = FormState { input: Some(&input), ..fresh() };
        let drawn =
            field(t(), &Field::new(Kind::Password, "form.pick_one").named("password"), &state, "", &[]).0;
        assert!(!drawn.contains("mật khẩu"), "{drawn}");
    }

    #[test]
    fn an_uploaded_file_travels_on_with_the_form() {
        let upload = Upload {
            sha256: "a".repeat(64),
            bytes: 48_000,
            content_type: "application/pdf".to_owned(),
            name: "Công văn.pdf".to_owned(),
        };
        let input = Input::default().with("files", upload.encode());
        let state = FormState { input: Some(&input), ..fresh() };
        let drawn = field(t(), &Field::files("form.pick_one").named("files"), &state, "", &[]).0;
        assert!(
            drawn.contains("Công văn.pdf") && drawn.contains("48 kB") && drawn.contains("checked"),
            "{drawn}"
        );
    }
}
