#![doc = include_str!("../README.md")]

pub mod connectors;
pub mod evidence;
pub mod exchange;
pub mod files;
pub mod homes;
pub mod identity;
pub mod links;
pub mod mailboxes;
pub mod nodes;
pub mod notify;
pub mod numbering;
pub mod organisations;
pub mod outside;
pub mod packets;
pub mod people;
pub mod push;
pub mod relays;
pub mod scans;
pub mod search;
pub mod sessions;
pub mod signers;
pub mod tasks;
pub mod uploads;
pub mod webhooks;

/// The platform's tables, texts and background work.
pub fn module() -> kernel::Module {
    let module = kernel::Module::new("platform", env!("CARGO_MANIFEST_DIR"))
        .migration("0001_platform", include_str!("../migrations/0001_platform.sql"))
        .migration("0002_sessions", include_str!("../migrations/0002_sessions.sql"))
        .migration("0003_signers", include_str!("../migrations/0003_signers.sql"))
        .holds_files(&signers::IN_PICTURES)
        .migration("0005_mailroom", include_str!("../migrations/0005_mailroom.sql"))
        .migration("0006_webhooks", include_str!("../migrations/0006_webhooks.sql"))
        .migration("0007_push", include_str!("../migrations/0007_push.sql"))
        .migration("0009_open_tasks", include_str!("../migrations/0009_open_tasks.sql"))
        .migration("0010_nodes", include_str!("../migrations/0010_nodes.sql"))
        .migration("0011_delivery", include_str!("../migrations/0011_delivery.sql"))
        .migration("0012_evidence", include_str!("../migrations/0012_evidence.sql"))
        .holds_files(&relays::IN_RELAYS)
        .migration("0013_connectors", include_str!("../migrations/0013_connectors.sql"))
        .migration("0015_unsent", include_str!("../migrations/0015_unsent.sql"))
        .job(tasks::OPENED_JOB, tasks::on_opened)
        .texts(include_str!("../i18n/vi.toml"), include_str!("../i18n/en.toml"));
    uploads::HELD.iter().fold(module, |module, sql| module.holds_files(sql))
}
