//! Several months of work, done by everybody through the same door as in an office, at chosen times.

mod annex;
mod desk;
mod dossiers;
mod drafts;
mod incoming;
mod letters;
mod rows;
mod sessions;

use crate::demo::cast::{Player, Staff};
use crate::demo::data::{GOVERNMENT, PROVINCE, Place, Tree};
use crate::demo::dice::Dice;
use crate::demo::subjects::{Library, Subject, dated, library};
use crate::demo::town::{self, Town};
use base::form::Input;
use base::texts::Texts;
use base::{AgencyId, Date, Error, Instant, PersonId, Result};
use engine::Server;
use kernel::{Method, Response};
use sessions::Session;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::task::JoinSet;

/// How many agencies act at the same time.
const AT_ONCE: usize = 48;

/// What the play did.
#[derive(Debug, Clone, Copy)]
pub struct Played {
    /// Incoming documents of all agencies.
    pub incoming: i64,
    /// Documents written.
    pub outgoing: i64,
    /// Acts that were done.
    pub acts: usize,
    /// Acts a rule refused.
    pub refused: usize,
}

/// The stage.
pub(crate) struct Play {
    server: Arc<Server>,
    texts: &'static Texts,
    tree: Arc<Tree>,
    cast: Arc<Vec<Staff>>,
    library: Arc<Library>,
    towns: BTreeMap<&'static str, Town>,
    dice: Dice,
    /// The field of every subject written so far.
    fields: BTreeMap<String, String>,
    /// Drafts that must leave in their session.
    sure: BTreeSet<String>,
    /// Incoming documents that were passed on.
    passed_on: BTreeSet<uuid::Uuid>,
    /// Incoming documents whose answer is being written.
    answering: BTreeSet<uuid::Uuid>,
    /// Incoming documents nobody comes to an end with.
    stuck: BTreeSet<uuid::Uuid>,
    /// The annex as each tenant's forms carry it.
    annexes: BTreeMap<&'static str, String>,
    /// How far each side has come in its list of subjects.
    turns: BTreeMap<&'static str, usize>,
    acts: usize,
    refused: usize,
}

/// One act of one person.
pub(crate) struct Act {
    pub(crate) tenant: &'static str,
    pub(crate) agency: AgencyId,
    pub(crate) person: PersonId,
    pub(crate) at: Instant,
    pub(crate) path: String,
    pub(crate) input: Input,
}

/// Plays the last `days` days of work up to `now`; all of them when there are not so many.
///
/// # Errors
/// What a database reports. An act that a rule refuses is counted, and the play goes on.
pub(crate) async fn play(
    server: &Arc<Server>,
    texts: &'static Texts,
    (tree, cast): (&Arc<Tree>, &Arc<Vec<Staff>>),
    (now, days): (Instant, usize),
) -> Result<Played> {
    let mut towns = BTreeMap::new();
    for name in [GOVERNMENT, PROVINCE] {
        let tenant = server.tenant(name).ok_or(Error::NotFound)?;
        towns.insert(name, town::town(tenant, texts, now).await?);
    }
    let mut play = Play {
        server: Arc::clone(server),
        texts,
        tree: Arc::clone(tree),
        cast: Arc::clone(cast),
        library: Arc::new(library()?),
        towns,
        dice: Dice::new(2_017),
        fields: BTreeMap::new(),
        sure: BTreeSet::new(),
        passed_on: BTreeSet::new(),
        answering: BTreeSet::new(),
        stuck: BTreeSet::new(),
        annexes: BTreeMap::new(),
        turns: BTreeMap::new(),
        acts: 0,
        refused: 0,
    };
    play.print_annex().await?;
    let all = sessions::sessions(now);
    for session in all.iter().skip(all.len().saturating_sub(days)) {
        play.session(session).await?;
    }
    play.finish(now).await
}

/// When the work of the play begins.
pub(crate) fn beginning(now: Instant) -> Instant {
    sessions::sessions(now).first().map_or(now, |session| session.at(-60))
}

/// An answer and the place of its act in the row.
type Numbered = (usize, Result<Response>);

impl Play {
    /// A day: letters are written, approved and sent; what comes is registered, directed and done.
    async fn session(&mut self, session: &Session) -> Result<()> {
        self.resubmit(session).await?;
        self.write_letters(session).await?;
        self.approve_and_issue(session).await?;
        self.server.pump(session.at(110)).await?;
        self.paper(session).await?;
        self.accept(session).await?;
        self.direct(session).await?;
        self.assign(session).await?;
        self.begin(session).await?;
        self.close(session).await?;
        if session.last {
            self.fill_desks(session).await?;
        }
        self.server.pump(session.at(460)).await?;
        Ok(())
    }

    async fn finish(&mut self, now: Instant) -> Result<Played> {
        self.dossiers(now).await?;
        let (mut incoming, mut outgoing) = (0, 0);
        for name in [GOVERNMENT, PROVINCE] {
            self.server.begin_day(name, now).await?;
            self.server.run_jobs(name, now).await?;
            let (came, written) = self.counts(name).await?;
            incoming += came;
            outgoing += written;
        }
        Ok(Played { incoming, outgoing, acts: self.acts, refused: self.refused })
    }

    /// Does what everybody does at the same time: agency beside agency, inside an agency one after the other,
    /// so that numbers come out the same every time. Answers in the order asked; `None` where a rule said no.
    async fn all(&mut self, acts: Vec<Act>) -> Result<Vec<Option<Response>>> {
        let mut replies: Vec<Option<Response>> = acts.iter().map(|_| None).collect();
        let mut chains: BTreeMap<AgencyId, Vec<(usize, Act)>> = BTreeMap::new();
        for (at, act) in acts.into_iter().enumerate() {
            chains.entry(act.agency).or_default().push((at, act));
        }
        let mut chains = chains.into_values();
        let mut running: JoinSet<Result<Vec<Numbered>>> = JoinSet::new();
        for chain in chains.by_ref().take(AT_ONCE) {
            running.spawn(chain_of(Arc::clone(&self.server), chain));
        }
        while let Some(done) = running.join_next().await {
            let done =
                done.map_err(|cause| Error::internal(format!("an act of the demonstration: {cause}")))??;
            if let Some(chain) = chains.next() {
                running.spawn(chain_of(Arc::clone(&self.server), chain));
            }
            for (at, reply) in done {
                self.acts += 1;
                match reply {
                    Ok(reply) => {
                        if let Some(slot) = replies.get_mut(at) {
                            *slot = Some(reply);
                        }
                    }
                    Err(error) => {
                        self.refused += 1;
                        tracing::warn!(%error, "an act of the demonstration was refused");
                    }
                }
            }
        }
        Ok(replies)
    }

    /// An agency that plays, with its people and ids.
    fn seat<'a>(&'a self, place: &'a Place) -> Option<Seat<'a>> {
        let tenant = place.tenant?;
        let town = self.towns.get(tenant)?;
        let staff = self.cast.iter().find(|staff| staff.code == place.code)?;
        Some(Seat { place, tenant, town, staff, agency: *town.agencies.get(&place.code)? })
    }

    /// The seat of an agency by its id in a tenant.
    fn seat_of(&self, tenant: &str, agency: AgencyId) -> Option<Seat<'_>> {
        let code = self.towns.get(tenant)?.codes.get(&agency)?;
        self.seat(self.tree.place(code)?)
    }

    /// Whether somebody gets round to a thing today. In the agencies of the walk work is left for the visitor.
    fn gets_round(&mut self, session: &Session, code: &str) -> bool {
        self.gets_round_to(session, code, 40)
    }

    /// The same, with how many of a hundred things are done in the last hours in the agencies of the walk.
    fn gets_round_to(&mut self, session: &Session, code: &str, of_hundred: u64) -> bool {
        let percent = match (session.last, self.is_watched(code)) {
            (true, true) => of_hundred,
            (true, false) => 80,
            (false, true) if session.near => 72,
            (false, _) if session.near => 92,
            _ => 98,
        };
        self.dice.percent(percent)
    }

    /// The agencies of the walk.
    fn is_watched(&self, code: &str) -> bool {
        self.desks().iter().any(|desk| desk.code == code)
    }

    /// The field a document belongs to, known by its subject or by the subject it carries on.
    fn field_of(&mut self, subject: &str) -> String {
        if let Some(field) = self.fields.get(subject) {
            return field.clone();
        }
        let words = subject.to_lowercase();
        let carried = self.fields.iter().find(|(known, _)| words.contains(&known.to_lowercase()));
        let field = carried.map_or_else(|| "van_phong".to_owned(), |(_, field)| field.clone());
        self.fields.insert(subject.to_owned(), field.clone());
        field
    }

    /// A subject as it is written on a day; its field is remembered.
    fn about(&mut self, subject: &Subject, day: Date) -> String {
        let about = dated(&subject.about, day);
        self.fields.insert(about.clone(), subject.field.clone());
        about
    }
}

/// Acts of one agency, one after the other. A rule that says no stops nothing.
async fn chain_of(server: Arc<Server>, chain: Vec<(usize, Act)>) -> Result<Vec<(usize, Result<Response>)>> {
    let mut done = Vec::with_capacity(chain.len());
    for (at, act) in chain {
        let asked = (Method::Post, act.path.as_str());
        let reply = server.call(act.tenant, (act.person, act.at), asked, act.input).await;
        done.push((at, reply.map_err(|error| Error::internal(format!("{}: {error:?}", act.path)))));
    }
    Ok(done)
}

/// An agency at work.
#[derive(Clone, Copy)]
pub(crate) struct Seat<'a> {
    pub(crate) place: &'a Place,
    pub(crate) tenant: &'static str,
    pub(crate) town: &'a Town,
    pub(crate) staff: &'a Staff,
    pub(crate) agency: AgencyId,
}

impl Seat<'_> {
    fn id(&self, player: &Player) -> Option<PersonId> {
        self.town.people.get(&player.username).copied()
    }

    /// The first person of a role.
    pub(crate) fn person(&self, role: &str) -> Option<PersonId> {
        self.id(self.staff.first(role)?)
    }

    /// The people of a role.
    pub(crate) fn people(&self, role: &str) -> Vec<PersonId> {
        self.staff
            .players
            .iter()
            .filter(|player| player.role == role)
            .filter_map(|player| self.id(player))
            .collect()
    }

    /// The first person of a role in the unit with this symbol.
    pub(crate) fn person_in(&self, role: &str, symbol: &str) -> Option<PersonId> {
        let unit = self.place.units.iter().position(|(_, known)| known == symbol)?;
        self.id(self.staff.of_unit(role, unit)?)
    }

    /// An act of one of its people.
    pub(crate) fn act(&self, person: PersonId, at: Instant, path: String, input: Input) -> Act {
        Act { tenant: self.tenant, agency: self.agency, person, at, path, input }
    }
}

/// The id of what an act made.
pub(crate) fn made(reply: Option<&Response>) -> Option<String> {
    match reply {
        Some(Response::Done { id, .. }) => id.clone(),
        _ => None,
    }
}
