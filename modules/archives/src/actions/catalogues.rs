//! What is done to catalogues.

use crate::model::{Catalogue, Heading, Line, Numbering};
use crate::rights::{CatalogueApprove, CatalogueKeep};
use crate::rules::catalogue as rules;
use crate::store::catalogues::{self as store, Says};
use base::{Date, Error, Id, Refusal, Result};
use kernel::{Opened, Writer};
use platform::notify::note;
use platform::people;
use std::collections::BTreeMap;

const KIND: &str = "catalogue";

/// The page of a catalogue.
pub(crate) fn path(id: Id<Catalogue>) -> String {
    format!("/archives/catalogues/{id}")
}

/// Begins the catalogue of a year, with the headings and lines of another year or without any.
pub(crate) fn begin(
    cx: &mut Writer<'_, CatalogueKeep>,
    (year, numbering): (i64, Numbering),
    from: Option<Id<Catalogue>>,
) -> Result<Id<Catalogue>> {
    let agency = cx.agency()?;
    if !(1900..=9999).contains(&year) {
        return Err(Error::field("year", "archives.error.year"));
    }
    if store::of_year(cx, agency, year)?.is_some() {
        return Err(Refusal::new("archives.catalogue.refuse.year").with("year", year).into());
    }
    let from = from.map(|id| cx.open::<Catalogue>(id)).transpose()?.filter(|one| one.agency == agency);
    let numbering = from.as_ref().map_or(numbering, |from| from.numbering);
    let id = store::add(cx, year, numbering)?;
    let copied = match &from {
        Some(from) => copy(cx, from, (id, year))?,
        None => 0,
    };
    let values = [("year", year.to_string()), ("n", copied.to_string())];
    cx.record_noted("archives.act.catalogue_begun", (KIND, id), agency, note(&values));
    Ok(id)
}

/// Copies headings and the lines that stand, numbered anew. A person who has left is left out.
fn copy(
    cx: &mut Writer<'_, CatalogueKeep>,
    from: &Opened<Catalogue>,
    (to, year): (Id<Catalogue>, i64),
) -> Result<usize> {
    let here = people::of_agency(cx, from.agency)?;
    let (headings, lines) = (store::headings(cx, from.id)?, store::lines(cx, from.id)?);
    let mut ids: BTreeMap<Id<Heading>, Id<Heading>> = BTreeMap::new();
    // Big headings have no parent and come first, whatever their place.
    let (big, small): (Vec<&Heading>, Vec<&Heading>) = headings.iter().partition(|one| one.parent.is_none());
    for heading in big.into_iter().chain(small) {
        let parent = heading.parent.and_then(|parent| ids.get(&parent).copied());
        let new = store::add_heading(cx, to, (parent, heading.sort), (&heading.name, &heading.symbol))?;
        ids.insert(heading.id, new);
    }
    let mut done: Vec<Line> = Vec::new();
    for line in lines.into_iter().filter(|line| line.voided_at.is_none()) {
        let Some(heading) = headings.iter().find(|one| one.id == line.heading) else { continue };
        let Some(new) = ids.get(&heading.id) else { continue };
        let (number, notation) = rules::next((from.numbering, heading), &headings, &done);
        let still = line.person.is_some_and(|person| here.iter().any(|holder| holder.person == person));
        let says = Says {
            title: rules::carried_over(&line.title, (from.year, year)),
            years: line.years,
            construction: line.construction,
            person: line.person.filter(|_| still),
            person_name: if still { line.person_name.clone() } else { String::new() },
            note: line.note.clone(),
        };
        store::add_line(cx, (to, *new), (number, &notation), &says)?;
        done.push(Line { number, ..line });
    }
    Ok(done.len())
}

/// Adds a heading: a big one with a symbol, or a small one under a big one.
pub(crate) fn add_heading(
    cx: &mut Writer<'_, CatalogueKeep>,
    catalogue: &Opened<Catalogue>,
    parent: Option<Id<Heading>>,
    (name, symbol): (&str, &str),
) -> Result<()> {
    rules::change(catalogue)?;
    let all = store::headings(cx, catalogue.id)?;
    match parent {
        Some(parent) if all.iter().all(|one| one.id != parent || one.parent.is_some()) => {
            return Err(Error::field("parent", "form.choose"));
        }
        None if symbol.is_empty() => return Err(Error::field("symbol", "form.required")),
        None if all.iter().any(|one| one.symbol == symbol) => {
            return Err(Error::field("symbol", "archives.error.symbol_taken"));
        }
        _ => {}
    }
    let sort = all.iter().map(|one| one.sort).max().unwrap_or(0).saturating_add(1);
    let symbol = if parent.is_some() { "" } else { symbol };
    store::add_heading(cx, catalogue.id, (parent, sort), (name, symbol))?;
    let values = [("name", name.to_owned())];
    cx.record_noted("archives.act.heading", (KIND, catalogue.id), catalogue.agency, note(&values));
    Ok(())
}

/// Adds a line under a heading. Answers its notation.
pub(crate) fn add_line(
    cx: &mut Writer<'_, CatalogueKeep>,
    catalogue: &Opened<Catalogue>,
    heading: Id<Heading>,
    mut says: Says,
) -> Result<String> {
    rules::change(catalogue)?;
    name_person(cx, catalogue, &mut says)?;
    let (all, lines) = (store::headings(cx, catalogue.id)?, store::lines(cx, catalogue.id)?);
    let under = all.iter().find(|one| one.id == heading);
    let under = under.ok_or_else(|| Error::field("heading", "form.choose"))?;
    let (number, notation) = rules::next((catalogue.numbering, under), &all, &lines);
    store::add_line(cx, (catalogue.id, heading), (number, &notation), &says)?;
    let values = [("notation", notation.clone()), ("title", says.title)];
    cx.record_noted("archives.act.line", (KIND, catalogue.id), catalogue.agency, note(&values));
    Ok(notation)
}

/// Changes a line, or strikes it out.
pub(crate) fn edit_line(
    cx: &mut Writer<'_, CatalogueKeep>,
    line: &Opened<Line>,
    says: Option<Says>,
) -> Result<()> {
    let catalogue = cx.open::<Catalogue>(line.catalogue)?;
    rules::change(&catalogue)?;
    let act = match says {
        Some(mut says) => {
            name_person(cx, &catalogue, &mut says)?;
            store::edit_line(cx, line, &says)?;
            "archives.act.line_edited"
        }
        None => {
            store::void_line(cx, line)?;
            "archives.act.line_struck"
        }
    };
    let values = [("notation", line.notation.clone())];
    cx.record_noted(act, (KIND, catalogue.id), catalogue.agency, note(&values));
    Ok(())
}

/// The person of a line works in the agency.
fn name_person(cx: &Writer<'_, CatalogueKeep>, catalogue: &Opened<Catalogue>, says: &mut Says) -> Result<()> {
    says.years = rules::retention(says.years)?;
    says.person_name = match says.person {
        None => String::new(),
        Some(person) => {
            let here = people::of_agency(cx, catalogue.agency)?;
            let holder = here.into_iter().find(|holder| holder.person == person);
            holder.ok_or_else(|| Error::field("person", "form.choose"))?.name
        }
    };
    Ok(())
}

/// The head of the agency approves it (article 28).
pub(crate) fn approve(
    cx: &mut Writer<'_, CatalogueApprove>,
    catalogue: &Opened<Catalogue>,
    (decision, decided_on): (&str, Date),
) -> Result<()> {
    let lines = store::lines(cx, catalogue.id)?;
    rules::approve(catalogue, lines.iter().filter(|line| line.voided_at.is_none()).count())?;
    store::approve(cx, catalogue, (decision, decided_on))?;
    let values = [("decision", decision.to_owned()), ("date", decided_on.dmy())];
    cx.record_noted("archives.act.approved", (KIND, catalogue.id), catalogue.agency, note(&values));
    tell_people(cx, catalogue, &lines)
}

/// The approved catalogue is sent to those who are to open its dossiers (article 28).
fn tell_people(
    cx: &mut Writer<'_, CatalogueApprove>,
    catalogue: &Opened<Catalogue>,
    lines: &[Line],
) -> Result<()> {
    let stand = lines.iter().filter(|line| line.voided_at.is_none());
    let mut people: Vec<base::PersonId> = stand.filter_map(|line| line.person).collect();
    people.sort_unstable();
    people.dedup();
    let values = [("year", catalogue.year.to_string())];
    let path = path(catalogue.id);
    for person in people {
        let say = platform::notify::Say { key: "archives.notice.catalogue", values: &values, path: &path };
        platform::notify::tell(cx, catalogue.agency, person, &say)?;
    }
    Ok(())
}

/// Makes it a draft again, for a reason.
pub(crate) fn withdraw(
    cx: &mut Writer<'_, CatalogueApprove>,
    catalogue: &Opened<Catalogue>,
    reason: &str,
) -> Result<()> {
    rules::withdraw(catalogue)?;
    store::withdraw(cx, catalogue)?;
    let values = [("remark", reason.to_owned())];
    cx.record_noted("archives.act.withdrawn", (KIND, catalogue.id), catalogue.agency, note(&values));
    Ok(())
}
