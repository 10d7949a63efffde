//! Picking agencies or people: what is chosen, and one box that searches the directory on the server.
//!
//! Without script it is a search box with its own button: the form comes back with `_find` naming the field
//! and the words in `<field>_q`, and the page draws it again with what was found among the known ones.

use crate::field::{described_by, field_class, field_id, hint, invalid, required_mark};
use crate::form::error_line;
use crate::icons::icon;
use base::T;
use base::form::{Field, FormState, Kind};
use maud::{Markup, html};

/// The picker of a `Lookup` (one) or `Lookups` (many) field. `chosen` are the ids known on this page with
/// their labels; one is ticked when the posted form holds it, or when nothing was posted yet.
/// `url?q=…` answers [`picker_options`].
pub fn picker(t: T, field: &Field, state: &FormState<'_>, chosen: &[(String, String)], url: &str) -> Markup {
    let many = matches!(field.kind, Kind::Lookups(_) | Kind::Many);
    let ticked = |id: &str| state.input.is_none_or(|input| input.holds(field.name, id));
    let id = field_id(field);
    let words = format!("{}_q", field.name);
    html! {
        fieldset class=(field_class(field, state)) data-picker=(url) data-many[many] {
            legend { (t.text(field.label)) (required_mark(t, field)) }
            (hint(t, field))
            (error_line(t, field, state))
            div class="picker" {
                @for (value, label) in chosen { (token(field.name, many, (value, label), ticked(value))) }
                // The script fills a copy of this for each new choice.
                template { (token(field.name, many, ("", ""), false)) }
                input id=(id) name=(words) type="text" value=(state.value(&words, "")) autocomplete="off"
                    placeholder=(t.text(if many { "form.picker.add" } else { "form.picker.change" }))
                    aria-label={ (t.text(field.label)) ": " (t.text("form.picker.search")) }
                    aria-invalid=[invalid(field, state)] aria-describedby=[described_by(field, state)];
                button class="btn picker__find" name="_find" value=(field.name) formnovalidate {
                    (icon("search")) (t.text("form.picker.find"))
                }
                ul class="options picker__list" id={ (id) "-list" } role="listbox" aria-label=(t.text(field.label)) hidden {}
            }
        }
    }
}

/// One chosen thing: a ticked box that looks like a token.
fn token(name: &str, many: bool, (value, label): (&str, &str), ticked: bool) -> Markup {
    let kind = if many { "checkbox" } else { "radio" };
    html! {
        label class="token" {
            input type=(kind) name=(name) value=(value) checked[ticked];
            span { (label) }
            span class="token__drop" { (icon("x")) }
            span class="token__add" { (icon("plus")) }
        }
    }
}

/// One thing a search found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub label: &'a str,
    /// What tells it from its namesakes: its code, its district.
    pub note: &'a str,
}

/// What the search of a picker answers: the lines of its list.
pub fn picker_options(t: T, found: &[Found<'_>]) -> Markup {
    html! {
        @for one in found {
            li role="option" aria-selected="false" data-id=(one.id) data-label=(one.label) {
                span { (one.label) } small { (one.note) }
            }
        }
        @if found.is_empty() {
            li role="option" aria-disabled="true" aria-selected="false" { span class="muted" { (t.text("form.picker.none")) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NO_ERRORS, t};
    use base::form::Input;

    #[test]
    fn what_was_found_stays_unticked_until_it_is_chosen() {
        let input = Input::default().with("to", "1").with("to_q", "lam thao");
        let state = FormState { input: Some(&input), errors: &NO_ERRORS, csrf: "", once: "" };
        let field = Field::lookups("form.pick_one", "/directory").named("to");
        let known =
            [("1".to_owned(), "Sở Nội vụ".to_owned()), ("2".to_owned(), "UBND huyện Lâm Thao".to_owned())];
        let drawn = picker(t(), &field, &state, &known, "/directory").0;
        assert!(drawn.contains(r#"value="1" checked"#), "{drawn}");
        assert!(drawn.contains(r#"value="2">"#), "{drawn}");
        assert!(drawn.contains(r#"value="lam thao""#), "{drawn}");
    }
}
