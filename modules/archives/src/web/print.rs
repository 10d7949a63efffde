//! Lists and minutes as PDF, in the forms of Decree 30/2020, annex V.

use crate::model::{Catalogue, Destruction, Dossier, Handover, HandoverState};
use crate::rights::{ArchiveRead, CatalogueRead, DossierRead};
use crate::rules::dossier::span;
use crate::store::{dossiers, entries};
use crate::web::{catalogue_show, contents, handovers, minutes, retention};
use base::{AgencyId, Date, Result, WhileDoing, text};
use contracts::print::{ArchiveForm, ArchiveList, HandoverMinutes, Issue, PrintRequest};
use kernel::{Raw, Reader, Reply, Response, Routes};
use maud::Markup;
use platform::organisations;
use ui::ButtonKind;

/// The routes of what is printed.
pub(crate) fn routes(r: &mut Routes) {
    r.get("/archives/catalogues/{id}/catalogue.pdf", catalogue);
    r.get("/archives/dossiers/{id}/contents.pdf", contents_of);
    r.get("/archives/handovers/{id}/minutes.pdf", minutes_of);
    r.get("/archives/handovers/{id}/list.pdf", handed_over);
    r.get("/archives/destructions/{id}/list.pdf", destroyed);
}

/// The way to a PDF.
pub(crate) fn link(t: base::T, label: &str, href: &str) -> Markup {
    ui::link_button(ButtonKind::Plain, "print", &format!("{} (PDF)", t.text(label)), href)
}

pub(crate) fn paper(name: &str, request: &PrintRequest) -> Reply {
    let request = serde_json::to_value(request).while_doing("writing", name)?;
    Ok(Response::Paper { name: text::slug_ascii(name), request })
}

fn list(name: &str, list: ArchiveList) -> Reply {
    paper(name, &PrintRequest::ArchiveList(Box::new(list)))
}

/// A list with the head of its agency.
fn headed(cx: &Raw<'_>, agency: AgencyId) -> Result<ArchiveList> {
    let here = organisations::agency(cx, agency)?;
    let parent = match here.parent {
        Some(parent) => organisations::agency(cx, parent)?.name,
        None => String::new(),
    };
    Ok(ArchiveList { parent, agency: here.name, place: here.place, ..ArchiveList::default() })
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn year(year: i64) -> Option<u16> {
    u16::try_from(year).ok()
}

/// Annex V, part II.
fn catalogue(cx: &Reader<'_, CatalogueRead>) -> Reply {
    let catalogue = cx.open::<Catalogue>(cx.path_id()?)?;
    let sheet = catalogue_show::sheet(cx, &catalogue)?;
    let (dossiers, forever) = catalogue_show::counts(cx, &catalogue)?;
    let head = headed(cx, catalogue.agency)?;
    let issued_with = Issue {
        symbol: catalogue.decision.clone(),
        date: catalogue.decided_on,
        agency: head.agency.clone(),
        ..Issue::default()
    };
    let printed = ArchiveList {
        form: ArchiveForm::Catalogue,
        year: year(catalogue.year),
        issued_with,
        dossiers: count(dossiers),
        forever: count(forever),
        date: catalogue.decided_on.or_else(|| Some(cx.now().date())),
        rows: sheet.rows,
        ..head
    };
    list(&sheet.file, printed)
}

/// Annex V, part IV: it lies in the dossier and has no head.
pub(crate) fn contents(cx: &Raw<'_>, dossier: &Dossier) -> Result<ArchiveList> {
    let sheet = contents::sheet(cx, dossier)?;
    Ok(ArchiveList {
        form: ArchiveForm::Contents,
        agency: sheet.agency,
        about: dossier.notation.clone(),
        year: year(dossier.year),
        date: dossier.ended_on.or(Some(dossier.started_on)),
        rows: sheet.rows,
        ..ArchiveList::default()
    })
}

fn contents_of(cx: &Reader<'_, DossierRead>) -> Reply {
    let dossier = crate::actions::dossiers::seen(cx, cx.path_id()?)?;
    list(&format!("muc luc {}", dossier.notation), contents(cx, &dossier)?)
}

/// Annex V, part V: of the day of the answer or, before there is one, of the offer.
fn minutes_of(cx: &Reader<'_, DossierRead>) -> Reply {
    let handover = handovers::opened(cx)?;
    let sums = minutes::sums(cx, &handover)?;
    let head = headed(cx, handover.agency)?;
    let is_received = handover.state == HandoverState::Received;
    let receiver = (handover.receiver_name.clone(), handover.receiver_post.clone());
    let printed = HandoverMinutes {
        parent: head.parent,
        agency: head.agency,
        place: head.place,
        date: Some(minutes::day(&handover)),
        year: year(handover.year),
        giver: (handover.giver_name.clone(), handover.giver_post.clone()),
        receiver: if is_received { receiver } else { (String::new(), String::new()) },
        block: handover.block.clone(),
        span: sums.span,
        dossiers: count(sums.dossiers),
        files: u32::try_from(sums.files).unwrap_or(u32::MAX),
        condition: handover.condition.clone(),
    };
    let name = format!("bien ban giao nhan {}", handover.number);
    paper(&name, &PrintRequest::HandoverMinutes(Box::new(printed)))
}

/// Annex V, part III.
fn handed_over(cx: &Reader<'_, DossierRead>) -> Reply {
    let handover = handovers::opened(cx)?;
    let sheet = minutes::list(cx, &handover)?;
    let printed = ArchiveList {
        form: ArchiveForm::HandedOver,
        about: handover.block.clone(),
        year: year(handover.year),
        dossiers: count(sheet.rows.len()),
        maker: named(&handover),
        date: Some(handover.offered_at.date()),
        rows: sheet.rows,
        ..headed(cx, handover.agency)?
    };
    list(&sheet.file, printed)
}

fn named(handover: &Handover) -> String {
    [&handover.giver_name, &handover.giver_post].map(String::as_str).join(", ")
}

/// What a destruction is about. The decree asks for the list and gives no form of it.
fn destroyed(cx: &Reader<'_, ArchiveRead>) -> Reply {
    let destruction = cx.open::<Destruction>(cx.path_id()?)?;
    let t = cx.t();
    let mut rows = Vec::new();
    for (n, one) in (1_usize..).zip(dossiers::together(cx, destruction.id)?) {
        let span = span(&entries::of(cx, one.id)?);
        let span = span.map(|(first, last)| format!("{} – {}", first.dmy(), last.dmy()));
        rows.push(vec![
            n.to_string(),
            one.notation,
            one.title,
            span.unwrap_or_default(),
            retention(t, one.years),
            one.expires_on.map(Date::dmy).unwrap_or_default(),
            String::new(),
        ]);
    }
    let day = destruction.decided_on.unwrap_or_else(|| destruction.proposed_at.date());
    let printed = ArchiveList {
        form: ArchiveForm::Destroyed,
        year: year(destruction.year),
        dossiers: count(rows.len()),
        maker: destruction.proposed_by.clone(),
        date: Some(day),
        rows,
        ..headed(cx, destruction.agency)?
    };
    list(&format!("danh muc ho so huy {}", destruction.number), printed)
}
