//! What a person does with kept searches, and how they are told of what is new.

use crate::model::{Alert, Kept};
use crate::rules::{self, Wanted};
use crate::store::{self, NewKept};
use base::{Error, Id, Instant, Result};
use kernel::{Opened, Permission, Raw, SignedIn, System, Writer, jobs};
use platform::identity;
use platform::notify::{self, Say, note};
use platform::search::{self, Found};
use serde_json::{Value, json};

/// The job that looks at searches of one kind of alert, some at a time.
pub(crate) const LOOK: &str = "desk.searches.look";
/// The job that begins the day of kept searches.
pub(crate) const DAY: &str = "desk.searches.day";
/// Searches looked at in one transaction: nobody else writes meanwhile.
const AT_ONCE: i64 = 40;
/// Hits read for one search; more are "and more" to whoever is told.
const HITS: i64 = 50;
/// Minutes between two looks for those who want to be told at once.
const QUARTER: i64 = 15;
/// When those are told who want it in the morning: before work begins.
const MORNING: (i8, i8) = (6, 30);

/// Keeps a search.
pub(crate) fn keep(cx: &mut Writer<'_, SignedIn>, new: &NewKept<'_>) -> Result<Id<Kept>> {
    let mine = store::mine(cx)?;
    rules::keep(new.words, mine.len())?;
    let mark = search::last(cx)?;
    let id = store::add(cx, new, mark)?;
    if new.alert == Alert::Now {
        next_look(cx)?;
    }
    let agency = cx.agency()?;
    cx.record_noted("desk.act.search_kept", ("search", id), agency, note(&[("name", new.name.to_owned())]));
    Ok(id)
}

/// Opens a search that must be the actor's own.
pub(crate) fn own(cx: &Raw<'_>) -> Result<Opened<Kept>> {
    let kept = cx.open::<Kept>(cx.path_id()?)?;
    if kept.person == cx.person()? { Ok(kept) } else { Err(Error::NotFound) }
}

/// Renames a search, and says when its owner is told. Who begins to be told hears nothing of what was there before.
pub(crate) fn change(cx: &mut Writer<'_, SignedIn>, kept: &Kept, (name, alert): (&str, Alert)) -> Result<()> {
    let mark = if kept.alert == Alert::Never { search::last(cx)? } else { kept.mark };
    store::change(cx, kept, (name, alert), mark)?;
    if alert == Alert::Now {
        next_look(cx)?;
    }
    let values = note(&[("name", name.to_owned())]);
    cx.record_noted("desk.act.search_changed", ("search", kept.id), kept.agency, values);
    Ok(())
}

/// Forgets a search.
pub(crate) fn forget(cx: &mut Writer<'_, SignedIn>, kept: &Kept) -> Result<()> {
    store::remove(cx, kept)?;
    let values = note(&[("name", kept.name.clone())]);
    cx.record_noted("desk.act.search_forgotten", ("search", kept.id), kept.agency, values);
    Ok(())
}

/// Begins a day: one look in the morning, and the looks every quarter of an hour go on also after a long stop.
pub(crate) fn begin_day(cx: &mut Writer<'_, System>, _payload: &Value) -> Result<()> {
    let at = morning_of(cx.now()).max(cx.now());
    let morning = json!({ "alert": Alert::Daily.word(), "after": none().to_string() });
    if store::any(cx, Alert::Daily)? {
        jobs::enqueue_at(cx, LOOK, &format!("daily {}", at.date().iso()), (&morning, at))?;
    }
    next_look(cx)?;
    cx.record_nothing("queueing is no act");
    Ok(())
}

/// Queues the look at the end of this quarter of an hour, once, while somebody waits for it.
fn next_look<P: Permission>(cx: &mut Writer<'_, P>) -> Result<()> {
    if !store::any(cx, Alert::Now)? {
        return Ok(());
    }
    let at = rules::quarter_end(cx.now(), QUARTER);
    let payload = json!({ "alert": Alert::Now.word(), "after": none().to_string() });
    jobs::enqueue_at(cx, LOOK, &format!("now {}", at.micros()), (&payload, at))
}

fn morning_of(now: Instant) -> Instant {
    now.date().at(MORNING.0, MORNING.1)
}

/// Before every search.
fn none() -> Id<Kept> {
    Id::born(0, [0; 10])
}

/// Looks at some searches and tells their owners of what is new; the rest is another job.
pub(crate) fn look(cx: &mut Writer<'_, System>, payload: &Value) -> Result<()> {
    let word = |name: &str| payload.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let alert = Alert::parse(&word("alert")).ok_or_else(|| Error::internal("a look has no alert"))?;
    let after: Id<Kept> = word("after").parse().map_err(|_| Error::internal("a look has no place"))?;
    let last = search::last(cx)?;
    // Begun twice, after a restart, the morning is not told twice.
    let since = if alert == Alert::Daily { morning_of(cx.now()) } else { cx.now().plus_secs(1) };
    let some = store::behind(cx, alert, (after, since), (last, AT_ONCE))?;
    for kept in &some {
        tell(cx, kept, last)?;
    }
    match some.last() {
        Some(end) if i64::try_from(some.len()).is_ok_and(|n| n >= AT_ONCE) => {
            let rest = json!({ "alert": alert.word(), "after": end.id.to_string() });
            let dedup = format!("{} {} {}", alert.word(), cx.now().micros(), end.id);
            jobs::enqueue(cx, LOOK, &dedup, &rest)?;
        }
        _ if alert == Alert::Now => next_look(cx)?,
        _ => {}
    }
    cx.record_nothing("what was looked at is bookkeeping; being told is no act");
    Ok(())
}

/// Tells the owner of a search what is new, as they would find it now. What they may not see now is not told later.
fn tell(cx: &mut Writer<'_, System>, kept: &Kept, last: i64) -> Result<()> {
    if !store::looked(cx, kept.id, last)? {
        return Ok(());
    }
    let actor = match identity::actor(cx, kept.person) {
        Ok(actor) if actor.agency == Some(kept.agency) => actor,
        // Locked out, or working elsewhere now: nobody is told.
        Ok(_) | Err(Error::Forbidden) => return Ok(()),
        Err(other) => return Err(other),
    };
    let mut found = search::find_since(cx, (&actor, &kept.words), (kept.mark, last), HITS)?;
    let wanted = Wanted { kind: &kept.kind, from: kept.from, to: kept.to };
    found.retain(|one| wanted.takes(&one.subject_kind, one.dated));
    let Some(first) = found.first() else { return Ok(()) };
    let values =
        [("n", found.len().to_string()), ("name", kept.name.clone()), ("subject", first.title.clone())];
    let path = page_of(kept, &found);
    notify::tell(
        cx,
        kept.agency,
        kept.person,
        &Say { key: "desk.notice.found", values: &values, path: &path },
    )
}

/// One thing is opened itself; of several the search is.
fn page_of(kept: &Kept, found: &[Found]) -> String {
    match found {
        [one] => one.path.clone(),
        _ => rules::search_path(&kept.words, &Wanted { kind: &kept.kind, from: kept.from, to: kept.to }),
    }
}
