//! To whom a document goes: single agencies and groups, built in or saved, as they stand on the day of issue.

use crate::rights::OutgoingDraft;
use crate::store::recipients::{self as store, Saved};
use base::{AgencyId, Date, Error, Id, Refusal, Result};
use kernel::{Raw, Writer};
use platform::notify::note;
use platform::organisations::{self, Agency, Tier};

/// What is chosen: agencies and keys of groups. Kept as lines `agency:<id>` and `group:<key>`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) agencies: Vec<AgencyId>,
    pub(crate) groups: Vec<String>,
}

impl Plan {
    /// Reads what [`Plan::text`] wrote.
    pub(crate) fn read(text: &str) -> Plan {
        let mut plan = Plan::default();
        for line in text.lines() {
            match line.split_once(':') {
                Some(("agency", id)) => plan.agencies.extend(id.parse::<AgencyId>().ok()),
                Some(("group", key)) => plan.groups.push(key.to_owned()),
                _ => {}
            }
        }
        plan
    }

    /// As it is kept, each choice once.
    pub(crate) fn text(&self) -> String {
        let agencies = self.agencies.iter().map(|id| format!("agency:{id}"));
        let groups = self.groups.iter().map(|key| format!("group:{key}"));
        let mut lines: Vec<String> = Vec::new();
        for line in agencies.chain(groups) {
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines.join("\n")
    }

    /// True when nobody is chosen.
    pub(crate) fn is_empty(&self) -> bool {
        self.agencies.is_empty() && self.groups.is_empty()
    }
}

/// A group one can send to.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// `provinces`, `districts`, `communes`, `communes-<id>`, `departments` or `saved-<id>`.
    pub(crate) key: String,
    /// Its name.
    pub(crate) label: String,
    /// Who is in it today.
    pub(crate) members: Vec<Agency>,
    /// True for saved ones.
    pub(crate) saved: bool,
}

/// Every group an agency can send to: those its place in the tree gives, and those it has saved.
pub(crate) fn groups(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Group>> {
    let day = cx.now().date();
    let own = organisations::agency(cx, agency)?;
    let root = root_of(cx, &own)?;
    let below = |tier: Tier| -> Result<Vec<Agency>> {
        if tier <= root.tier {
            return Ok(Vec::new());
        }
        let found = organisations::below(cx, root.id, tier, day)?;
        Ok(found.into_iter().filter(|one| is_authority(one) && can_take(one, (agency, day))).collect())
    };
    let (provinces, districts, communes) =
        (below(Tier::Province)?, below(Tier::District)?, below(Tier::Commune)?);
    let departments: Vec<Agency> = organisations::children(cx, root.id)?
        .into_iter()
        .filter(|one| one.tier == root.tier && can_take(one, (agency, day)))
        .collect();
    let mut groups = vec![
        built_in(cx, "provinces", "documents.recipients.group.provinces", provinces),
        built_in(cx, "districts", "documents.recipients.group.districts", districts.clone()),
        built_in(cx, "communes", "documents.recipients.group.communes", communes.clone()),
        built_in(cx, "departments", "documents.recipients.group.departments", departments),
    ];
    for district in &districts {
        let members: Vec<Agency> =
            communes.iter().filter(|one| one.parent == Some(district.id)).cloned().collect();
        let label = cx.t().fill(
            "documents.recipients.group.communes_of",
            &[("n", &members.len()), ("district", &district.place)],
        );
        groups.push(Group { key: format!("communes-{}", district.id), label, members, saved: false });
    }
    for one in store::groups(cx, agency)? {
        groups.push(saved(cx, &one, (agency, day))?);
    }
    groups.retain(|group| group.saved || !group.members.is_empty());
    Ok(groups)
}

fn built_in(cx: &Raw<'_>, key: &str, label: &'static str, members: Vec<Agency>) -> Group {
    let n = i64::try_from(members.len()).unwrap_or(0);
    Group { key: key.to_owned(), label: cx.t().count(label, n), members, saved: false }
}

fn saved(cx: &Raw<'_>, group: &Saved, (own, day): (AgencyId, Date)) -> Result<Group> {
    let mut members = Vec::new();
    for id in group.members.lines().filter_map(|line| line.parse::<AgencyId>().ok()) {
        let agency = organisations::agency(cx, id)?;
        if can_take(&agency, (own, day)) {
            members.push(agency);
        }
    }
    let label =
        cx.t().fill("documents.recipients.group.saved", &[("name", &group.name), ("n", &members.len())]);
    Ok(Group { key: format!("saved-{}", group.id), label, members, saved: true })
}

/// The agency whose tree counts: an office or department sends where the authority above it does.
fn root_of(cx: &Raw<'_>, own: &Agency) -> Result<Agency> {
    match own.parent {
        Some(parent) if !is_authority(own) => organisations::agency(cx, parent),
        _ => Ok(own.clone()),
    }
}

/// True for the authority of a place, false for its offices and departments.
fn is_authority(agency: &Agency) -> bool {
    !matches!(agency.kind.as_str(), "office" | "department" | "centre")
}

/// A locked agency stays in its groups: whoever sends to "277 communes" learns which one did not take it, where
/// leaving it out would tell nobody.
fn can_take(agency: &Agency, (own, day): (AgencyId, Date)) -> bool {
    agency.id != own && agency.valid_from <= day && agency.valid_to.is_none_or(|end| day <= end)
}

/// The group of the level right below, to offer when a document is passed on.
pub(crate) fn next_level(groups: &[Group]) -> Option<String> {
    let first = |key: &str| groups.iter().find(|group| group.key == key).map(|group| group.key.clone());
    first("provinces").or_else(|| first("districts")).or_else(|| first("communes"))
}

/// Refuses an agency that cannot be sent to: one that has ended (its successors are named), one that is locked,
/// and the sender itself.
pub(crate) fn check(cx: &Raw<'_>, agency: &Agency, own: AgencyId) -> Result<()> {
    let day = cx.now().date();
    if agency.id == own {
        return Err(Refusal::new("documents.recipients.refuse.own").into());
    }
    if agency.locked {
        return Err(Refusal::new("documents.recipients.refuse.locked").with("name", &agency.name).into());
    }
    if !agency.is_open(day) {
        let successors = organisations::successors(cx, agency.id)?;
        let names: Vec<&str> = successors.iter().map(|one| one.name.as_str()).collect();
        let key = if names.is_empty() {
            "documents.recipients.refuse.ended"
        } else {
            "documents.recipients.refuse.succeeded"
        };
        return Err(Refusal::new(key).with("name", &agency.name).with("new", names.join(", ")).into());
    }
    Ok(())
}

/// Everybody a plan names today, each once: single agencies first, in the order they were chosen.
pub(crate) fn expand(cx: &Raw<'_>, own: AgencyId, plan: &Plan) -> Result<Vec<Agency>> {
    let mut out: Vec<Agency> = Vec::new();
    for id in &plan.agencies {
        let agency = organisations::agency(cx, *id).map_err(unknown)?;
        check(cx, &agency, own)?;
        push_once(&mut out, agency);
    }
    if plan.groups.is_empty() {
        return Ok(out);
    }
    let groups = groups(cx, own)?;
    for key in &plan.groups {
        let group = groups.iter().find(|group| group.key == *key);
        let group = group.ok_or_else(|| Refusal::new("documents.recipients.refuse.no_group"))?;
        for agency in &group.members {
            push_once(&mut out, agency.clone());
        }
    }
    Ok(out)
}

fn unknown(error: Error) -> Error {
    match error {
        Error::NotFound => Refusal::new("documents.recipients.refuse.unknown").into(),
        other => other,
    }
}

fn push_once(out: &mut Vec<Agency>, agency: Agency) {
    if out.iter().all(|one| one.id != agency.id) {
        out.push(agency);
    }
}

/// The district an agency belongs to, for the map and the table; empty where there is none.
pub(crate) fn area(cx: &Raw<'_>, agency: &Agency, known: &mut Vec<Agency>) -> Result<String> {
    if agency.tier == Tier::District && is_authority(agency) {
        return Ok(agency.place.clone());
    }
    let Some(parent) = agency.parent else { return Ok(String::new()) };
    if !matches!(agency.tier, Tier::District | Tier::Commune) {
        return Ok(String::new());
    }
    let above = if let Some(above) = known.iter().find(|one| one.id == parent) {
        above.clone()
    } else {
        let above = organisations::agency(cx, parent)?;
        known.push(above.clone());
        above
    };
    Ok(if above.tier == Tier::District { above.place } else { String::new() })
}

/// Saves a group of agencies under a name.
pub(crate) fn save_group(cx: &mut Writer<'_, OutgoingDraft>, name: &str, members: &[AgencyId]) -> Result<()> {
    let agency = cx.agency()?;
    if members.is_empty() {
        return Err(Error::field("members", "form.required"));
    }
    for id in members {
        let member = organisations::agency(cx, *id).map_err(unknown)?;
        check(cx, &member, agency)?;
    }
    let lines: Vec<String> = members.iter().map(ToString::to_string).collect();
    let id = store::save_group(cx, agency, (name, &lines.join("\n")))?;
    let values = [("name", name.to_owned()), ("n", members.len().to_string())];
    cx.record_noted("documents.act.outgoing.group", ("group", id), agency, note(&values));
    Ok(())
}

/// Gives a saved group up.
pub(crate) fn void_group(cx: &mut Writer<'_, OutgoingDraft>, id: Id<Saved>) -> Result<()> {
    let agency = cx.agency()?;
    if store::group(cx, agency, id)?.is_none() {
        return Err(Error::NotFound);
    }
    let name = store::void_group(cx, id)?;
    cx.record_noted("documents.act.outgoing.group_void", ("group", id), agency, note(&[("name", name)]));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_reads_back_what_it_wrote_each_choice_once() {
        let one: AgencyId = Id::of(uuid::Uuid::from_u128(7));
        let plan = Plan { agencies: vec![one, one], groups: vec!["districts".to_owned()] };
        let read = Plan::read(&plan.text());
        assert_eq!(read, Plan { agencies: vec![one], groups: vec!["districts".to_owned()] });
        assert!(Plan::read("").is_empty());
    }
}
