//! Văn bản: documents received, drafted, issued and tracked by an agency.

mod actions;
mod model;
mod rights;
mod rules;
mod store;
mod web;

use kernel::{MenuItem, Module, Permission};

/// The manifest.
pub fn module() -> Module {
    Module::new("documents", env!("CARGO_MANIFEST_DIR"))
        .menu(MenuItem {
            section: "documents.menu.section",
            label: "documents.menu.incoming",
            path: "/documents/incoming",
            icon: "inbox",
            right: rights::IncomingRead::ID,
            waiting: None,
        })
        .menu(MenuItem {
            section: "documents.menu.section",
            label: "documents.menu.outgoing",
            path: "/documents/outgoing",
            icon: "send",
            right: rights::OutgoingRead::ID,
            waiting: None,
        })
        .menu(MenuItem {
            section: "documents.menu.section",
            label: "documents.menu.registers",
            path: "/documents/registers/incoming",
            icon: "book",
            right: rights::RegisterRead::ID,
            waiting: None,
        })
        .rules("types", rules::types::TOML)
        .migration("0001_documents", include_str!("../migrations/0001_documents.sql"))
        .texts(
            concat!(
                include_str!("../i18n/vi/incoming.toml"),
                "\n",
                include_str!("../i18n/vi/outgoing.toml"),
                "\n",
                include_str!("../i18n/vi/registers.toml")
            ),
            concat!(
                include_str!("../i18n/en/incoming.toml"),
                "\n",
                include_str!("../i18n/en/outgoing.toml"),
                "\n",
                include_str!("../i18n/en/registers.toml")
            ),
        )
        .routes(|r| {
            web::incoming::routes(r);
            web::outgoing::routes(r);
            web::registers::routes(r);
        })
        .job("envelope.document", actions::arrival::on_document)
        .job("envelope.status", actions::statuses::on_status)
        .job("envelope.undelivered", actions::statuses::on_undelivered)
        .job("document.imported", actions::arrival::on_imported)
}
