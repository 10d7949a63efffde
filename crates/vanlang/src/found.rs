//! The first agency and the first administrator of a tenant, without whom nobody could let anybody in.

use crate::app::{self, Settings};
use crate::upkeep;
use base::time::SystemClock;
use base::{Error, Result};
use kernel::{Scope, System, Writer, engine};
use platform::organisations::{self, NewAgency, Tier};
use platform::people::{self, NewPerson, NewPost};
use platform::sessions;

/// What the operator says of them.
#[derive(Debug, Clone, clap::Args)]
pub struct Founding {
    /// The tenant.
    #[arg(long)]
    pub tenant: String,
    /// Name of the agency: "UBND tỉnh Phú Thọ".
    #[arg(long)]
    pub agency: String,
    /// Its code, QCVN 102 form: `000.00.00.H44`.
    #[arg(long)]
    pub code: String,
    /// Its code, QĐ 20/2020 form: `H44`.
    #[arg(long, default_value = "")]
    pub code_qd20: String,
    /// Its abbreviation in document symbols.
    #[arg(long, default_value = "UBND")]
    pub symbol: String,
    /// The place written before dates: "Phú Thọ".
    #[arg(long)]
    pub place: String,
    /// `central`, `province`, `district` or `commune`.
    #[arg(long, default_value = "province")]
    pub tier: String,
    /// The administrator's name to sign in with.
    #[arg(long)]
    pub username: String,
    /// The administrator's full name.
    #[arg(long)]
    pub name: String,
}

/// Enters the agency and its administrator in an empty tenant. Answers the path at which the administrator
/// sets a password, good for three days.
///
/// # Errors
/// `Internal` in plain words when the tenant has an agency already, or the tier is none.
pub async fn found(settings: &Settings, ask: &Founding) -> Result<String> {
    let tenant = settings.tenants.iter().find(|one| one.name == ask.tenant).ok_or(Error::NotFound)?;
    let tier = Tier::parse(&ask.tier).ok_or_else(|| Error::internal("the tier is none of the four"))?;
    let db = upkeep::open_or_make(settings, tenant).await?;
    let modules = crate::modules::all();
    let (texts, rights) = (app::texts(&modules)?, app::rights(&modules));
    let (cx, ask) = (app::founding(texts, &ask.tenant, &SystemClock), ask.clone());
    let secret = db
        .write(Scope::Everything, move |db| {
            engine::write(db, &cx, |cx| {
                platform::identity::found_rights(cx, &rights)?;
                enter(cx, &ask, tier)
            })
        })
        .await?;
    db.close().await?;
    Ok(format!("/activate/{secret}"))
}

fn enter(cx: &mut Writer<'_, System>, ask: &Founding, tier: Tier) -> Result<String> {
    if !organisations::local(cx)?.is_empty() {
        return Err(Error::internal("the tenant has an agency already; its administrator adds the others"));
    }
    let today = cx.now().date();
    let new = NewAgency {
        code_102: ask.code.clone(),
        code_qd20: ask.code_qd20.clone(),
        name: ask.agency.clone(),
        symbol: ask.symbol.clone(),
        place: ask.place.clone(),
        tier,
        kind: "committee".to_owned(),
        parent: None,
        local: true,
        valid_from: today,
    };
    let agency = organisations::add_agency(cx, &new)?;
    // A hash no password has: the first sign-in is by the invitation alone.
    let person =
        NewPerson { agency, username: &ask.username, name: &ask.name, email: "", password_hash: "!" };
    let person = people::add(cx, &person)?;
    let title = cx.text("platform.founding.admin").to_owned();
    let post = NewPost { agency, unit: None, title: &title, role: "admin", reach: "subtree", from: today };
    people::give_post(cx, person, &post)?;
    cx.record("platform.founding.done", ("agency", agency), agency);
    sessions::invite(cx, person)
}
