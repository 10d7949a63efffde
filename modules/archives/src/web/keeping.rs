//! Keeping back what is due: the keeper asks, the head of the agency consents in writing or does not.

use crate::actions::archive as actions;
use crate::actions::dossiers::{own, path, seen};
use crate::rights::{ArchiveDecide, DossierKeep};
use base::Date;
use base::form::Field;
use kernel::{Reply, Routes, Writer};

/// The routes of keeping back.
pub(crate) fn routes(r: &mut Routes) {
    r.post("/archives/dossiers/{id}/keep-back", ask).form::<KeepForm>().page("/archives/dossiers/{id}");
    r.post("/archives/dossiers/{id}/keep-back/grant", grant)
        .form::<ConsentForm>()
        .page("/archives/dossiers/{id}");
    r.post("/archives/dossiers/{id}/keep-back/refuse", refuse).page("/archives/dossiers/{id}");
}

base::form! {
    /// Until when, and why.
    pub(crate) struct KeepForm {
        keep_until: Date = Field::date("archives.field.keep_until").required().hint("archives.hint.keep_until"),
        keep_reason: String = Field::area("archives.field.keep_reason").required().max(500),
    }
}

base::form! {
    /// The written consent.
    pub(crate) struct ConsentForm {
        consent: String = Field::line("archives.field.consent").required().max(200).hint("archives.hint.consent"),
    }
}

fn ask(cx: &mut Writer<'_, DossierKeep>) -> Reply {
    let dossier = own(cx, cx.path_id()?)?;
    let form: KeepForm = cx.form()?;
    actions::ask_to_keep(cx, &dossier, (form.keep_until, &form.keep_reason))?;
    cx.done("archives.done.keep_asked", path(dossier.id))
}

fn grant(cx: &mut Writer<'_, ArchiveDecide>) -> Reply {
    let dossier = seen(cx, cx.path_id()?)?;
    let form: ConsentForm = cx.form()?;
    actions::answer_keep(cx, &dossier, Some(&form.consent))?;
    cx.done("archives.done.keep_granted", path(dossier.id))
}

fn refuse(cx: &mut Writer<'_, ArchiveDecide>) -> Reply {
    let dossier = seen(cx, cx.path_id()?)?;
    actions::answer_keep(cx, &dossier, None)?;
    cx.done("archives.done.keep_refused", path(dossier.id))
}
