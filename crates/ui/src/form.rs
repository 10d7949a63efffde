//! A form around its fields: hidden keys, error summary, buttons.

use crate::field::{error_id, field_id};
use crate::furniture::{ButtonKind, key_cap};
use crate::icons::icon;
use base::T;
use base::form::{Field, Form, FormState};
use maud::{Markup, html};

/// One of the choices a page offers.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'a> {
    /// What is sent.
    pub value: &'a str,
    /// What is read.
    pub label: &'a str,
    /// The heading it stands under; empty for none.
    pub group: &'a str,
}

impl<'a> Choice<'a> {
    /// A choice under no heading.
    pub const fn new(value: &'a str, label: &'a str) -> Choice<'a> {
        Choice { value, label, group: "" }
    }
}

/// What a form may ask for besides its fields.
#[derive(Debug, Clone, Copy, Default)]
pub struct FormOptions<'a> {
    /// An id, so that buttons elsewhere can belong to it; empty for none.
    pub id: &'a str,
    /// True when it carries files.
    pub multipart: bool,
    /// The address that takes drafts while the person writes.
    pub autosave: Option<&'a str>,
    /// True when leaving with unsent changes should ask first.
    pub guard: bool,
}

/// A form that posts to `action`. The server checks every field, so the browser does not.
pub fn form(t: T, state: &FormState<'_>, action: &str, body: Markup) -> Markup {
    form_with(t, state, (action, &FormOptions::default()), body)
}

/// A form with options.
pub fn form_with(
    _t: T,
    state: &FormState<'_>,
    (action, options): (&str, &FormOptions<'_>),
    body: Markup,
) -> Markup {
    html! {
        form class="stack stack--form" id=[(!options.id.is_empty()).then_some(options.id)] method="post"
            action=(action) novalidate enctype=[options.multipart.then_some("multipart/form-data")]
            data-autosave=[options.autosave] data-guard[options.guard] data-once {
            (form_hidden(state))
            (body)
        }
    }
}

/// The two hidden keys of a form: whose it is, and that it acts once.
pub fn form_hidden(state: &FormState<'_>) -> Markup {
    html! {
        input type="hidden" name="_csrf" value=(state.csrf);
        input type="hidden" name="_once" value=(state.once);
    }
}

/// Fields side by side.
pub fn fields(body: Markup) -> Markup {
    html! { div class="fields" { (body) } }
}

/// The field of a form by its name. A name that is not there is a slip of the pen: it draws a plain line.
pub fn find_field<F: Form>(name: &str) -> &'static Field {
    const NONE: &Field = &Field::line("form.unknown_field");
    F::FIELDS.iter().find(|field| field.name == name).unwrap_or(NONE)
}

/// What is wrong, in one place, each line leading to its field. Empty when nothing is wrong.
pub fn error_summary(t: T, state: &FormState<'_>, fields: &[Field]) -> Markup {
    let errors: Vec<_> = state.errors.iter().collect();
    let count = i64::try_from(errors.len()).unwrap_or(i64::MAX);
    html! {
        @if !errors.is_empty() {
            div class="errors" role="alert" tabindex="-1" data-focus {
                p class="errors__title" { (icon("alert")) (t.count("form.summary", count)) }
                ul {
                    @for (name, key) in &errors {
                        li { (summary_line(t, fields.iter().find(|field| field.name == *name), key)) }
                    }
                }
            }
        }
    }
}

fn summary_line(t: T, field: Option<&Field>, key: &str) -> Markup {
    html! {
        @match field {
            Some(field) => a href={ "#" (field_id(field)) } { (t.text(field.label)) ": " (error_text(t, field, key)) },
            None => (t.text(key)),
        }
    }
}

/// The message of an error at a field.
pub(crate) fn error_text(t: T, field: &Field, key: &str) -> String {
    t.fill(key, &[("max", &field.max)])
}

/// The message under a label, with the id that `aria-describedby` points to.
pub(crate) fn error_line(t: T, field: &Field, state: &FormState<'_>) -> Markup {
    html! {
        @if let Some(key) = state.errors.at(field.name) {
            p class="field__error" id=(error_id(field)) { (icon("alert")) (error_text(t, field, key)) }
        }
    }
}

/// The button the form is for.
pub fn submit(t: T, key: &str, shortcut: &str) -> Markup {
    html! {
        button class="btn btn--primary" data-key=[(!shortcut.is_empty()).then_some(shortcut)] {
            (t.text(key)) (key_cap(shortcut))
        }
    }
}

/// Another button of the same form, told apart by its name and value.
pub fn button(t: T, kind: ButtonKind, key: &str, (name, value): (&str, &str)) -> Markup {
    html! { button class=(kind.class()) name=(name) value=(value) { (t.text(key)) } }
}

/// Another button of the same form that posts it elsewhere.
pub fn button_to(t: T, kind: ButtonKind, key: &str, action: &str) -> Markup {
    html! { button class=(kind.class()) formaction=(action) { (t.text(key)) } }
}

/// Whether the draft is safe; the script writes the time here after each save.
pub fn saved(t: T, at: &str) -> Markup {
    html! {
        p class="saved" role="status" data-saved data-text=(t.text("form.saved_at"))
            data-failed=(t.text("form.not_saved")) {
            @if !at.is_empty() { (icon("check")) (t.fill("form.saved_at", &[("time", &at)])) }
        }
    }
}
