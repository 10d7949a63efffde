//! Writing outgoing documents: begin, save, comment, submit, give up.

use crate::actions::recipients::Plan;
use crate::actions::signing::SIGNED;
use crate::actions::{follow, steps};
use crate::model::{Outgoing, OutgoingStatus};
use crate::rights::{OutgoingApproveContent, OutgoingApproveFormat, OutgoingDraft, OutgoingRead};
use crate::rules;
use crate::rules::outgoing::{Hands, Submitted};
use crate::store::bodies;
use crate::store::outgoing::{self as store, NewDraft, Origin, Text};
use crate::store::{signatures, versions};
use base::form::Upload;
use base::{AgencyId, Error, Id, Instant, PersonId, Result, UnitId};
use kernel::{Opened, Permission, Raw, Writer};
use platform::files::{self, FileOf};
use platform::notify::note;
use platform::people::{self, Holder};
use platform::search::{self, Findable};
use platform::tasks::{self, NewTask, Owner};

/// What a document is called in tasks, files and the audit log.
pub(crate) const KIND: &str = "outgoing";

/// The page of a document.
pub(crate) fn path(id: Id<Outgoing>) -> String {
    format!("/documents/outgoing/{id}")
}

/// Files that come with a saved draft.
#[derive(Debug, Default)]
pub(crate) struct NewFiles {
    pub(crate) main: Option<Upload>,
    pub(crate) annexes: Vec<Upload>,
    /// A PDF that stands for the words, and its pages.
    pub(crate) body: Option<(Upload, i64)>,
}

impl NewFiles {
    pub(crate) fn is_empty(&self) -> bool {
        self.main.is_none() && self.annexes.is_empty() && self.body.is_none()
    }
}

/// Begins a draft. `origin` is what it is written because of.
pub(crate) fn begin(
    cx: &mut Writer<'_, OutgoingDraft>,
    agency: AgencyId,
    text: Text,
    origin: Origin,
) -> Result<Opened<Outgoing>> {
    if !cx.may_at::<OutgoingDraft>(agency) {
        return Err(Error::NotFound);
    }
    let (drafter, actor) = (cx.person()?, cx.actor());
    let unit = actor.unit.filter(|_| actor.agency == Some(agency));
    let drafter_name = actor.name.clone();
    let new = NewDraft { agency, unit, drafter, drafter_name, origin, text };
    let id = store::draft(cx, &new)?;
    let draft = cx.open::<Outgoing>(id)?;
    versions::add(cx, &draft, (1, false), (&draft.subject, &draft.body))?;
    make_findable(cx, &draft)?;
    let values = [("type", draft.type_name.clone()), ("subject", draft.subject.clone())];
    cx.record_noted("documents.act.outgoing.begun", (KIND, id), agency, note(&values));
    Ok(draft)
}

/// Saves a draft that was read at version `seen`. The same person writes on; two people are told of each other.
pub(crate) fn save(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    (text, new_files): (&Text, &NewFiles),
    (seen, auto): (i64, bool),
) -> Result<()> {
    rules::outgoing::edit(draft)?;
    let me = cx.person()?;
    let kept = versions::all(cx, draft.id)?;
    let others: Vec<String> =
        kept.iter().filter(|v| v.n > seen && v.person != me).map(|v| v.person_name.clone()).collect();
    rules::outgoing::unseen(&others)?;
    let added = add_files(cx, draft, new_files)?;
    let changed = Text::of(draft) != *text;
    if !changed && !added {
        return Ok(());
    }
    let goes_on =
        !added && kept.first().is_some_and(|last| last.auto && last.person == me && last.n == draft.version);
    let version = if goes_on { draft.version } else { draft.version + 1 };
    store::save(cx, draft, text, version)?;
    if let Some((_, pages)) = &new_files.body
        && let Some(file) = files_of(cx, draft)?.first()
    {
        bodies::begin(cx, draft, (file, *pages), version)?;
    }
    if goes_on {
        versions::go_on(cx, draft, (version, auto), (&text.subject, &text.body))?;
    } else {
        versions::add(cx, draft, (version, auto), (&text.subject, &text.body))?;
    }
    let saved = cx.open::<Outgoing>(draft.id)?;
    if !auto {
        make_findable(cx, &saved)?;
    }
    let act = if auto { "documents.act.outgoing.autosaved" } else { "documents.act.outgoing.saved" };
    cx.record_noted(act, (KIND, draft.id), draft.agency, note(&[("version", version.to_string())]));
    Ok(())
}

fn add_files(cx: &mut Writer<'_, OutgoingDraft>, draft: &Opened<Outgoing>, new: &NewFiles) -> Result<bool> {
    let before = i64::try_from(files::of(cx, draft.id)?.len()).unwrap_or(0);
    if let Some(main) = new.main.as_ref().or(new.body.as_ref().map(|(file, _)| file)) {
        files::add(cx, (draft.agency, draft.id), ("main", before), main)?;
    }
    for (sort, annex) in (before + 1..).zip(&new.annexes) {
        files::add(cx, (draft.agency, draft.id), ("annex", sort), annex)?;
    }
    Ok(!new.is_empty())
}

/// From now on the words of a draft count again, not the file that stood for them; the file stays with the draft's
/// versions.
pub(crate) fn take_body_back(cx: &mut Writer<'_, OutgoingDraft>, draft: &Opened<Outgoing>) -> Result<()> {
    rules::outgoing::edit(draft)?;
    let mut text = Text::of(draft);
    let files = files_of(cx, draft)?;
    let version = draft.version + 1;
    if !bodies::end(cx, draft, version)? {
        return Err(base::Refusal::new("documents.editor.refuse.no_body").into());
    }
    let gone: Vec<String> = files.iter().filter(|f| f.role == "main").map(|f| f.id.to_string()).collect();
    let mut dropped: Vec<&str> = text.dropped_files.lines().collect();
    dropped.extend(gone.iter().map(String::as_str));
    text.dropped_files = dropped.join("\n");
    store::save(cx, draft, &text, version)?;
    versions::add(cx, draft, (version, false), (&text.subject, &text.body))?;
    cx.record("documents.editor.act.taken_back", (KIND, draft.id), draft.agency);
    Ok(())
}

/// The files a document holds: what was signed first, else the newest main file, then the annexes; without those taken
/// off, and without the one that was signed.
pub(crate) fn files_of(cx: &Raw<'_>, document: &Outgoing) -> Result<Vec<FileOf>> {
    let mut drafted = drafted_files(cx, document)?;
    let Some(signed) = files::of(cx, document.id)?.into_iter().rfind(|file| file.role == SIGNED) else {
        return Ok(drafted);
    };
    let made_of = signatures::made_of(cx, document.id)?;
    drafted.retain(|file| file.sha256 != made_of);
    drafted.insert(0, signed);
    Ok(drafted)
}

/// The files a document is drafted with.
pub(crate) fn drafted_files(cx: &Raw<'_>, document: &Outgoing) -> Result<Vec<FileOf>> {
    let dropped: Vec<&str> = document.dropped_files.lines().collect();
    let all = files::of(cx, document.id)?;
    let (mains, mut annexes): (Vec<FileOf>, Vec<FileOf>) = all
        .into_iter()
        .filter(|file| file.role != SIGNED && !dropped.contains(&file.id.to_string().as_str()))
        .partition(|f| f.role == "main");
    let mut out: Vec<FileOf> = mains.into_iter().next_back().into_iter().collect();
    out.append(&mut annexes);
    Ok(out)
}

/// Says something of a draft.
pub(crate) fn comment(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    words: &str,
) -> Result<()> {
    rules::recall::frozen(draft)?;
    versions::comment(cx, draft, words)?;
    let values = [("remark", words.to_owned())];
    cx.record_noted("documents.act.outgoing.commented", (KIND, draft.id), draft.agency, note(&values));
    let told = [("symbol", name_of(draft)), ("who", cx.actor().name.clone())];
    let say = platform::notify::Say {
        key: "documents.notice.outgoing.comment",
        values: &told,
        path: &path(draft.id),
    };
    platform::notify::tell(cx, draft.agency, draft.drafter, &say)
}

/// Says of a remark that it is settled.
pub(crate) fn settle(
    cx: &mut Writer<'_, OutgoingDraft>,
    draft: &Opened<Outgoing>,
    comment: Id<versions::Comment>,
) -> Result<()> {
    rules::recall::frozen(draft)?;
    let all = versions::comments(cx, draft.id)?;
    let one = all.iter().find(|one| one.id == comment).ok_or(Error::NotFound)?;
    if one.settled_at.is_some() {
        return Err(base::Refusal::new("documents.editor.refuse.settled").into());
    }
    versions::settle(cx, draft, comment)?;
    let values = [("remark", one.words.clone())];
    cx.record_noted("documents.editor.act.settled", (KIND, draft.id), draft.agency, note(&values));
    Ok(())
}

/// Submits a draft to whoever answers for the content, or straight to the step behind.
pub(crate) fn submit(cx: &mut Writer<'_, OutgoingDraft>, draft: &Opened<Outgoing>) -> Result<OutgoingStatus> {
    let heads = heads(cx, draft)?;
    let way = rules::outgoing::submit(draft, &ids(&heads))?;
    let has_file = files_of(cx, draft)?.iter().any(|file| file.role == "main");
    rules::outgoing::lacks(draft, has_file, cx.now().date()).into_result(())?;
    let own = matches!(way, Submitted::OwnUnit | Submitted::Headless);
    let next = steps::begin(cx, draft, own)?;
    let status = next.status;
    let content = (way == Submitted::OwnUnit).then(|| (draft.drafter, draft.drafter_name.as_str()));
    store::submit(cx, draft, status, content)?;
    tasks::close(cx, draft.id, "documents.task.returned_draft", "submitted")?;
    make_findable(cx, draft)?;
    cx.record("documents.act.outgoing.submitted", (KIND, draft.id), draft.agency);
    if let Submitted::ToHead(head) = way {
        let unit = draft.unit;
        give(cx, draft, "documents.task.content", (Owner::Person(head, unit), Some("approve-content")))?;
        tell(cx, draft, head, "documents.notice.outgoing.to_content")?;
    }
    steps::hand_on(cx, draft, &next)?;
    Ok(status)
}

/// Hands a draft to the clerks, who answer for the form.
pub(crate) fn give_format<P: Permission>(cx: &mut Writer<'_, P>, draft: &Opened<Outgoing>) -> Result<()> {
    let owner = Owner::Pool(OutgoingApproveFormat::ID);
    give(cx, draft, "documents.task.format", (owner, Some("approve-format")))
}

/// Gives a task on a draft, due as a review is. `act` is the last word of the address that does it in one press.
pub(crate) fn give<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    kind: &'static str,
    (owner, act): (Owner, Option<&str>),
) -> Result<()> {
    let due = rules::outgoing::review_due(cx.now(), draft.urgency);
    give_due(cx, draft, kind, (owner, act, due))
}

/// Gives a task on a draft with a limit of its own.
pub(crate) fn give_due<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    kind: &'static str,
    (owner, act, due): (Owner, Option<&str>, Instant),
) -> Result<()> {
    let page = path(draft.id);
    let task = NewTask {
        kind,
        subject: (KIND, draft.id.uuid()),
        title: &draft.subject,
        detail: &format!("{} · {}", name_of(draft), draft.drafter_name),
        act_path: act.map(|act| format!("{page}/{act}")),
        path: match kind {
            "documents.task.returned_draft" => format!("{page}/edit"),
            "documents.task.trouble" => format!("{page}/tracking"),
            _ => page,
        },
        owner,
        lead: true,
        urgency: draft.urgency,
        due: Some(due),
    };
    tasks::give(cx, draft.agency, &task).map(drop)
}

/// Tells a person of a draft.
pub(crate) fn tell<P: Permission>(
    cx: &mut Writer<'_, P>,
    draft: &Opened<Outgoing>,
    person: PersonId,
    key: &'static str,
) -> Result<()> {
    let values = [("symbol", name_of(draft)), ("subject", draft.subject.clone())];
    let say = platform::notify::Say { key, values: &values, path: &path(draft.id) };
    if rules::incoming::rings(draft.urgency) {
        return platform::notify::tell_urgently(cx, draft.agency, person, &say);
    }
    platform::notify::tell(cx, draft.agency, person, &say)
}

/// The symbol of a document, and its type before it has one.
pub(crate) fn name_of(document: &Outgoing) -> String {
    if document.symbol.is_empty() { document.type_name.clone() } else { document.symbol.clone() }
}

/// Gives a draft up, with a reason.
pub(crate) fn void(cx: &mut Writer<'_, OutgoingDraft>, draft: &Opened<Outgoing>, reason: &str) -> Result<()> {
    rules::outgoing::void(draft)?;
    let deputy =
        cx.may_at::<OutgoingApproveContent>(draft.agency) || cx.may_at::<OutgoingApproveFormat>(draft.agency);
    if !(with_hands(cx, |hands| Ok(hands.are(draft.drafter)))? || deputy) {
        return Err(base::Refusal::new("documents.outgoing.refuse.not_drafter").into());
    }
    store::void(cx, draft, reason)?;
    follow::outgoing_moved(cx, draft, OutgoingStatus::Voided)?;
    tasks::close_all(cx, draft.id, "voided")?;
    let values = [("remark", reason.to_owned())];
    cx.record_noted("documents.act.outgoing.voided", (KIND, draft.id), draft.agency, note(&values));
    tell(cx, draft, draft.drafter, "documents.notice.outgoing.voided")
}

/// The heads of the drafting unit, those in charge before their deputies.
pub(crate) fn heads(cx: &Raw<'_>, draft: &Outgoing) -> Result<Vec<Holder>> {
    let Some(unit) = draft.unit else { return Ok(Vec::new()) };
    heads_of(cx, draft.agency, unit)
}

/// The heads of a unit, those in charge before their deputies.
pub(crate) fn heads_of(cx: &Raw<'_>, agency: AgencyId, unit: UnitId) -> Result<Vec<Holder>> {
    let mut heads: Vec<Holder> = people::of_agency(cx, agency)?
        .into_iter()
        .filter(|holder| holder.active && holder.role == "head" && holder.unit == Some(unit))
        .collect();
    heads.sort_by_key(|holder| rules::signing::is_deputy(&holder.title));
    Ok(heads)
}

/// The leaders of an agency: those who may approve its documents.
pub(crate) fn leaders(cx: &Raw<'_>, agency: AgencyId) -> Result<Vec<Holder>> {
    let holders = people::of_agency(cx, agency)?;
    Ok(holders.into_iter().filter(|holder| holder.active && holder.role == "leader").collect())
}

/// The ids of people.
pub(crate) fn ids(holders: &[Holder]) -> Vec<PersonId> {
    holders.iter().map(|holder| holder.person).collect()
}

/// Runs a decision with the hands of the actor.
pub(crate) fn with_hands<V>(cx: &Raw<'_>, decide: impl FnOnce(Hands<'_>) -> Result<V>) -> Result<V> {
    decide(Hands { person: cx.person()?, stands_for: &cx.actor().stands_for })
}

/// Lets a document be found by its words.
pub(crate) fn make_findable<P: Permission>(
    cx: &mut Writer<'_, P>,
    document: &Opened<Outgoing>,
) -> Result<()> {
    let page = path(document.id);
    let detail = format!("{} · {}", name_of(document), document.drafter_name);
    let words = [
        document.subject.as_str(),
        &document.symbol,
        &document.type_name,
        &document.drafter_name,
        &document.signer_name,
        &document.body,
    ]
    .join(" ");
    let thing = Findable {
        kind: KIND,
        right: OutgoingRead::ID,
        title: &document.subject,
        detail: &detail,
        path: &page,
        dated: document.promulgated.unwrap_or_else(|| document.created_at.date()),
        words: &words,
    };
    search::put(cx, document.agency, document.id, &thing)
}

/// The recipients a draft names so far.
pub(crate) fn plan_of(draft: &Outgoing) -> Plan {
    Plan::read(&draft.plan)
}
