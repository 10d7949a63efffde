//! Schema steps: applied once, in order, never changed afterwards. The table `kernel_migrations` remembers
//! each with the hash of its text.

use super::Schema;
use base::time::{Clock, SystemClock};
use base::{Error, Result};
use kernel::Dialect;
use kernel::ddl::Reading;
use ring::digest::{SHA256, digest};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

pub(super) const TABLE: &str = "CREATE TABLE IF NOT EXISTS kernel_migrations (
    module TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (module, name))";
pub(super) const APPLIED: &str = "SELECT module, name, hash FROM kernel_migrations";
pub(super) const REMEMBER: &str =
    "INSERT INTO kernel_migrations (module, name, hash, at) VALUES ($1, $2, $3, $4)";

/// What `kernel_migrations` holds: module and name of a step, and the hash of its text.
pub(super) type Applied = BTreeMap<(String, String), String>;

/// Tables whose rows belong to agencies, and who may read them.
pub(super) type Owned = BTreeMap<String, Reading>;

/// A step that has to be applied.
pub(super) struct Step {
    pub(super) module: &'static str,
    pub(super) name: &'static str,
    pub(super) hash: String,
    /// The statements for this engine.
    pub(super) sql: String,
    /// Tables it makes whose rows belong to an agency.
    pub(super) agency_tables: Vec<(String, Reading)>,
}

impl Step {
    /// An error of this step, by its name.
    pub(super) fn failed(&self, cause: impl std::fmt::Display) -> Error {
        Error::internal(format!("schema step {} {}: {cause}", self.module, self.name))
    }
}

/// The steps that are missing, in order.
///
/// # Errors
/// When an applied step has another text now, or the database knows a step this program does not.
pub(super) fn missing(schema: &Schema, dialect: Dialect, mut applied: Applied) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for (module, migrations) in &schema.modules {
        for migration in migrations {
            let hash = hash(migration.sql);
            match applied.remove(&((*module).to_owned(), migration.name.to_owned())) {
                Some(known) if known == hash => {}
                Some(_) => return Err(changed(module, migration.name)),
                None => steps.push(step((module, migration), dialect, hash)),
            }
        }
    }
    // A tenant may stop renting a module and keep its tables, so only present modules are compared.
    let rented: BTreeSet<&str> = schema.modules.iter().map(|(module, _)| *module).collect();
    match applied.keys().find(|(module, _)| rented.contains(module.as_str())) {
        None => Ok(steps),
        Some((module, name)) => Err(Error::internal(format!(
            "schema step {module} {name} was applied by a newer version of the program: run that version"
        ))),
    }
}

/// Tables of the whole schema whose rows belong to an agency.
pub(super) fn agency_tables(schema: &Schema, dialect: Dialect) -> Owned {
    let steps = schema.modules.iter().flat_map(|(_, migrations)| migrations);
    steps.flat_map(|step| kernel::ddl::agency_tables(&kernel::ddl::for_engine(step.sql, dialect))).collect()
}

/// When a step is applied, in microseconds.
pub(super) fn now() -> i64 {
    SystemClock.now().micros()
}

fn step((module, migration): (&'static str, &kernel::Migration), dialect: Dialect, hash: String) -> Step {
    let sql = kernel::ddl::for_engine(migration.sql, dialect);
    let agency_tables = kernel::ddl::agency_tables(&sql);
    Step { module, name: migration.name, hash, sql, agency_tables }
}

fn changed(module: &str, name: &str) -> Error {
    Error::internal(format!(
        "schema step {module} {name} was changed after it had been applied: restore it and add a new step"
    ))
}

fn hash(text: &str) -> String {
    let digest = digest(&SHA256, text.as_bytes());
    digest.as_ref().iter().fold(String::with_capacity(64), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
