//! Telling further up of work that waits: by the clock, each rung once.

use crate::actions::{incoming, outgoing};
use crate::rights::StepsEdit;
use crate::rules::escalation::{self as rules, Cause, Minutes, Rung};
use crate::store::escalation::{self as store, Chosen};
use base::{AgencyId, Id, Instant, PersonId, Result, TaskId};
use kernel::{Raw, System, Writer};
use platform::identity;
use platform::notify::{self, Say, note};
use platform::people::{self, Delegation, Holder};
use platform::tasks::{self, After, OpenTask};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// How much is told in one turn; the rest comes with the next one.
const AT_ONCE: usize = 2_000;
/// How much work is read at a time.
const PAGE: i64 = 1_000;
/// The tasks of this module.
const OURS: &str = "documents.task.";

/// The people of an agency, and who of them stands in for whom.
struct Staff {
    holders: Vec<Holder>,
    delegations: Vec<Delegation>,
}

/// What one turn works with.
struct Turn {
    chosen: Vec<Chosen>,
    grants: Vec<(String, String)>,
    raised: BTreeSet<(TaskId, &'static str, &'static str, Instant)>,
    staff: BTreeMap<AgencyId, Staff>,
    told: usize,
}

impl Turn {
    fn begin(cx: &Raw<'_>, since: Instant) -> Result<Turn> {
        let raised = store::raised(cx, since)?.into_iter();
        Ok(Turn {
            chosen: store::chosen(cx)?,
            grants: identity::grants(cx)?,
            raised: raised.map(|(task, cause, rung, at)| (task, cause.word(), rung.word(), at)).collect(),
            staff: BTreeMap::new(),
            told: 0,
        })
    }

    /// Reads who works in an agency, the first time it is met.
    fn meet(&mut self, cx: &Raw<'_>, agency: AgencyId) -> Result<()> {
        if let Entry::Vacant(entry) = self.staff.entry(agency) {
            let (holders, delegations) = (people::of_agency(cx, agency)?, people::delegations(cx, agency)?);
            entry.insert(Staff { holders, delegations });
        }
        Ok(())
    }

    /// Everybody who shares the work of a pool.
    fn pool(&self, holders: &[Holder], pool: Option<&str>) -> Vec<PersonId> {
        let holds = |role: &str| {
            pool.is_some_and(|pool| self.grants.iter().any(|(of, right)| of == role && right == pool))
        };
        holders.iter().filter(|one| one.active && holds(&one.role)).map(|one| one.person).collect()
    }
}

/// Tells whatever is due to be told now. It does not matter how often this runs, or in how many processes.
pub(crate) fn run(cx: &mut Writer<'_, System>, _payload: &serde_json::Value) -> Result<()> {
    let now = cx.now();
    let since = now.plus_days(-rules::DAYS);
    let mut turn = Turn::begin(cx, since)?;
    // Urgent work is told of at any hour; late work waits for people to be there.
    let given = |task: &OpenTask| task.given_at;
    let urgent = walk(cx, &mut turn, since, (&|cx, after| tasks::unopened(cx, after, now, PAGE), given))?;
    if urgent && is_working(now) {
        let due = |task: &OpenTask| task.due_at.unwrap_or(task.given_at);
        walk(cx, &mut turn, since, (&|cx, after| tasks::late(cx, after, now, PAGE), due))?;
    }
    Ok(())
}

/// A page of open work behind a point.
type Pages<'a> = &'a dyn Fn(&Raw<'_>, After) -> Result<Vec<OpenTask>>;

/// Walks through open work in an order of its own. False when so much was told that the rest is left to the next turn.
fn walk(
    cx: &mut Writer<'_, System>,
    turn: &mut Turn,
    since: Instant,
    (pages, order): (Pages<'_>, fn(&OpenTask) -> Instant),
) -> Result<bool> {
    let mut after = (since, TaskId::of(uuid::Uuid::nil()));
    loop {
        let page = pages(cx, after)?;
        let Some(last) = page.last() else { return Ok(true) };
        after = (order(last), last.id);
        for task in page.iter().filter(|task| task.kind.starts_with(OURS)) {
            tell(cx, turn, task)?;
        }
        if turn.told > AT_ONCE {
            return Ok(false);
        }
    }
}

/// Tells the rungs of one task that are due and were not told.
fn tell(cx: &mut Writer<'_, System>, turn: &mut Turn, task: &OpenTask) -> Result<()> {
    let Some((cause, since)) = rules::cause(task) else { return Ok(()) };
    let minutes = store::minutes(cx, &turn.chosen, (task.agency, cause));
    for rung in rules::due((cause, since), minutes, cx.now()) {
        if turn.raised.insert((task.id, cause.word(), rung.word(), since)) {
            raise(cx, turn, task, (cause, rung, since))?;
            turn.told += 1;
        }
    }
    Ok(())
}

fn is_working(now: Instant) -> bool {
    base::calendar::Calendar::vietnam().is_working_time(now)
}

/// Tells one rung: those it names, or who stands in for them.
fn raise(
    cx: &mut Writer<'_, System>,
    turn: &mut Turn,
    task: &OpenTask,
    (cause, rung, since): (Cause, Rung, Instant),
) -> Result<()> {
    turn.meet(cx, task.agency)?;
    let Some(staff) = turn.staff.get(&task.agency) else { return Ok(()) };
    let pool = turn.pool(&staff.holders, task.pool.as_deref());
    let mut to: Vec<(PersonId, String)> = Vec::new();
    for one in rules::told((rung, task), &staff.holders, &pool) {
        let person = people::acting(&staff.delegations, one.person, cx.now());
        let name = if person == one.person { one.name.clone() } else { people::name(cx, person)? };
        if to.iter().all(|(known, _)| *known != person) {
            to.push((person, name));
        }
    }
    let names = to.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ");
    if !store::raise(cx, task, (cause, rung, since), &names)? {
        return Ok(());
    }
    let values = [
        ("what", cx.text(&task.kind).to_owned()),
        ("subject", task.title.clone()),
        ("since", since.dmy_hhmm()),
        ("who", names),
    ];
    let say = Say { key: notice_key(cause), values: &values, path: &task.path };
    for (person, _) in &to {
        notify::tell(cx, task.agency, *person, &say)?;
    }
    cx.record_noted(act_key(cause), (kind_of(task), Id::<()>::of(task.subject)), task.agency, note(&values));
    Ok(())
}

/// What a task is about, as the audit log names it.
fn kind_of(task: &OpenTask) -> &'static str {
    match task.subject_kind.as_str() {
        incoming::KIND => incoming::KIND,
        outgoing::KIND => outgoing::KIND,
        _ => "poll",
    }
}

const fn notice_key(cause: Cause) -> &'static str {
    match cause {
        Cause::Urgent => "documents.escalation.notice.urgent",
        Cause::Late => "documents.escalation.notice.late",
        Cause::Opinion => "documents.escalation.notice.opinion",
    }
}

const fn act_key(cause: Cause) -> &'static str {
    match cause {
        Cause::Urgent => "documents.escalation.act.urgent",
        Cause::Late => "documents.escalation.act.late",
        Cause::Opinion => "documents.escalation.act.opinion",
    }
}

/// Chooses the figures of an agency, for each cause whose figures change.
pub(crate) fn choose(
    cx: &mut Writer<'_, StepsEdit>,
    agency: AgencyId,
    wanted: &[(Cause, Minutes)],
) -> Result<()> {
    let chosen = store::chosen(cx)?;
    for (cause, minutes) in wanted {
        rules::rises(*minutes)?;
        if store::minutes(cx, &chosen, (agency, *cause)) == *minutes {
            continue;
        }
        store::choose(cx, agency, (*cause, *minutes))?;
        let words = minutes.map(|one| one.map_or_else(|| "–".to_owned(), |one| one.to_string())).join(", ");
        let values = [("cause", cx.text(cause_key(*cause)).to_owned()), ("minutes", words)];
        cx.record_noted("documents.escalation.act.chosen", ("agency", agency), agency, note(&values));
    }
    Ok(())
}

/// The words of a cause.
pub(crate) const fn cause_key(cause: Cause) -> &'static str {
    match cause {
        Cause::Urgent => "documents.escalation.cause.urgent",
        Cause::Late => "documents.escalation.cause.late",
        Cause::Opinion => "documents.escalation.cause.opinion",
    }
}

/// The words of a rung.
pub(crate) const fn rung_key(rung: Rung) -> &'static str {
    match rung {
        Rung::Owner => "documents.escalation.rung.owner",
        Rung::Head => "documents.escalation.rung.head",
        Rung::Leader => "documents.escalation.rung.leader",
        Rung::Top => "documents.escalation.rung.top",
    }
}
