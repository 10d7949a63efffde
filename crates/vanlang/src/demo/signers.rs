//! Digital signatures for the leaders of the walk and their agencies, so that it can be gone with signatures.

use crate::demo::cast::Staff;
use crate::demo::data::Tree;
use crate::demo::roster;
use crate::demo::seals::{Authority, Subject, hand, seal};
use crate::demo::seed::context;
use crate::demo::town::town;
use base::texts::Texts;
use base::{AgencyId, Error, Instant, PersonId, Result};
use contracts::signing::{Enclosed, Key};
use engine::{Server, Tenant};
use kernel::Scope;
use platform::signers;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Everybody's PIN; the page of the demonstration says it.
pub(crate) const PIN: &str = "246810";

/// Enters a signer for each leader of the walk, and one for each of their agencies. Answers the certificate of the
/// authority that issued theirs.
///
/// # Errors
/// What a database reports.
pub(crate) async fn enter(
    server: &Arc<Server>,
    texts: &'static Texts,
    (tree, cast): (&Tree, &[Staff]),
) -> Result<String> {
    let (authority, now) = (Authority::new()?, server.clock.now());
    let mut sealed = BTreeSet::new();
    for one in roster::roster(tree, cast) {
        let Some(staff) = cast.iter().find(|staff| {
            staff.players.iter().any(|player| player.username == one.username && player.role == "leader")
        }) else {
            continue;
        };
        let tenant = server.tenant(one.tenant).ok_or(Error::NotFound)?;
        let known = town(tenant, texts, now).await?;
        let agency = *known.agencies.get(&staff.code).ok_or(Error::NotFound)?;
        let person = *known.people.get(&one.username).ok_or(Error::NotFound)?;
        let entering = Entering { server, tenant, texts, now, authority: &authority, agency };
        entering.one((&one.name, &one.agency), Some(person)).await?;
        if sealed.insert(staff.code.clone()) {
            entering.one((&one.agency, &one.agency), None).await?;
        }
    }
    Ok(authority.pem)
}

struct Entering<'a> {
    server: &'a Arc<Server>,
    tenant: &'a Arc<Tenant>,
    texts: &'static Texts,
    now: Instant,
    authority: &'a Authority,
    agency: AgencyId,
}

impl Entering<'_> {
    async fn one(&self, (name, agency): (&str, &str), person: Option<PersonId>) -> Result<()> {
        let pem = self.authority.issue(&Subject { name, agency, years: (2010, 2049) })?;
        let enclosed: Enclosed = self.server.enclose(&self.tenant.name, (pem.as_bytes(), PIN)).await?;
        let picture = if person.is_some() { hand()? } else { seal()? };
        let picture = self.tenant.files.put(&picture).await?.sha256;
        let cx = context(self.texts, &self.tenant.name, self.now);
        let of = (self.agency, person);
        let act = move |db: &dyn kernel::Database| {
            kernel::engine::write(db, &cx, |cx| {
                let key = Key::File { sha256: String::new(), password: String::new() };
                signers::enter(cx, of, (&key, Some(&picture)), &enclosed).map(drop)
            })
        };
        self.tenant.db.write(Scope::Everything, act).await
    }
}
