//! Enters the directory, the units and the people of a tenant.

use crate::demo::cast::Staff;
use crate::demo::data::{Picture, Place, Tree};
use base::texts::Texts;
use base::{AgencyId, Date, Error, Instant, Lang, Result, T, UnitId};
use engine::Tenant;
use kernel::{Actor, Context, Request, Scope, System, Writer};
use platform::organisations::{self, NewAgency};
use platform::people::{self, NewPerson, NewPost};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is entered, and when.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) texts: &'static Texts,
    pub(crate) tree: Arc<Tree>,
    pub(crate) cast: Arc<Vec<Staff>>,
    /// The one password hash of everybody.
    pub(crate) hash: String,
    /// When the work begins.
    pub(crate) from: Instant,
}

/// Agencies whose units and people are entered in one transaction.
const BATCH: usize = 40;

/// The system at work in a tenant.
pub(crate) fn context(texts: &'static Texts, tenant: &str, now: Instant) -> Context {
    Context {
        actor: Actor::system("demo"),
        request: Request::default(),
        t: T::new(texts, Lang::Vi),
        now,
        tenant: tenant.to_owned(),
        chance: engine::system_chance,
        offers: Arc::default(),
    }
}

/// Enters everything a tenant knows before the first document.
///
/// # Errors
/// What the database reports.
pub(crate) async fn found(tenant: &Tenant, ground: &Ground) -> Result<()> {
    let ids = Arc::new(directory(tenant, ground).await?);
    let here: Vec<Place> =
        ground.tree.agencies.iter().filter(|p| p.tenant == Some(tenant.name.as_str())).cloned().collect();
    for batch in here.chunks(BATCH) {
        let (batch, ids, ground) = (batch.to_vec(), Arc::clone(&ids), ground.clone());
        write(tenant, &ground.clone(), move |cx| {
            for place in &batch {
                let id = *ids.get(&place.code).ok_or(Error::NotFound)?;
                let staff = ground.cast.iter().find(|staff| staff.code == place.code);
                settle(cx, (place, id), staff, &ground)?;
                cx.record("demo.act.settled", ("agency", id), id);
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

async fn write<V: Send + 'static>(
    tenant: &Tenant,
    ground: &Ground,
    act: impl Fn(&mut Writer<'_, System>) -> Result<V> + Send + Sync + 'static,
) -> Result<V> {
    let cx = context(ground.texts, &tenant.name, ground.from);
    tenant.db.write(Scope::Everything, move |db| kernel::engine::write(db, &cx, |cx| act(cx))).await
}

/// Every agency, those of the other tenant too: it must be possible to write to them.
async fn directory(tenant: &Tenant, ground: &Ground) -> Result<BTreeMap<String, AgencyId>> {
    let (name, tree, from) = (tenant.name.clone(), Arc::clone(&ground.tree), first_day(ground));
    write(tenant, ground, move |cx| {
        let mut ids: BTreeMap<String, AgencyId> = BTreeMap::new();
        for place in &tree.agencies {
            let new = NewAgency {
                code_102: place.code.clone(),
                code_qd20: place.qd20.clone(),
                name: place.name.clone(),
                symbol: place.symbol.clone(),
                place: place.place.clone(),
                tier: place.tier,
                kind: place.kind.to_owned(),
                parent: place.parent.as_ref().and_then(|code| ids.get(code)).copied(),
                local: place.tenant == Some(name.as_str()),
                valid_from: from,
            };
            ids.insert(place.code.clone(), organisations::add_agency(cx, &new)?);
        }
        if let Some(first) = ids.values().next() {
            cx.record_plain("demo.act.founded", ("directory", *first));
        }
        Ok(ids)
    })
    .await
}

/// The map of 2025 is in force since 1 July; nobody's post begins after their first document.
fn first_day(ground: &Ground) -> Date {
    let day = ground.from.date().plus_days(-365);
    match (ground.tree.picture, Date::new(2025, 7, 1)) {
        (Picture::TwoLevels, Some(reform)) => reform.min(ground.from.date()),
        _ => day,
    }
}

fn settle(
    cx: &mut Writer<'_, System>,
    (place, id): (&Place, AgencyId),
    staff: Option<&Staff>,
    ground: &Ground,
) -> Result<()> {
    let from = first_day(ground);
    let mut units: Vec<UnitId> = Vec::with_capacity(place.units.len());
    for (sort, (name, symbol)) in (0..).zip(&place.units) {
        units.push(organisations::add_unit(cx, id, (name, symbol), (sort, from))?);
    }
    for player in staff.into_iter().flat_map(|staff| &staff.players) {
        let email = format!("{}@vanlang.example", player.username);
        let new = NewPerson {
            agency: id,
            username: &player.username,
            name: &player.name,
            email: &email,
            password_hash: &ground.hash,
        };
        let person = people::add(cx, &new)?;
        let post = NewPost {
            agency: id,
            unit: player.unit.and_then(|at| units.get(at)).copied(),
            title: &player.title,
            role: player.role,
            reach: player.reach,
            from,
        };
        people::give_post(cx, person, &post)?;
    }
    Ok(())
}
