//! What the engine has seen of other installations, for pages; and which agencies of this one it tells them of.

use crate::notify::note as values_of;
use crate::organisations::{self, Agency};
use base::{Instant, Result};
use kernel::{Raw, Sql, System, Writer, q, row, values};

row! {
    /// A node of the directory.
    #[derive(PartialEq, Eq)]
    pub struct Seen {
        /// Its name.
        name: String,
        /// What people call it.
        title: String,
        /// Where it listens.
        address: String,
        /// The node above.
        above: Option<String>,
        /// True when others reach it through the node above.
        relayed: bool,
        /// True for this installation.
        own: bool,
        /// True for the authority.
        authority: bool,
        /// How many agencies are at home there.
        agencies: i64,
        /// When its certificate ends; `None` when none of its certificates counts.
        certificate_until: Option<Instant>,
    }
}

row! {
    /// How this installation stands among the nodes.
    pub struct Standing {
        /// Version of the directory; 0 when none was seen.
        directory_version: i64,
        /// When it was published.
        directory_at: Option<Instant>,
        /// Number of the list of revoked certificates.
        crl_number: i64,
        /// When that list was signed.
        crl_at: Instant,
        /// Until when it counts.
        crl_until: Instant,
        /// When this was noted.
        noted_at: Instant,
        /// Why the last round came to nothing, in words of the machine; empty when it did not.
        trouble: String,
    }
}

/// An agency that works here, and the codes of those who took over from it.
pub struct Local {
    /// The agency.
    pub agency: Agency,
    /// Codes.
    pub successors: Vec<String>,
}

static FORGET: Sql = q!("DELETE FROM platform_nodes");
static SEE: Sql = q!("INSERT INTO platform_nodes
        (name, title, address, above, relayed, own, authority, agencies, certificate_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
static STAND: Sql = q!("INSERT INTO platform_node_standing
        (one, directory_version, directory_at, crl_number, crl_at, crl_until, noted_at, trouble)
     VALUES (1, $1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (one) DO UPDATE SET directory_version = $1, directory_at = $2, crl_number = $3, crl_at = $4,
        crl_until = $5, noted_at = $6, trouble = $7");
static ALL: Sql =
    q!("SELECT name, title, address, above, relayed, own, authority, agencies, certificate_until
     FROM platform_nodes
     ORDER BY authority DESC, name");
static STANDING: Sql =
    q!("SELECT directory_version, directory_at, crl_number, crl_at, crl_until, noted_at, trouble
     FROM platform_node_standing
     WHERE one = 1");

/// Notes what is known of the nodes. Rows are written only when something has changed.
///
/// # Errors
/// What the database reports.
pub fn note(cx: &mut Writer<'_, System>, seen: &[Seen], standing: &Standing) -> Result<()> {
    if all(cx)? != seen {
        cx.write_any(&FORGET, &[])?;
        for one in seen {
            cx.write(
                &SEE,
                values![
                    &one.name,
                    &one.title,
                    &one.address,
                    one.above.as_deref(),
                    one.relayed,
                    one.own,
                    one.authority,
                    one.agencies,
                    one.certificate_until
                ],
            )?;
        }
    }
    cx.write(
        &STAND,
        values![
            standing.directory_version,
            standing.directory_at,
            standing.crl_number,
            standing.crl_at,
            standing.crl_until,
            standing.noted_at,
            &standing.trouble
        ],
    )?;
    cx.record_nothing("what was seen of others is no act");
    Ok(())
}

/// The nodes, the authority first.
///
/// # Errors
/// What the database reports.
pub fn all(cx: &Raw<'_>) -> Result<Vec<Seen>> {
    cx.rows(&ALL, &[])
}

/// How this installation stands; `None` when it is no node.
///
/// # Errors
/// What the database reports.
pub fn standing(cx: &Raw<'_>) -> Result<Option<Standing>> {
    cx.row(&STANDING, &[])
}

/// The agencies that work in this tenant, as other nodes are told of them.
///
/// # Errors
/// What the database reports.
pub fn local_agencies(cx: &Raw<'_>) -> Result<Vec<Local>> {
    let local = |agency: Agency| {
        let successors = match agency.valid_to {
            Some(_) => organisations::successors(cx, agency.id)?,
            None => Vec::new(),
        };
        let successors = successors.into_iter().map(|one| one.code_102).collect();
        Ok(Local { agency, successors })
    };
    organisations::local(cx)?.into_iter().map(local).collect()
}

/// Enters in the audit log that something was refused to a node, under the first agency of the tenant.
///
/// # Errors
/// What the database reports.
pub fn refused(cx: &mut Writer<'_, System>, whose: &str, why: &str) -> Result<()> {
    let Some(first) = organisations::local(cx)?.into_iter().next() else {
        cx.record_nothing("a tenant without an agency has nobody to tell");
        return Ok(());
    };
    let note = values_of(&[("node", whose.to_owned()), ("why", why.to_owned())]);
    cx.record_noted("platform.act.node_refused", ("agency", first.id), first.id, note);
    Ok(())
}
