//! The schema of a tenant on PostgreSQL: its tables, the policies on them, and the role they bind.

use super::session::message;
use super::{RETRIES, is_conflict, lost};
use crate::db::{Schema, migrate};
use base::{Error, Result};
use deadpool_postgres::Object;
use kernel::Dialect;
use kernel::ddl::Reading;
use std::time::Duration;
use tokio_postgres::SimpleQueryMessage;
use tokio_postgres::error::SqlState;

/// The name becomes part of statements, where no placeholder can stand.
pub(super) fn check_name(tenant: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let begins = tenant.starts_with(|c: char| c.is_ascii_lowercase());
    if begins && tenant.len() <= 40 && tenant.chars().all(fits) {
        return Ok(());
    }
    Err(Error::internal(format!("the tenant name {tenant:?} is not made of a-z, 0-9, - and _")))
}

/// True when the tenant has the table every tenant begins with.
pub(super) async fn is_there(client: &Object, tenant: &str) -> Result<bool> {
    let first =
        "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'kernel_migrations'";
    let found = client.query_opt(first, &[&tenant]).await;
    found.map(|row| row.is_some()).map_err(|cause| lost(&cause))
}

/// Makes schema and role and applies the missing steps. Several processes may start at once: whoever comes
/// second finds a name taken, and tries again.
pub(super) async fn prepare(client: &Object, tenant: &str, schema: &Schema) -> Result<Option<String>> {
    for attempt in 0..=RETRIES {
        match try_prepare(client, tenant, schema).await {
            Ok(role) => {
                client.batch_execute("COMMIT").await.map_err(|cause| lost(&cause))?;
                return Ok(role);
            }
            Err(Failed::Final(cause)) => {
                let _ = client.batch_execute("ROLLBACK").await;
                return Err(cause);
            }
            Err(Failed::Sql(cause)) => {
                let _ = client.batch_execute("ROLLBACK").await;
                if attempt == RETRIES || !is_race(&cause) {
                    return Err(Error::internal(format!("opening {tenant}: {}", message(&cause))));
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(50 << attempt)).await;
    }
    Err(Error::Busy("database schema"))
}

enum Failed {
    Sql(tokio_postgres::Error),
    Final(Error),
}

impl From<tokio_postgres::Error> for Failed {
    fn from(cause: tokio_postgres::Error) -> Failed {
        Failed::Sql(cause)
    }
}

impl From<Error> for Failed {
    fn from(cause: Error) -> Failed {
        Failed::Final(cause)
    }
}

fn is_race(cause: &tokio_postgres::Error) -> bool {
    let taken = [
        SqlState::UNIQUE_VIOLATION,
        SqlState::DUPLICATE_SCHEMA,
        SqlState::DUPLICATE_TABLE,
        SqlState::DUPLICATE_OBJECT,
    ];
    // XX000 is what "tuple concurrently updated" comes under.
    is_conflict(cause) || cause.code().is_some_and(|code| taken.contains(code) || code.code() == "XX000")
}

async fn try_prepare(
    client: &Object,
    tenant: &str,
    schema: &Schema,
) -> std::result::Result<Option<String>, Failed> {
    let begin =
        format!("BEGIN; CREATE SCHEMA IF NOT EXISTS \"{tenant}\"; SET LOCAL search_path = \"{tenant}\"");
    client.batch_execute(&begin).await?;
    client.batch_execute(migrate::TABLE).await?;
    client.batch_execute("LOCK TABLE kernel_migrations IN EXCLUSIVE MODE").await?;
    let rows = client.query(migrate::APPLIED, &[]).await?;
    let applied = rows.iter().map(|row| Ok(((row.try_get(0)?, row.try_get(1)?), row.try_get(2)?)));
    let applied = applied.collect::<std::result::Result<migrate::Applied, tokio_postgres::Error>>()?;
    for step in migrate::missing(schema, Dialect::Postgres, applied)? {
        let failed = |cause: tokio_postgres::Error| step.failed(message(&cause));
        client.batch_execute(&step.sql).await.map_err(failed)?;
        for (table, reading) in &step.agency_tables {
            client.batch_execute(&policy(table, *reading)).await.map_err(failed)?;
        }
        let now = migrate::now();
        client
            .execute(migrate::REMEMBER, &[&step.module, &step.name, &step.hash, &now])
            .await
            .map_err(failed)?;
    }
    role(client, tenant).await
}

/// Only rows of the agencies in `app.scope` are seen or changed; a new row may be for anybody. Each setting
/// stands in a query of its own, so that it is read once a statement and not once a row.
fn policy(table: &str, reading: Reading) -> String {
    let within = "((SELECT current_setting('app.scope', true)) = '*'
            OR agency_id = ANY (CAST((SELECT string_to_array(
                nullif(current_setting('app.scope', true), '*'), ',')) AS uuid[])))";
    let policies = match reading {
        Reading::Scoped => format!("CREATE POLICY scope ON {table} USING {within} WITH CHECK (true)"),
        Reading::ByAll => format!(
            "CREATE POLICY seen ON {table} FOR SELECT USING (true);
             CREATE POLICY new ON {table} FOR INSERT WITH CHECK (true);
             CREATE POLICY scope ON {table} FOR UPDATE USING {within} WITH CHECK (true);
             CREATE POLICY gone ON {table} FOR DELETE USING {within}"
        ),
    };
    format!(
        "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
         ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
         {policies}"
    )
}

/// Row-level security does not bind a superuser. When the login is one, transactions run as a role that is
/// none; a plain login is bound as it is.
async fn role(client: &Object, tenant: &str) -> std::result::Result<Option<String>, Failed> {
    let exempt = "SELECT 1 FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND rolname =";
    if found(client, &format!("{exempt} current_user")).await? == 0 {
        return Ok(None);
    }
    let role = format!("vanlang_app_{tenant}");
    if found(client, &format!("SELECT 1 FROM pg_roles WHERE rolname = '{role}'")).await? == 0 {
        let create = format!("CREATE ROLE \"{role}\" NOLOGIN; GRANT \"{role}\" TO CURRENT_USER");
        client.batch_execute(&create).await?;
    }
    if found(client, &format!("{exempt} '{role}'")).await? > 0 {
        return Err(Error::internal(format!("the role {role} must not be exempt from row security")).into());
    }
    let grant = format!(
        "GRANT USAGE ON SCHEMA \"{tenant}\" TO \"{role}\";
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"{tenant}\" TO \"{role}\";
         REVOKE INSERT, UPDATE, DELETE ON kernel_migrations FROM \"{role}\""
    );
    client.batch_execute(&grant).await?;
    Ok(Some(role))
}

async fn found(client: &Object, query: &str) -> std::result::Result<usize, tokio_postgres::Error> {
    let answer = client.simple_query(query).await?;
    Ok(answer.iter().filter(|message| matches!(message, SimpleQueryMessage::Row(_))).count())
}
