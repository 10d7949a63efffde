//! Hồ sơ, lưu trữ: the dossiers of an agency, from the catalogue of the year to the archive and the end of their time.

mod actions;
mod model;
mod rights;
mod rules;
mod store;
mod web;

use kernel::{Extra, MenuItem, Module, Permission, Topic, topics};

/// Its pages of help.
const HELP: &[Topic] = topics! {
    "catalogues" for [
        "/archives/catalogues", "/archives/catalogues/new", "/archives/catalogues/{id}", "/archives/lines/{id}"
    ];
    "dossiers" for [
        "/archives/dossiers", "/archives/dossiers/new", "/archives/dossiers/{id}", "/archives/dossiers/{id}/edit",
        "/archives/dossiers/{id}/contents", "/archives/dossiers/{id}/upload", "/archives/entries/{id}",
        "/archives/exports/{id}", "/archives/copies/{id}"
    ];
    "filing" for ["/archives/file"];
    "handovers" for ["/archives/handovers", "/archives/handovers/{id}"];
    "destructions" for ["/archives/destructions", "/archives/destructions/{id}"];
};

/// The manifest.
pub fn module() -> Module {
    let place = |label, path, icon, right| MenuItem {
        section: "archives.menu.section",
        label,
        path,
        icon,
        right,
        waiting: None,
    };
    let extra = |on, path| Extra {
        on,
        label: "archives.file.title",
        path,
        icon: "folder",
        right: rights::DossierKeep::ID,
    };
    Module::new("archives", env!("CARGO_MANIFEST_DIR"))
        .menu(place("archives.menu.dossiers", "/archives/dossiers", "folder", rights::DossierRead::ID))
        .menu(place("archives.menu.catalogues", "/archives/catalogues", "book", rights::CatalogueRead::ID))
        .menu(MenuItem {
            waiting: Some(web::handovers::waiting),
            ..place("archives.menu.handovers", "/archives/handovers", "inbox", rights::DossierRead::ID)
        })
        .menu(place("archives.menu.destructions", "/archives/destructions", "trash", rights::ArchiveRead::ID))
        .rules("handover", rules::handover::TOML)
        .migration("0001_archives", include_str!("../migrations/0001_archives.sql"))
        .migration("0002_paper", include_str!("../migrations/0002_paper.sql"))
        .migration("0003_limited_found", include_str!("../migrations/0003_limited_found.sql"))
        .help(HELP)
        .texts(include_str!("../i18n/vi.toml"), include_str!("../i18n/en.toml"))
        .routes(|r| {
            web::catalogues::routes(r);
            web::dossiers::routes(r);
            web::entries::routes(r);
            web::contents::routes(r);
            web::export::routes(r);
            web::copies::routes(r);
            web::print::routes(r);
            web::filing::routes(r);
            web::keeping::routes(r);
            web::handovers::routes(r);
            web::destructions::routes(r);
        })
        .asks::<contracts::IncomingFacts>()
        .asks::<contracts::OutgoingFacts>()
        .extra(extra("incoming", "/archives/file?incoming="))
        .extra(extra("outgoing", "/archives/file?outgoing="))
        .daily("archives.day", actions::daily::run)
}
