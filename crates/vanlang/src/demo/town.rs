//! The ids behind codes and user names, for those who play.

use crate::demo::seed::context;
use base::texts::Texts;
use base::{AgencyId, Instant, PersonId, Result, UnitId};
use engine::Tenant;
use kernel::{Raw, Scope, Sql, System, q};
use std::collections::BTreeMap;

/// Everybody and everything that acts in a tenant.
#[derive(Debug, Default)]
pub(crate) struct Town {
    pub(crate) agencies: BTreeMap<String, AgencyId>,
    pub(crate) codes: BTreeMap<AgencyId, String>,
    pub(crate) people: BTreeMap<String, PersonId>,
    pub(crate) units: BTreeMap<(String, String), UnitId>,
}

static AGENCIES: Sql = q!("SELECT code_102, id FROM platform_agencies");
static PEOPLE: Sql = q!("SELECT username, id FROM platform_people");
static UNITS: Sql = q!("SELECT a.code_102, u.symbol, u.id
     FROM platform_units u JOIN platform_agencies a ON a.id = u.agency_id
     WHERE {scope:u}");

/// Reads as the system.
///
/// # Errors
/// What `read` answers.
pub(crate) async fn read<V: Send + 'static>(
    tenant: &Tenant,
    (texts, now): (&'static Texts, Instant),
    read: impl FnOnce(&Raw<'_>) -> Result<V> + Send + 'static,
) -> Result<V> {
    let cx = context(texts, &tenant.name, now);
    let act = move |db: &dyn kernel::Database| kernel::engine::read::<System, V>(db, &cx, |cx| read(cx));
    tenant.db.read(Scope::Everything, act).await
}

/// Who and what a tenant has.
///
/// # Errors
/// What the database reports.
pub(crate) async fn town(tenant: &Tenant, texts: &'static Texts, now: Instant) -> Result<Town> {
    read(tenant, (texts, now), |cx| {
        let agencies: Vec<(String, AgencyId)> = cx.rows(&AGENCIES, &[])?;
        let people: Vec<(String, PersonId)> = cx.rows(&PEOPLE, &[])?;
        let units: Vec<(String, String, UnitId)> = cx.rows(&UNITS, &[])?;
        Ok(Town {
            codes: agencies.iter().map(|(code, id)| (*id, code.clone())).collect(),
            agencies: agencies.into_iter().collect(),
            people: people.into_iter().collect(),
            units: units.into_iter().map(|(code, symbol, id)| ((code, symbol), id)).collect(),
        })
    })
    .await
}
