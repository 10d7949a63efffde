//! What stands where: read between the acts, as a person reads a list.

use crate::demo::play::Play;
use crate::demo::town::read;
use base::{AgencyId, Date, Error, Instant, PersonId, Result, UnitId};
use kernel::{Sql, q, row, values};
use uuid::Uuid;

row! {
    /// An incoming document.
    pub(crate) struct In {
        id: Uuid,
        agency: AgencyId,
        from_code: String,
        symbol: String,
        promulgated: Date,
        subject: String,
        urgency: i64,
        due: Option<Date>,
        arrived_at: Instant,
        lead_unit: Option<UnitId>,
        lead_person: Option<PersonId>,
    }
}

row! {
    /// A document being written.
    pub(crate) struct Out {
        id: Uuid,
        agency: AgencyId,
        unit: Option<UnitId>,
        drafter: PersonId,
        subject: String,
        signer: Option<PersonId>,
        due: Option<Date>,
        created_at: Instant,
    }
}

static INCOMING: Sql = q!(
    "SELECT id, agency_id, from_code, symbol, promulgated, subject, urgency, due, arrived_at, lead_unit, lead_person
     FROM documents_incoming
     WHERE {scope} AND status = $1"
);
static OUTGOING: Sql = q!("SELECT id, agency_id, unit_id, drafter, subject, signer, due, created_at
     FROM documents_outgoing
     WHERE {scope} AND status = $1");
static CAME: Sql = q!("SELECT count(*) FROM documents_incoming WHERE {scope}");
static WRITTEN: Sql = q!("SELECT count(*) FROM documents_outgoing WHERE {scope}");

impl Play {
    fn tenant(&self, name: &str) -> Result<&engine::Tenant> {
        Ok(self.server.tenant(name).ok_or(Error::NotFound)?)
    }

    /// Reads as the system, whatever the hour.
    pub(crate) async fn read<V: Send + 'static>(
        &self,
        tenant: &str,
        rows: impl FnOnce(&kernel::Raw<'_>) -> Result<V> + Send + 'static,
    ) -> Result<V> {
        read(self.tenant(tenant)?, (self.texts, Instant::from_micros(0)), rows).await
    }

    /// Incoming documents in a state, in an order that does not depend on chance.
    pub(crate) async fn incoming(&self, tenant: &str, status: &'static str) -> Result<Vec<In>> {
        let at = Instant::from_micros(0);
        let mut rows: Vec<In> =
            read(self.tenant(tenant)?, (self.texts, at), move |cx| cx.rows(&INCOMING, values![status]))
                .await?;
        rows.sort_by(|a, b| {
            (a.arrived_at, self.code(tenant, a.agency), &a.from_code, &a.symbol).cmp(&(
                b.arrived_at,
                self.code(tenant, b.agency),
                &b.from_code,
                &b.symbol,
            ))
        });
        Ok(rows)
    }

    /// Documents being written in a state, in an order that does not depend on chance.
    pub(crate) async fn outgoing(&self, tenant: &str, status: &'static str) -> Result<Vec<Out>> {
        let at = Instant::from_micros(0);
        let mut rows: Vec<Out> =
            read(self.tenant(tenant)?, (self.texts, at), move |cx| cx.rows(&OUTGOING, values![status]))
                .await?;
        rows.sort_by(|a, b| {
            (a.created_at, self.code(tenant, a.agency), &a.subject).cmp(&(
                b.created_at,
                self.code(tenant, b.agency),
                &b.subject,
            ))
        });
        Ok(rows)
    }

    /// How many documents came to the agencies of a tenant, and how many they wrote.
    pub(crate) async fn counts(&self, tenant: &str) -> Result<(i64, i64)> {
        let at = Instant::from_micros(0);
        read(self.tenant(tenant)?, (self.texts, at), |cx| {
            Ok((cx.number(&CAME, &[])?, cx.number(&WRITTEN, &[])?))
        })
        .await
    }

    /// The code of an agency; empty for one that is unknown.
    pub(crate) fn code(&self, tenant: &str, agency: AgencyId) -> &str {
        self.towns.get(tenant).and_then(|town| town.codes.get(&agency)).map_or("", String::as_str)
    }
}
