//! A turn with the national axis: what waits to leave, then the directory once a day, then what waits there.

use super::arrive::{Arrived, Door};
use super::packet;
use super::session::{Fetched, Session};
use crate::exchange::Outcome;
use crate::server::{Server, Tenant};
use base::{AgencyId, Error, Instant, Result, WhileDoing};
use contracts::{Envelope, Sealed};
use kernel::{Database, Scope};
use platform::connectors::queue::{self, Way};
use platform::connectors::{self, Connector, Listed, Turn};
use platform::exchange::Due;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use vxp::{Answer, Call, Code, Credentials, Heard, Kind, Sending, Step};

/// Longer than a turn takes, see [`TURN`].
const LEASE_MINUTES: i64 = 30;
/// A turn ends after so long; what is left is for the next.
const TURN: Duration = Duration::from_mins(25);
/// Packets that are handed in in one turn.
const BATCH: i64 = 100;
/// Packets that are taken of one kind in one turn.
const TAKEN: usize = 500;
/// The axis' directory is read once in so many hours.
const DIRECTORY_HOURS: i64 = 24;
/// Agencies that are entered in one transaction.
const PART: usize = 2_000;

type Told<V> = std::result::Result<V, Trouble>;

/// Why a turn ends early.
pub(super) struct Trouble {
    key: &'static str,
    detail: String,
    /// True when nothing will go before somebody corrects what was entered.
    off: bool,
}

impl Trouble {
    fn of(answer: Answer) -> Trouble {
        match answer {
            Answer::Refused(code, words) => {
                Trouble { key: reason(code), detail: words, off: code == Code::Credentials }
            }
            Answer::Unclear(why) => Trouble { key: "platform.axis.silent", detail: why, off: false },
            Answer::Done => Trouble { key: "platform.axis.silent", detail: String::new(), off: false },
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble { key: "platform.axis.not_taken", detail: error.to_string(), off: false }
    }
}

impl Server {
    /// The turn of the connection that is due first; `None` when none is. Answers how many packets moved.
    pub(super) async fn axis_turn(&self, tenant: &Arc<Tenant>, now: Instant) -> Result<Option<i64>> {
        if !self.read_as_system(tenant, now, connectors::any_due).await? {
            return Ok(None);
        }
        let until = now.plus_minutes(LEASE_MINUTES);
        let claim = move |db: &dyn Database| connectors::claim(db, (now, until));
        let Some(connector) = tenant.db.write(Scope::Everything, claim).await? else { return Ok(None) };
        let mut turn = Turn::default();
        let acting = self.act_with_axis((tenant, &connector), now, &mut turn);
        let outcome = match tokio::time::timeout(TURN, acting).await {
            Ok(outcome) => outcome,
            Err(_) => Err(Trouble { key: "platform.axis.silent", detail: String::new(), off: false }),
        };
        if let Err(Trouble { key, detail, off }) = outcome {
            let detail: String = base::text::clean_line(&detail).chars().take(300).collect();
            tracing::warn!(tenant = tenant.name, keeper = %connector.agency, key, detail, "a turn with the axis ended early");
            turn.error = Some((key, detail));
            turn.off = off;
        }
        let (keeper, moved) = (connector.agency, turn.handed + turn.taken);
        let minutes = self.config.outside.axis_minutes.max(1);
        let keep = move |db: &dyn Database| connectors::turned(db, keeper, &turn, (now, minutes));
        tenant.db.write(Scope::Everything, keep).await?;
        tenant.wake(None);
        tenant.work.notify_one();
        Ok(Some(moved))
    }

    async fn act_with_axis(
        &self,
        (tenant, connector): (&Arc<Tenant>, &Connector),
        now: Instant,
        turn: &mut Turn,
    ) -> Told<()> {
        let session = self.session(tenant, connector, now)?;
        let old = connector.directory_at.is_none_or(|at| now >= at.plus_hours(DIRECTORY_HOURS));
        // One thing that does not go stops no other, unless nothing can.
        let mut trouble = None;
        if old {
            let read = self.read_directory(tenant, connector.agency, &session).await;
            turn.directory = read.is_ok();
            note(&mut trouble, read.map(drop))?;
        }
        let handed = self.hand_in_packets((tenant, connector.agency), &session, turn).await;
        note(&mut trouble, handed)?;
        for kind in Kind::ALL {
            let taken = self.take_from_axis((tenant, connector.agency), (&session, kind), turn).await;
            note(&mut trouble, taken)?;
        }
        trouble.map_or(Ok(()), Err)
    }

    fn session(&self, tenant: &Tenant, connector: &Connector, now: Instant) -> Told<Session<'_>> {
        let Some(secret) = tenant.files.open_text(&connector.secret) else {
            return Err(Trouble { key: "platform.axis.secret", detail: String::new(), off: true });
        };
        let by = Credentials { system: connector.system.clone(), secret };
        Ok(Session { server: self, address: connector.address.clone(), by, now })
    }

    async fn read_directory(&self, tenant: &Tenant, keeper: AgencyId, session: &Session<'_>) -> Told<usize> {
        let all = session.agencies().await.map_err(Trouble::of)?;
        if all.is_empty() {
            // Better the old one than none.
            return Err(Trouble { key: "platform.axis.no_agencies", detail: String::new(), off: false });
        }
        let (count, now) = (all.len(), session.now);
        let mut rest = all.into_iter().map(|one| Listed {
            code_102: one.code_102,
            code_qd20: one.code_qd20,
            name: one.name,
        });
        loop {
            let part: Vec<Listed> = rest.by_ref().take(PART).collect();
            if part.is_empty() {
                break;
            }
            let keep = move |db: &dyn Database| connectors::list(db, keeper, (&part, now));
            tenant.db.write(Scope::Everything, keep).await?;
        }
        tenant.db.write(Scope::Everything, move |db| connectors::unlist(db, keeper, now)).await?;
        Ok(count)
    }

    async fn hand_in_packets(
        &self,
        (tenant, keeper): (&Arc<Tenant>, AgencyId),
        session: &Session<'_>,
        turn: &mut Turn,
    ) -> Told<()> {
        let (now, until) = (session.now, session.now.plus_minutes(LEASE_MINUTES));
        let claim = move |db: &dyn Database| queue::claim(db, (Way::Axis, keeper), (now, until), BATCH);
        let mut trouble = None;
        for (due, tried) in tenant.db.write(Scope::Everything, claim).await? {
            if trouble.is_some() {
                let id = due.id;
                tenant.db.write(Scope::Everything, move |db| queue::wait(db, id)).await?;
                continue;
            }
            let (outcome, ends) = self.hand_in_packet((tenant, &due), tried, session).await?;
            turn.handed += i64::from(matches!(outcome, Outcome::Sent));
            self.left(tenant, (due, outcome), now).await?;
            trouble = ends;
        }
        trouble.map_or(Ok(()), Err)
    }

    /// Hands one packet in. Answers what became of it, and why no other is tried after it.
    async fn hand_in_packet(
        &self,
        (tenant, due): (&Arc<Tenant>, &Due),
        tried: bool,
        session: &Session<'_>,
    ) -> Result<(Outcome, Option<Trouble>)> {
        let written = self.identifier_as_written(tenant, due, session.now).await?;
        let Some(packet) = packet::write(tenant, due, written).await? else {
            return Ok((Outcome::Failed("platform.axis.unfit"), None));
        };
        let mut sending = Sending::new(&packet.sha256, tried);
        loop {
            let heard = match sending.step() {
                Step::AskSent => {
                    Heard::Sent(session.list(&Call::Sent(packet.kind, packet.from.clone())).await)
                }
                Step::Send => Heard::Answer(session.send(&packet).await?),
                Step::End(vxp::Outcome::Sent) => return Ok((Outcome::Sent, None)),
                Step::End(vxp::Outcome::Never(code, words)) => {
                    tracing::warn!(
                        to = due.to_code,
                        code = code.number(),
                        words,
                        "the axis refuses a packet"
                    );
                    let ends = (*code == Code::Credentials)
                        .then(|| Trouble::of(Answer::Refused(*code, words.clone())));
                    return Ok((Outcome::Failed(reason(*code)), ends));
                }
                Step::End(vxp::Outcome::Later(why)) => {
                    let ends = Trouble::of(Answer::Unclear(why.clone()));
                    return Ok((Outcome::Later("platform.axis.later", why.clone()), Some(ends)));
                }
            };
            sending.hear(heard);
        }
    }

    /// How the sender of a document writes its identifier: a status must name it so.
    pub(super) async fn identifier_as_written(
        &self,
        tenant: &Tenant,
        due: &Due,
        now: Instant,
    ) -> Result<Option<String>> {
        if due.sealing.kind != "status" {
            return Ok(None);
        }
        let envelope: Envelope =
            serde_json::from_str(&due.sealing.body).while_doing("reading", "an envelope")?;
        let Sealed::Status(status) = envelope.sealed else { return Ok(None) };
        let agency = due.agency;
        let find = move |cx: &kernel::Raw<'_>| {
            queue::written(cx, agency, (&status.of.organ, &status.of.document_id))
        };
        self.read_as_system(tenant, now, find).await
    }

    async fn take_from_axis(
        &self,
        (tenant, keeper): (&Arc<Tenant>, AgencyId),
        (session, kind): (&Session<'_>, Kind),
        turn: &mut Turn,
    ) -> Told<()> {
        let waiting = session.list(&Call::Received(kind)).await.map_err(Trouble::of)?;
        let serves = move |cx: &kernel::Raw<'_>| connectors::served(cx, keeper);
        let serves: BTreeSet<AgencyId> =
            self.read_as_system(tenant, session.now, serves).await?.into_iter().collect();
        let (mut trouble, mut settled) = (None, BTreeSet::new());
        let mut acted = 0;
        for entry in waiting {
            if acted >= TAKEN || !settled.insert(entry.id.clone()) {
                continue;
            }
            let door = Door { keeper, serves: serves.clone(), speakers: None, name: entry.id };
            match self.take_packet(tenant, &door, session).await {
                Ok(None) => {}
                Ok(Some(taken)) => {
                    acted += 1;
                    turn.taken += i64::from(taken);
                }
                // It stays where it is, and the others go on.
                Err(other) if other.key == "platform.axis.not_taken" => trouble = Some(other),
                Err(other) => return Err(other),
            }
        }
        trouble.map_or(Ok(()), Err)
    }

    /// Takes one packet, unless it was dealt with before, and says so; `None` when that was said too. Answers true when
    /// it is new.
    async fn take_packet(
        &self,
        tenant: &Arc<Tenant>,
        door: &Door,
        session: &Session<'_>,
    ) -> Told<Option<bool>> {
        let (keeper, id) = (door.keeper, door.name.clone());
        let known = move |cx: &kernel::Raw<'_>| queue::known(cx, keeper, &id);
        let known = self.read_as_system(tenant, session.now, known).await?;
        let taken = match known {
            Some((_, true)) => return Ok(None),
            Some((taken, false)) => taken,
            None => {
                let taken = self.bring_in(tenant, door, session).await?;
                let (id, now) = (door.name.clone(), session.now);
                let keep = move |db: &dyn Database| queue::settled(db, (keeper, &id), (taken, now));
                tenant.db.write(Scope::Everything, keep).await?;
                taken
            }
        };
        match session.settle(&door.name, taken).await {
            Answer::Done => {}
            // What it thinks of our word changes nothing here; a silence ends the turn.
            Answer::Refused(code, _) if !code.may_pass() && code != Code::Credentials => {}
            other => return Err(Trouble::of(other)),
        }
        let id = door.name.clone();
        tenant.db.write(Scope::Everything, move |db| queue::told(db, (keeper, &id))).await?;
        Ok(Some(known.is_none() && taken))
    }

    /// Fetches a packet and lets it have its effect. Answers false when it was set aside.
    async fn bring_in(&self, tenant: &Arc<Tenant>, door: &Door, session: &Session<'_>) -> Told<bool> {
        let stored = match session.fetch(tenant, &door.name).await? {
            // The axis names it and does not give it: the others go on.
            Fetched::Said(Answer::Refused(code, _)) if !code.may_pass() && code != Code::Credentials => {
                let detail = format!("{}: {}", door.name, code.number());
                return Err(Trouble { key: "platform.axis.not_taken", detail, off: false });
            }
            Fetched::Said(answer) => return Err(Trouble::of(answer)),
            Fetched::TooLong => {
                self.refuse_unread(tenant, door).await?;
                return Ok(false);
            }
            Fetched::Stored(stored) => stored,
        };
        match self.arrive(tenant, &stored.sha256, door).await {
            Ok(Arrived::Taken(_)) => Ok(true),
            Ok(Arrived::Refused(..)) => Ok(false),
            Err(error) => {
                tracing::error!(tenant = tenant.name, packet = door.name, %error, "a packet has no effect yet");
                Err(error.into())
            }
        }
    }

    /// Reads the axis' directory for a trial, and keeps what came of it.
    pub(super) async fn try_axis(&self, tenant: &str, payload: serde_json::Value) -> Result<()> {
        let here = Arc::clone(self.tenant(tenant).ok_or(Error::NotFound)?);
        let agency = payload.get("agency").cloned().unwrap_or_default();
        let agency: AgencyId = serde_json::from_value(agency).while_doing("reading", "a trial")?;
        let now = self.clock.now();
        let known = self.read_as_system(&here, now, move |cx| connectors::of(cx, agency)).await?;
        let Some(connector) = known else { return Ok(()) };
        let trial = async {
            let session = self.session(&here, &connector, now)?;
            self.read_directory(&here, agency, &session).await
        };
        let (key, detail) = match trial.await {
            Ok(count) => ("platform.axis.works", count.to_string()),
            Err(Trouble { key, detail, .. }) => (key, base::text::clean_line(&detail)),
        };
        let keep = move |db: &dyn Database| connectors::tried(db, agency, (key, &detail), now);
        here.db.write(Scope::Everything, keep).await
    }
}

/// Keeps the first trouble; one that switches the connection off ends the turn.
fn note(first: &mut Option<Trouble>, done: Told<()>) -> Told<()> {
    match done {
        Err(trouble) if trouble.off => Err(trouble),
        Err(trouble) => {
            first.get_or_insert(trouble);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// What a code means, in words.
const fn reason(code: Code) -> &'static str {
    match code {
        Code::File => "platform.axis.code.10",
        Code::Credentials => "platform.axis.code.15",
        Code::Recipient => "platform.axis.code.18",
        Code::Sender => "platform.axis.code.19",
        Code::System => "platform.axis.code.20",
        Code::Processing => "platform.axis.code.21",
        Code::Standard => "platform.axis.code.22",
        Code::Locked => "platform.axis.code.23",
        Code::Other(_) => "platform.axis.code.other",
    }
}
