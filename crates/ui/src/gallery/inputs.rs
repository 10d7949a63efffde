//! Fields and pickers: fresh, and sent back with messages.

use crate::field::{field, taps};
use crate::form::{
    Choice, FormOptions, error_summary, fields as side_by_side, form, form_with, saved, submit,
};
use crate::furniture::card;
use crate::picker::{Found, picker_options};
use base::form::{Field, FormState, Input, Kind, Upload};
use base::{FieldErrors, T};
use maud::{Markup, html};

const SUBJECT: Field =
    Field::line("ui.gallery.subject").hint("ui.gallery.subject_hint").required().named("subject");
const DUE: Field = Field::date("ui.gallery.due").named("due");
const COUNT: Field = Field::number("ui.gallery.count").named("count");
const SECRET: Field = Field::new(Kind::Password, "ui.gallery.password").named("secret");
const URGENCY: Field = Field::choice("ui.gallery.urgency").named("urgency");
const COMMENT: Field = Field::area("ui.gallery.comment").named("comment");
const QUICK: Field = Field::choice("ui.gallery.quick").named("quick");
const PAPER: Field = Field::check("ui.gallery.paper").named("paper");
const FILES: Field = Field::files("ui.gallery.files").named("files");
const WRONG_DUE: Field = Field::date("ui.gallery.due").required().named("wrong_due");
const WRONG_COUNT: Field = Field::number("ui.gallery.count").named("wrong_count");
const TO: Field = Field::lookups("ui.gallery.to", "/directory/agencies").named("to");
const LEAD: Field = Field::lookup("ui.gallery.lead", "/directory/agencies").required().named("lead");

pub(super) fn fields(t: T) -> Markup {
    let errors = FieldErrors::default();
    let fresh = FormState { input: None, errors: &errors, csrf: "", once: "" };
    let mut wrong = FieldErrors::default();
    wrong.add(WRONG_DUE.name, "form.required");
    wrong.add(WRONG_COUNT.name, "form.not_a_number");
    let upload = Upload {
        sha256: "0".repeat(64),
        bytes: 48_000,
        content_type: String::new(),
        name: "1562.pdf".to_owned(),
    };
    let input = Input::default().with(WRONG_COUNT.name, "12a").with(FILES.name, upload.encode());
    let returned = FormState { input: Some(&input), errors: &wrong, ..fresh };
    let options = FormOptions { id: "sample", multipart: true, autosave: None, guard: false };
    card(
        "fields",
        t.text("ui.gallery.fields"),
        saved(t, "09:41:07"),
        html! {
            div class="specimens" {
                (form(t, &fresh, "#fields", fresh_fields(t, &fresh)))
                (form_with(t, &returned, ("#fields", &options), html! {
                    (error_summary(t, &returned, &[WRONG_DUE, WRONG_COUNT]))
                    (field(t, &WRONG_DUE, &returned, "", &[]))
                    (field(t, &WRONG_COUNT, &returned, "", &[]))
                    (field(t, &FILES, &returned, "", &[]))
                    div class="acts" { (submit(t, "ui.gallery.accept", "")) }
                }))
            }
        },
    )
}

fn fresh_fields(t: T, state: &FormState<'_>) -> Markup {
    let urgency = [
        Choice::new("express", t.text("ui.gallery.express")),
        Choice { value: "urgent", label: t.text("ui.gallery.urgent"), group: t.text("ui.gallery.express") },
    ];
    let quick = [
        Choice::new("advise", t.text("ui.gallery.advise")),
        Choice::new("propose", t.text("ui.gallery.propose")),
        Choice::new("know", t.text("ui.gallery.know")),
    ];
    html! {
        (field(t, &SUBJECT, state, t.text("ui.gallery.subject_value"), &[]))
        (side_by_side(html! {
            (field(t, &DUE, state, "2017-03-21", &[]))
            (field(t, &COUNT, state, "3", &[]))
            (field(t, &URGENCY, state, "", &urgency))
            (field(t, &SECRET, state, "", &[]))
        }))
        (field(t, &COMMENT, state, t.text("ui.gallery.comment_value"), &[]))
        (taps(t, &QUICK, state, "advise", &quick))
        (field(t, &PAPER, state, "1", &[]))
    }
}

pub(super) fn pickers(t: T) -> Markup {
    let errors = FieldErrors::default();
    let fresh = FormState { input: None, errors: &errors, csrf: "", once: "" };
    let input = Input::default().with(TO.name, "2").with("to_q", "lam thao");
    let searched = FormState { input: Some(&input), ..fresh };
    let lead = [Choice::new("1", t.text("ui.gallery.agency_one"))];
    let to = [
        Choice::new("2", t.text("ui.gallery.agency_two")),
        Choice::new("3", t.text("ui.gallery.agency_three")),
    ];
    let found = [
        Found { id: "2", label: t.text("ui.gallery.agency_two"), note: "000.00.28.H44" },
        Found { id: "3", label: t.text("ui.gallery.agency_three"), note: "000.21.28.H44" },
    ];
    card(
        "picker",
        t.text("ui.gallery.picker"),
        html! {},
        html! {
            div class="specimens" {
                (form(t, &fresh, "#picker", field(t, &LEAD, &fresh, "", &lead)))
                (form(t, &searched, "#picker", field(t, &TO, &searched, "", &to)))
                ul class="options" role="listbox" aria-label=(t.text("ui.gallery.picker")) { (picker_options(t, &found)) }
            }
        },
    )
}
