//! What is done to dossiers.

use crate::actions::people;
use crate::model::{Access, Catalogue, Dossier, Entry, EntryKind, Line};
use crate::rights::DossierKeep;
use crate::rules::dossier::{self as rules, Review, Step};
use crate::rules::{catalogue, handover};
use crate::store::dossiers::{self as store, New, Says};
use crate::store::entries;
use base::{Date, Error, Id, PersonId, Refusal, Result};
use contracts::IncomingFacts;
use kernel::{Asked, Opened, Permission, Raw, Writer};
use platform::notify::note;
use platform::search::{self, Findable};
use platform::{organisations, tasks};

/// What a dossier is called in tasks and the audit log.
pub(crate) const KIND: &str = "dossier";

/// The page of a dossier.
pub(crate) fn path(id: Id<Dossier>) -> String {
    format!("/archives/dossiers/{id}")
}

/// `OrganId.FileCatalog.FileNotation` (annex VI, part II, III.1).
pub(crate) fn file_code(cx: &Raw<'_>, dossier: &Dossier) -> Result<String> {
    let organ = organisations::agency(cx, dossier.agency)?.code_102;
    Ok(format!("{organ}.{}.{}", dossier.year, dossier.notation))
}

/// Opens a dossier that somebody may know of; for everybody else it does not exist.
pub(crate) fn seen(cx: &Raw<'_>, id: Id<Dossier>) -> Result<Opened<Dossier>> {
    let dossier = cx.open::<Dossier>(id)?;
    let reads_archive = cx.may_at::<crate::rights::ArchiveRead>(dossier.agency);
    if rules::sees(&dossier, &people(cx), reads_archive) { Ok(dossier) } else { Err(Error::NotFound) }
}

/// Opens one of the actor's own, or of those they stand in for.
pub(crate) fn own(cx: &Raw<'_>, id: Id<Dossier>) -> Result<Opened<Dossier>> {
    let dossier = seen(cx, id)?;
    rules::keeps(&dossier, &people(cx))?;
    Ok(dossier)
}

/// Opens a dossier by a line of the catalogue, or one that no line foresees (article 29.2).
pub(crate) fn open(
    cx: &mut Writer<'_, DossierKeep>,
    line: Option<Id<Line>>,
    notation: &str,
    mut says: Says,
) -> Result<Id<Dossier>> {
    says.years = catalogue::retention(says.years)?;
    if says.started_on > cx.now().date() {
        return Err(Error::field("started_on", "archives.error.started_on"));
    }
    let (keeper, keeper_name) = (cx.person()?, cx.actor().name.clone());
    let (agency, mut year) = (cx.agency()?, i64::from(cx.now().year()));
    let mut notation = notation.to_owned();
    if let Some(line) = line {
        let line = cx.open::<Line>(line)?;
        let of = cx.open::<Catalogue>(line.catalogue)?;
        catalogue::open(&of, &line)?;
        if line.agency != agency {
            return Err(Error::NotFound);
        }
        if store::of_lines(cx, agency, of.year)?.iter().any(|(taken, _)| *taken == line.id) {
            return Err(Refusal::new("archives.open.refuse.taken").with("notation", &line.notation).into());
        }
        year = of.year;
        notation.clone_from(&line.notation);
    }
    if notation.is_empty() {
        return Err(Error::field("notation", "form.required"));
    }
    let new = New { year, line, notation, keeper, keeper_name, says };
    let id = store::add(cx, &new)?;
    let dossier = cx.open::<Dossier>(id)?;
    findable(cx, &dossier)?;
    let values = [("notation", new.notation), ("title", new.says.title)];
    cx.record_noted("archives.act.opened", (KIND, id), agency, note(&values));
    Ok(id)
}

/// Changes what is known of an open dossier.
pub(crate) fn edit(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    mut says: Says,
) -> Result<()> {
    rules::step(dossier.state, Step::Change)?;
    says.years = catalogue::retention(says.years)?;
    let access = (says.access != dossier.access).then_some(says.access);
    store::edit(cx, dossier, &says)?;
    findable(cx, &cx.open::<Dossier>(dossier.id)?)?;
    // A change of who may read it is told apart from a change of words (annex VI, I.3c).
    let act = match access {
        None => "archives.act.edited",
        Some(Access::Limited) => "archives.act.access_limited",
        Some(Access::Agency) => "archives.act.access_agency",
    };
    cx.record(act, (KIND, dossier.id), dossier.agency);
    Ok(())
}

/// What closing asks to be looked at: documents under way as their module tells, and documents without a file.
pub(crate) fn review(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    all: &[Entry],
) -> Result<Review> {
    let mut review = Review::default();
    for entry in all {
        if entry.files == 0 {
            review.without_file.push(entry.subject.clone());
        }
        if entry.kind == EntryKind::Incoming {
            let question = IncomingFacts { document: entry.document };
            match cx.ask(&question, dossier.agency) {
                Ok(Asked::Answered(facts)) if !facts.is_settled => {
                    review.under_way.push(entry.symbol.clone());
                }
                // What is gone or not for this person is under way for nobody they could ask.
                Ok(_) | Err(Error::NotFound | Error::Forbidden) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(review)
}

/// Closes a dossier: numbers what is in it in the order in which it came about, and says until when it is to be
/// handed over.
pub(crate) fn close(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    (ended_on, gaps_confirmed): (Date, bool),
) -> Result<usize> {
    let all = entries::of(cx, dossier.id)?;
    let review = review(cx, dossier, &all)?;
    rules::close(dossier, &all, &review, (ended_on, cx.now().date(), gaps_confirmed))?;
    entries::number(cx, dossier, &all)?;
    let dates = (rules::due(dossier, ended_on), handover::expires(ended_on, dossier.years));
    store::close(cx, dossier, ended_on, dates)?;
    let values = [("n", all.len().to_string()), ("date", ended_on.dmy())];
    cx.record_noted("archives.act.closed", (KIND, dossier.id), dossier.agency, note(&values));
    Ok(all.len())
}

/// Opens a closed dossier again, for a reason.
pub(crate) fn reopen(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    reason: &str,
) -> Result<()> {
    rules::step(dossier.state, Step::Reopen)?;
    store::reopen(cx, dossier)?;
    tasks::close_all(cx, dossier.id, "reopened")?;
    let values = [("remark", reason.to_owned())];
    cx.record_noted("archives.act.reopened", (KIND, dossier.id), dossier.agency, note(&values));
    Ok(())
}

/// Gives a dossier to another keeper, as before a retirement or a move (article 31.3đ).
pub(crate) fn pass_on(
    cx: &mut Writer<'_, DossierKeep>,
    dossier: &Opened<Dossier>,
    to: PersonId,
) -> Result<String> {
    let here = platform::people::of_agency(cx, dossier.agency)?;
    let holder = here.into_iter().find(|holder| holder.person == to && holder.active);
    let holder = holder.ok_or_else(|| Error::field("keeper", "form.choose"))?;
    store::pass_on(cx, dossier, (to, &holder.name))?;
    tasks::close_all(cx, dossier.id, "passed on")?;
    let values = [("who", holder.name.clone())];
    cx.record_noted("archives.act.passed_on", (KIND, dossier.id), dossier.agency, note(&values));
    let told = [("notation", dossier.notation.clone()), ("who", cx.actor().name.clone())];
    let path = path(dossier.id);
    let say = platform::notify::Say { key: "archives.notice.passed_on", values: &told, path: &path };
    platform::notify::tell(cx, dossier.agency, to, &say)?;
    Ok(holder.name)
}

/// Notes that somebody takes a whole dossier away, or a copy of one entry.
pub(crate) fn export<P: Permission>(
    cx: &mut Writer<'_, P>,
    dossier: &Opened<Dossier>,
    entry: Option<&Opened<Entry>>,
) -> Result<Id<()>> {
    let id = store::exported(cx, dossier, entry.map(|entry| entry.id))?;
    match entry {
        None => cx.record("archives.act.exported", (KIND, dossier.id), dossier.agency),
        Some(entry) => {
            let values = [("remark", [entry.symbol.as_str(), entry.subject.as_str()].join(" "))];
            cx.record_noted("archives.act.copied", (KIND, dossier.id), dossier.agency, note(&values));
        }
    }
    Ok(id)
}

/// Makes a dossier findable by its own words; one of limited access only for those who read the archive.
fn findable<P: Permission>(cx: &mut Writer<'_, P>, dossier: &Opened<Dossier>) -> Result<()> {
    let right = match dossier.access {
        Access::Agency => crate::rights::DossierRead::ID,
        Access::Limited => crate::rights::ArchiveRead::ID,
    };
    let words = [&dossier.title, &dossier.notation, &dossier.keeper_name, &dossier.note]
        .map(String::as_str)
        .join(" ");
    let path = path(dossier.id);
    let thing = Findable {
        kind: KIND,
        right,
        title: &dossier.title,
        detail: &format!("{} · {}", dossier.notation, dossier.keeper_name),
        path: &path,
        dated: dossier.started_on,
        words: &words,
    };
    search::put(cx, dossier.agency, dossier.id, &thing)
}
