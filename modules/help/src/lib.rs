//! Trợ giúp: a page of help for each screen, and a first day for each role.

mod pictures;
mod rules;
mod web;

use kernel::{Module, topics};

/// The module.
pub fn module() -> Module {
    Module::new("help", env!("CARGO_MANIFEST_DIR"))
        .texts(include_str!("../i18n/vi.toml"), include_str!("../i18n/en.toml"))
        .help(topics! {
            "tour-clerk" for [];
            "tour-leader" for [];
            "tour-head" for [];
            "tour-officer" for [];
            "tour-archivist" for [];
            "tour-admin" for [];
            "sign-in" for ["/sign-in", "/help", "/help/{name}"];
        })
        .routes(|r| {
            r.get("/help", web::index);
            r.get("/help/{name}", web::topic);
            r.get("/help/{name}/picture.webp", web::picture);
        })
}
