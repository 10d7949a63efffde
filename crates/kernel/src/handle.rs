//! `Reader<P>` and `Writer<P>`: the only way to data. No handle, no data; no right, no handle.

use crate::actor::{Actor, Permission, Scope};
use crate::audit::{self, Entry, Written};
use crate::db::{Database, Sql, Value};
use crate::record::{Opened, Record};
use crate::request::{Context, LeftJob, Reply, Response};
use crate::rows::FromRow;
use base::form::{Form, FormState, Input};
use base::{AgencyId, Error, Id, Instant, PersonId, Refusal, Result, T};
use std::fmt::Display;
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;

/// The part of a handle that does not depend on the right.
pub struct Raw<'d> {
    db: &'d dyn Database,
    cx: &'d Context,
}

/// Reads under the right `P`, in one snapshot.
pub struct Reader<'d, P> {
    raw: Raw<'d>,
    right: PhantomData<P>,
}

/// Reads and writes under the right `P`, in one transaction.
pub struct Writer<'d, P> {
    raw: Raw<'d>,
    right: PhantomData<P>,
    written: Vec<Written>,
    entries: Vec<Entry>,
    unrecorded: bool,
}

impl<'d, P> Deref for Reader<'d, P> {
    type Target = Raw<'d>;
    fn deref(&self) -> &Raw<'d> {
        &self.raw
    }
}
impl<'d, P> Deref for Writer<'d, P> {
    type Target = Raw<'d>;
    fn deref(&self) -> &Raw<'d> {
        &self.raw
    }
}

impl<'d> Raw<'d> {
    pub(crate) fn parts(&self) -> (&'d dyn Database, &'d Context) {
        (self.db, self.cx)
    }

    /// All rows of a statement.
    ///
    /// # Errors
    /// What the database reports.
    pub fn rows<R: FromRow>(&self, sql: &Sql, values: &[Value]) -> Result<Vec<R>> {
        let mut out = Vec::new();
        self.db.query(sql, values, &mut |row| {
            out.push(R::from_row(row)?);
            Ok(())
        })?;
        Ok(out)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// What the database reports.
    pub fn row<R: FromRow>(&self, sql: &Sql, values: &[Value]) -> Result<Option<R>> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// `NotFound` when it is not.
    pub fn one<R: FromRow>(&self, sql: &Sql, values: &[Value]) -> Result<R> {
        self.row(sql, values)?.ok_or(Error::NotFound)
    }

    /// A number: the first column of the first row, 0 when there is none.
    ///
    /// # Errors
    /// What the database reports.
    pub fn number(&self, sql: &Sql, values: &[Value]) -> Result<i64> {
        Ok(self.row::<(i64,)>(sql, values)?.map_or(0, |(n,)| n))
    }

    /// Opens a record, if it lies inside the actor's scope.
    ///
    /// # Errors
    /// `NotFound` when it does not exist or belongs to somebody else.
    pub fn open<R: Record>(&self, id: Id<R>) -> Result<Opened<R>> {
        Ok(Opened { value: self.one::<R>(R::open_sql(), &[Value::from(id)])? })
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.cx.actor
    }

    /// The person who acts.
    ///
    /// # Errors
    /// `Forbidden` for visitors and the system.
    pub fn person(&self) -> Result<PersonId> {
        self.cx.actor.person.ok_or(Error::Forbidden)
    }

    /// The agency the actor works in.
    ///
    /// # Errors
    /// `Forbidden` for visitors and the system.
    pub fn agency(&self) -> Result<AgencyId> {
        self.cx.actor.agency.ok_or(Error::Forbidden)
    }

    /// True when the actor holds right `Q` for rows of this agency: for showing or hiding an act.
    pub fn may_at<Q: Permission>(&self, agency: AgencyId) -> bool {
        match self.cx.actor.reach(Q::ID) {
            Some(Scope::Everything) => true,
            Some(Scope::Agencies(agencies)) => agencies.contains(&agency),
            None => false,
        }
    }

    /// The time of the act.
    pub fn now(&self) -> Instant {
        self.cx.now
    }

    /// The texts in the actor's language.
    pub fn t(&self) -> T {
        self.cx.t
    }

    /// The text of a key.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.cx.t.text(key)
    }

    /// The tenant's short name.
    pub fn tenant(&self) -> &str {
        &self.cx.tenant
    }

    /// What was done to a thing, oldest first, as the audit log tells it: the last 500 acts, without some by their keys.
    ///
    /// # Errors
    /// What the database reports.
    pub fn told_of<N: ?Sized>(&self, id: Id<N>, but: &[&str]) -> Result<Vec<audit::Told>> {
        let values = [Value::from(id), Value::from(format!(" {} ", but.join(" ")))];
        let mut told: Vec<audit::Told> = self.rows(&audit::TOLD, &values)?;
        told.reverse();
        Ok(told)
    }

    /// Which engine runs the statements; only full-text search differs.
    pub fn dialect(&self) -> crate::Dialect {
        self.db.dialect()
    }

    /// A new id.
    pub fn new_id<N: ?Sized>(&self) -> Id<N> {
        let mut chance = [0; 10];
        (self.cx.chance)(&mut chance);
        Id::born(self.cx.now.micros(), chance)
    }

    /// Random bytes in lower-case hexadecimal, two digits a byte.
    pub fn secret(&self) -> String {
        let mut chance = [0; 32];
        (self.cx.chance)(&mut chance);
        audit::hex(&chance)
    }

    /// A parameter of the path.
    ///
    /// # Errors
    /// `NotFound` when the route has no such parameter.
    pub fn param(&self, name: &str) -> Result<&str> {
        let found = self.cx.request.params.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).ok_or(Error::NotFound)
    }

    /// The id in the path, from the parameter `{id}`.
    ///
    /// # Errors
    /// `NotFound` when it is not an id.
    pub fn path_id<N>(&self) -> Result<Id<N>> {
        Id::from_str(self.param("id")?).map_err(|_| Error::NotFound)
    }

    /// A value of the query, trimmed; `None` when absent or empty.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.cx.request.query.get(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// The whole query, for links that keep the filters.
    pub fn query_input(&self) -> &Input {
        &self.cx.request.query
    }

    /// The path asked for.
    pub fn path(&self) -> &str {
        &self.cx.request.path
    }

    /// Reads the posted form.
    ///
    /// # Errors
    /// `Invalid` with a message at each wrong field.
    pub fn form<F: Form>(&self) -> Result<F> {
        match &self.cx.request.posted {
            Some(input) => F::read(input),
            None => F::read(&Input::default()),
        }
    }

    /// A posted value outside any form description, such as which button was pressed.
    pub fn posted(&self, name: &str) -> Option<&str> {
        self.cx.request.posted.as_ref().and_then(|input| input.get(name))
    }

    /// Every posted value of a name outside any form description, such as the rows that were chosen.
    pub fn posted_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.cx.request.posted.iter().flat_map(move |input| input.all(name))
    }

    /// What a page needs to draw a form.
    pub fn form_state(&self) -> FormState<'_> {
        let request = &self.cx.request;
        FormState {
            input: request.posted.as_ref(),
            errors: &request.errors,
            csrf: &request.csrf,
            once: &request.once,
        }
    }

    /// The rule that refused the act this page came from.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.cx.request.refusal.as_ref()
    }

    /// Answers with a page. `body` is HTML.
    ///
    /// # Errors
    /// Never; the type is that of a handler's answer.
    pub fn page(&self, title: impl Into<String>, body: impl Into<String>) -> Reply {
        Ok(Response::Page { title: title.into(), body: body.into() })
    }
}

impl<'d, P: Permission> Reader<'d, P> {
    pub(crate) fn new(db: &'d dyn Database, cx: &'d Context) -> Reader<'d, P> {
        Reader { raw: Raw { db, cx }, right: PhantomData }
    }

    /// Leaves a job to be queued once this page was read, such as noting that its reader has seen it. The same `dedup`
    /// is queued once while it waits. It is no way to change what the page shows.
    pub fn leave(&self, kind: &'static str, dedup: &str, payload: serde_json::Value) {
        self.raw.cx.request.left.add(LeftJob { kind, dedup: dedup.to_owned(), payload });
    }
}

impl<'d, P: Permission> Writer<'d, P> {
    pub(crate) fn new(db: &'d dyn Database, cx: &'d Context) -> Writer<'d, P> {
        Writer {
            raw: Raw { db, cx },
            right: PhantomData,
            written: Vec::new(),
            entries: Vec::new(),
            unrecorded: false,
        }
    }

    /// Runs a statement that must change at least one row.
    ///
    /// # Errors
    /// `Refused` when no row changed: somebody was faster.
    pub fn write(&mut self, sql: &Sql, values: &[Value]) -> Result<u64> {
        match self.write_any(sql, values)? {
            0 => Err(Refusal::new("kernel.changed_meanwhile").hint("kernel.hint.reload").into()),
            changed => Ok(changed),
        }
    }

    /// Runs a statement that may change nothing.
    ///
    /// # Errors
    /// What the database reports.
    pub fn write_any(&mut self, sql: &Sql, values: &[Value]) -> Result<u64> {
        let changed = self.raw.db.execute(sql, values)?;
        if changed > 0 {
            self.written.push(Written::of(sql, values));
        }
        Ok(changed)
    }

    /// Runs a statement with `RETURNING` and reads the row it answers.
    ///
    /// # Errors
    /// `Refused` when no row changed.
    pub fn write_returning<R: FromRow>(&mut self, sql: &Sql, values: &[Value]) -> Result<R> {
        let mut rows = self.write_returning_all(sql, values)?;
        rows.pop().ok_or_else(|| Refusal::new("kernel.changed_meanwhile").hint("kernel.hint.reload").into())
    }

    /// Runs a statement with `RETURNING` and reads all rows it answers.
    ///
    /// # Errors
    /// What the database reports.
    pub fn write_returning_all<R: FromRow>(&mut self, sql: &Sql, values: &[Value]) -> Result<Vec<R>> {
        let rows = self.raw.rows(sql, values)?;
        if !rows.is_empty() {
            self.written.push(Written::of(sql, values));
        }
        Ok(rows)
    }

    /// Enters the act in the audit log. `act` is a text key; it is told of `subject`, for `agency`.
    pub fn record<N: ?Sized>(&mut self, act: &'static str, subject: (&'static str, Id<N>), agency: AgencyId) {
        self.record_noted(act, subject, agency, "");
    }

    /// Enters the act in the audit log with a note, such as a reason or a number.
    pub fn record_noted<N: ?Sized>(
        &mut self,
        act: &'static str,
        (kind, id): (&'static str, Id<N>),
        agency: AgencyId,
        note: impl Display,
    ) {
        let note = note.to_string();
        self.entries.push(Entry { act, kind, id: id.uuid(), agency: Some(agency), note });
    }

    /// Enters an act that concerns no agency, such as a session.
    pub fn record_plain<N: ?Sized>(&mut self, act: &'static str, (kind, id): (&'static str, Id<N>)) {
        self.entries.push(Entry { act, kind, id: id.uuid(), agency: None, note: String::new() });
    }

    /// Says why the changes of this transaction need no entry in the audit log: they are bookkeeping of a
    /// delivery or a session, not an act. `why` is for the reader of the code.
    pub fn record_nothing(&mut self, why: &'static str) {
        debug_assert!(!why.is_empty(), "say why");
        self.unrecorded = true;
    }

    /// Answers "done": back to `to` with a message.
    ///
    /// # Errors
    /// Never; the type is that of a handler's answer.
    pub fn done(&self, key: &'static str, to: impl Into<String>) -> Reply {
        Ok(Response::Done { to: to.into(), key, values: Vec::new(), id: None })
    }

    /// Answers "done" with the values of the message's placeholders and the id of what was made.
    ///
    /// # Errors
    /// Never; the type is that of a handler's answer.
    pub fn done_with<N: ?Sized>(
        &self,
        key: &'static str,
        to: impl Into<String>,
        values: &[(&'static str, String)],
        id: Id<N>,
    ) -> Reply {
        Ok(Response::Done { to: to.into(), key, values: values.to_vec(), id: Some(id.to_string()) })
    }

    /// Writes the audit entries of this transaction. A change that nobody recorded is an incident.
    pub(crate) fn finish(mut self) -> Result<()> {
        if self.written.is_empty() && self.entries.is_empty() {
            return Ok(());
        }
        if self.entries.is_empty() {
            if self.unrecorded {
                return Ok(());
            }
            let tables: Vec<&str> = self.written.iter().map(|w| w.table).collect();
            return Err(Error::internal(format!("changes to {tables:?} were not recorded")));
        }
        let entries = std::mem::take(&mut self.entries);
        let written = std::mem::take(&mut self.written);
        audit::append(self.raw.db, self.raw.cx, P::ID, (&entries, &written))
    }
}
