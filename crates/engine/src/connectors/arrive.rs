//! A packet of a system of others comes in, by whichever door: read as an imported file is, then handed over as an
//! envelope, so that the inbox gives it one effect and statuses go back the way it came.

use crate::jobs::import;
use crate::server::{Server, Tenant};
use base::{AgencyId, Instant, Result, WhileDoing};
use contracts::{Envelope, Party, Sealed};
use kernel::{Database, Scope, engine};
use platform::connectors::queue::{self, Aside};
use platform::{homes, organisations};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// Whom a door leads to, and who may come through it.
pub(super) struct Door {
    /// Where packets are set aside.
    pub(super) keeper: AgencyId,
    /// Agencies it leads to.
    pub(super) serves: BTreeSet<AgencyId>,
    /// Codes that may speak through it; anybody but our own agencies when nothing is said.
    pub(super) speakers: Option<BTreeSet<String>>,
    /// How the packet is called at the door.
    pub(super) name: String,
}

/// What became of a packet.
pub(super) enum Arrived {
    /// It had its effect, now or before. Codes it names that the door does not lead to.
    Taken(Vec<String>),
    /// It was set aside: the text key of the reason, and what exactly is wrong.
    Refused(&'static str, String),
}

/// A packet as it is handed over.
struct Parcel {
    id: Uuid,
    from: Party,
    to: BTreeSet<String>,
    packet: edxml::Packet,
}

impl Server {
    /// Takes in a packet that lies in the store.
    pub(super) async fn arrive(&self, tenant: &Arc<Tenant>, sha256: &str, door: &Door) -> Result<Arrived> {
        let received = match import::open(tenant, sha256).await? {
            Ok(received) => received,
            Err(why) => {
                let detail = (String::new(), why.to_string());
                return self.refuse(tenant, door, (sha256, "platform.axis.unreadable", detail)).await;
            }
        };
        let parcel = self.parcel(tenant, sha256, received.packet).await?;
        let from = parcel.from.code.clone();
        let refuse =
            |reason, detail: String| self.refuse(tenant, door, (sha256, reason, (from.clone(), detail)));
        let ours = self.is_ours(&from).await?;
        if ours || door.speakers.as_ref().is_some_and(|speakers| !speakers.contains(&from)) {
            return refuse("platform.axis.not_theirs", from.clone()).await;
        }
        let (reached, missed) = self.recipients(tenant, door, &parcel.to).await?;
        if reached.is_empty() {
            return refuse("platform.axis.for_nobody", missed.join(", ")).await;
        }
        if reached.iter().all(|one| one.locked) {
            return refuse("platform.exchange.locked_recipient", parcel.to.into_iter().collect()).await;
        }
        for sink in received.sinks {
            import::keep(tenant, sink, (None, self.clock.now())).await?;
        }
        for one in reached.iter().filter(|one| !one.locked) {
            let Some(sealed) = seal(&parcel.packet, &one.code_102, self.clock.now()) else {
                return refuse("platform.axis.unfit", String::new()).await;
            };
            self.hand_in_parcel(tenant, (&parcel, one), sealed).await?;
        }
        Ok(Arrived::Taken(missed))
    }

    async fn parcel(&self, tenant: &Tenant, sha256: &str, packet: edxml::Packet) -> Result<Parcel> {
        let (mut from, mut to): (Party, BTreeSet<String>) = match &packet {
            edxml::Packet::Document(document) => {
                let removed = document.business.update.iter().flat_map(|update| &update.receivers);
                let named = document.to.iter().map(|to| &to.id).chain(removed.map(|one| &one.organ_id));
                (import::party(&document.from), named.cloned().collect())
            }
            edxml::Packet::Status(status) => {
                (import::party(&status.from), BTreeSet::from([status.response_for.organ_id.clone()]))
            }
        };
        // Systems disagree which of the two agencies a 13 names as its sender; it is the one that is not ours.
        if let edxml::Packet::Status(status) = &packet
            && status.code == edxml::StatusCode::RecallRequested
            && self.is_local(tenant, &from.code).await?
        {
            let asked = std::mem::take(&mut from.code);
            from = Party { code: status.response_for.organ_id.clone(), name: String::new() };
            to = BTreeSet::from([asked]);
        }
        Ok(Parcel { id: id_of(sha256), from, to, packet })
    }

    async fn is_local(&self, tenant: &Tenant, code: &str) -> Result<bool> {
        let code = code.to_owned();
        let held = move |cx: &kernel::Raw<'_>| homes::holding(cx, &code);
        Ok(self.read_as_system(tenant, self.clock.now(), held).await?.is_some())
    }

    /// True when an agency of this process has the code: its letters do not come from outside.
    async fn is_ours(&self, code: &str) -> Result<bool> {
        for tenant in self.tenants() {
            if self.is_local(tenant, code).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The agencies a packet reaches through a door, and the codes it does not.
    async fn recipients(
        &self,
        tenant: &Tenant,
        door: &Door,
        to: &BTreeSet<String>,
    ) -> Result<(Vec<organisations::Agency>, Vec<String>)> {
        let (codes, serves) = (to.clone(), door.serves.clone());
        let find = move |cx: &kernel::Raw<'_>| {
            let (mut reached, mut missed) = (Vec::new(), Vec::new());
            for code in &codes {
                match organisations::by_code(cx, code)?.filter(|one| one.local && serves.contains(&one.id)) {
                    Some(agency) => reached.push(agency),
                    None => missed.push(code.clone()),
                }
            }
            Ok((reached, missed))
        };
        self.read_as_system(tenant, self.clock.now(), find).await
    }

    async fn hand_in_parcel(
        &self,
        tenant: &Arc<Tenant>,
        (parcel, to): (&Parcel, &organisations::Agency),
        (sealed, signature): (Sealed, &'static str),
    ) -> Result<()> {
        let kind = format!("envelope.{}", sealed.kind());
        if let (Sealed::Document(document), edxml::Packet::Document(packet)) = (&sealed, &parcel.packet)
            && document.document_id != packet.document_id
            && !packet.document_id.is_empty()
        {
            let (agency, from) = (to.id, parcel.from.code.clone());
            let (id, written) = (document.document_id.clone(), packet.document_id.clone());
            let note = move |db: &dyn Database| queue::name(db, agency, (&from, &id, &written));
            tenant.db.write(Scope::Everything, note).await?;
        }
        let envelope = Envelope { id: parcel.id, from: parcel.from.clone(), at: self.clock.now(), sealed };
        let envelope = serde_json::to_value(envelope).while_doing("writing", "an envelope")?;
        let payload = serde_json::json!({ "envelope": envelope, "to": to.code_102, "signature": signature });
        self.run_now(tenant, &kind, payload).await
    }

    /// Sets aside a packet that is longer than is taken: nobody knows what is in it but its name at the door.
    pub(super) async fn refuse_unread(&self, tenant: &Arc<Tenant>, door: &Door) -> Result<Arrived> {
        let name = kernel::hex(ring::digest::digest(&ring::digest::SHA256, door.name.as_bytes()).as_ref());
        self.refuse(tenant, door, (&name, "platform.axis.too_long", Default::default())).await
    }

    /// Sets a packet aside where an administrator finds it.
    async fn refuse(
        &self,
        tenant: &Arc<Tenant>,
        door: &Door,
        (sha256, reason, (from, detail)): (&str, &'static str, (String, String)),
    ) -> Result<Arrived> {
        let aside =
            Aside { envelope: id_of(sha256), from, detail: format!("{}: {detail}", door.name), reason };
        let (cx, keeper) = (self.system(tenant, self.clock.now()), door.keeper);
        let keep = move |db: &dyn Database| engine::write(db, &cx, |cx| queue::set_aside(cx, keeper, &aside));
        tenant.db.write(Scope::Everything, keep).await?;
        Ok(Arrived::Refused(reason, detail))
    }
}

/// What is in a packet, for the agency with a code, and the state of its signature. None when it cannot be entered.
fn seal(packet: &edxml::Packet, own: &str, now: Instant) -> Option<(Sealed, &'static str)> {
    match packet {
        edxml::Packet::Document(document) if document.business.kind != edxml::BusinessKind::Recall => {
            let sealed = import::convert(document, own).filter(|document| !import::is_long(document))?;
            Some((Sealed::Document(Box::new(sealed)), document.signature.key()))
        }
        about => {
            let (_, mut status) = import::said(about);
            if status.timestamp == Instant::from_micros(0) {
                status.timestamp = now;
            }
            Some((Sealed::Status(Box::new(status)), ""))
        }
    }
}

/// The same packet is the same envelope, under whatever name and however often it comes.
fn id_of(sha256: &str) -> Uuid {
    let digits = sha256.get(..32).and_then(|half| u128::from_str_radix(half, 16).ok()).unwrap_or_default();
    uuid::Builder::from_custom_bytes(digits.to_be_bytes()).into_uuid()
}
