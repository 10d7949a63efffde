//! Bàn làm việc: what waits for me, what I am told, what I can find, and my own settings.

mod actions;
mod model;
mod rules;
mod store;
mod web;

use crate::web::delegation::DelegationForm;
use crate::web::pin::PinForm;
use crate::web::saved::{ChangeForm, KeepForm};
use kernel::{Module, Permission, Queue, SignedIn, topics};

/// The module.
pub fn module() -> Module {
    Module::new("desk", env!("CARGO_MANIFEST_DIR"))
        .queue(Queue {
            section: "",
            label: "desk.menu.home",
            path: "/",
            icon: "inbox",
            kind: "",
            right: SignedIn::ID,
            quiet: false,
        })
        .migration("0001_desk", include_str!("../migrations/0001_desk.sql"))
        .texts(include_str!("../i18n/vi.toml"), include_str!("../i18n/en.toml"))
        .help(topics! {
            "home" for ["/"];
            "notices" for ["/notices"];
            "search" for ["/search", "/search/saved/{id}"];
            "delegation" for ["/settings/delegation"];
            "devices" for ["/settings/devices"];
            "settings" for ["/settings", "/settings/security", "/settings/pin"];
        })
        .routes(|r| {
            r.get("/", web::home::home);
            r.get("/notices", web::notices::list);
            r.post("/notices/read", web::notices::read);
            r.get("/search", web::search::page);
            r.get("/search/suggest", web::search::suggest);
            r.data("/search", web::search::data);
            r.data("/search/saved", web::saved::data);
            r.post("/search/saved", web::saved::keep).form::<KeepForm>().page("/search");
            r.post("/search/saved/{id}", web::saved::change).form::<ChangeForm>().page("/search/saved/{id}");
            r.get("/search/saved/{id}", web::saved::edit);
            r.post("/search/saved/{id}/forget", web::saved::forget);
            r.get("/settings", web::settings::show);
            r.get("/settings/pin", web::pin::show);
            platform::outside::route(r, "/settings/pin", web::pin::CHANGE)
                .form::<PinForm>()
                .page("/settings/pin");
            r.get("/settings/delegation", web::delegation::show);
            r.post("/settings/delegation", web::delegation::begin)
                .form::<DelegationForm>()
                .page("/settings/delegation");
            r.post("/settings/delegation/{id}/end", web::delegation::end);
        })
        .daily(actions::DAY, actions::begin_day)
        .job(actions::LOOK, actions::look)
}
