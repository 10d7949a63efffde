//! What is asked for when a dossier is opened or changed: the fields of annex VI, part II, III.

use crate::model::{Access, Dossier, Line};
use crate::store::dossiers::Says;
use base::Date;
use base::form::{Field, Form, FormState};
use kernel::Raw;
use maud::{Markup, html};
use ui::Choice;

base::form! {
    /// A dossier to be opened.
    pub(crate) struct OpenForm {
        line: Option<base::Id<Line>> = Field::hidden("archives.field.line"),
        notation: String = Field::line("archives.field.notation").max(20).hint("archives.hint.notation"),
        title: String = Field::area("archives.field.title").required().max(500),
        years: Option<i64> = Field::number("archives.field.years").max(3).hint("archives.hint.years"),
        construction: bool = Field::check("archives.field.construction"),
        access: Access = Field::choice("archives.field.access").required(),
        language: String = Field::line("archives.field.language").required().max(50),
        started_on: Date = Field::date("archives.field.started_on").required(),
        note: String = Field::area("archives.field.note").max(500),
    }
}

base::form! {
    /// What changes about an open dossier.
    pub(crate) struct EditForm {
        title: String = Field::area("archives.field.title").required().max(500),
        years: Option<i64> = Field::number("archives.field.years").max(3).hint("archives.hint.years"),
        construction: bool = Field::check("archives.field.construction"),
        access: Access = Field::choice("archives.field.access").required(),
        language: String = Field::line("archives.field.language").required().max(50),
        started_on: Date = Field::date("archives.field.started_on").required(),
        note: String = Field::area("archives.field.note").max(500),
    }
}

impl From<OpenForm> for Says {
    fn from(form: OpenForm) -> Says {
        let OpenForm { title, years, construction, access, language, started_on, note, .. } = form;
        Says { title, years, construction, access, language, note, started_on }
    }
}

impl From<EditForm> for Says {
    fn from(form: EditForm) -> Says {
        let EditForm { title, years, construction, access, language, started_on, note } = form;
        Says { title, years, construction, access, language, note, started_on }
    }
}

/// What the fields hold before anybody writes in them.
pub(crate) struct Filled {
    pub(crate) title: String,
    pub(crate) years: Option<i64>,
    pub(crate) construction: bool,
    pub(crate) access: Access,
    pub(crate) language: String,
    pub(crate) started_on: Date,
    pub(crate) note: String,
}

impl Filled {
    /// As a line of the catalogue has it, or blank.
    pub(crate) fn of_line(cx: &Raw<'_>, line: Option<&Line>) -> Filled {
        Filled {
            title: line.map(|line| line.title.clone()).unwrap_or_default(),
            years: line.and_then(|line| line.years),
            construction: line.is_some_and(|line| line.construction),
            access: Access::Agency,
            language: cx.text("archives.vietnamese").to_owned(),
            started_on: cx.now().date(),
            note: String::new(),
        }
    }

    /// As a dossier has it.
    pub(crate) fn of(dossier: &Dossier) -> Filled {
        Filled {
            title: dossier.title.clone(),
            years: dossier.years,
            construction: dossier.construction,
            access: dossier.access,
            language: dossier.language.clone(),
            started_on: dossier.started_on,
            note: dossier.note.clone(),
        }
    }
}

/// The fields both forms share.
pub(crate) fn fields<F: Form>(cx: &Raw<'_>, state: &FormState<'_>, filled: &Filled) -> Markup {
    let t = cx.t();
    let field = ui::find_field::<F>;
    let years = filled.years.map(|years| years.to_string()).unwrap_or_default();
    let check = if filled.construction { "1" } else { "" };
    let access = [
        Choice::new("agency", cx.text("archives.access.agency")),
        Choice::new("limited", cx.text("archives.access.limited")),
    ];
    html! {
        (ui::field(t, field("title"), state, &filled.title, &[]))
        (ui::fields(html! {
            (ui::field(t, field("years"), state, &years, &[]))
            (ui::field(t, field("started_on"), state, &filled.started_on.iso(), &[]))
        }))
        (ui::field(t, field("construction"), state, check, &[]))
        (ui::fields(html! {
            (ui::field(t, field("access"), state, filled.access.word(), &access))
            (ui::field(t, field("language"), state, &filled.language, &[]))
        }))
        (ui::field(t, field("note"), state, &filled.note, &[]))
    }
}
