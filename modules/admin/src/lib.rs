//! Quản trị: the directory, people, rights, the audit log, and the health of the queues.

mod actions;
mod model;
mod rights;
mod rules;
mod web;

use crate::rights::{
    AdminAudit, AdminDoors, AdminHealth, AdminOrganisation, AdminPeople, AdminRights, AdminSigners,
};
use crate::web::{
    agencies, agency_forms, audit, axis, harmful, health, journal, mailbox, nodes, people, person_form,
    roles, signers, troubles, webhooks,
};
use kernel::{MenuItem, Module, Permission, Routes, topics};
use platform::outside;

/// The module.
pub fn module() -> Module {
    Module::new("admin", env!("CARGO_MANIFEST_DIR"))
        .menu(item(("admin.menu.agencies", "/admin/agencies"), "agency", AdminOrganisation::ID))
        .menu(item(("admin.menu.people", "/admin/people"), "users", AdminPeople::ID))
        .menu(item(("admin.menu.signers", "/admin/signers"), "pen", AdminSigners::ID))
        .menu(item(("admin.menu.rights", "/admin/rights"), "key", AdminRights::ID))
        .menu(item(("admin.menu.mailbox", "/admin/mailbox"), "inbox", AdminDoors::ID))
        .menu(item(("admin.menu.axis", "/admin/axis"), "agency", AdminDoors::ID))
        .menu(item(("admin.menu.webhooks", "/admin/webhooks"), "send", AdminDoors::ID))
        .menu(item(("admin.menu.audit", "/admin/audit"), "book", AdminAudit::ID))
        .menu(item(("admin.menu.journal", "/admin/journal"), "stamp", AdminAudit::ID))
        .menu(MenuItem {
            waiting: Some(troubles::waiting),
            ..item(("admin.menu.troubles", "/admin/troubles"), "alert", AdminHealth::ID)
        })
        .menu(MenuItem {
            waiting: Some(nodes::waiting),
            ..item(("admin.menu.nodes", "/admin/nodes"), "link", AdminHealth::ID)
        })
        .menu(item(("admin.menu.health", "/admin/health"), "chart", AdminHealth::ID))
        .help(topics! {
            "agencies" for [
                "/admin/agencies", "/admin/agencies/new", "/admin/agencies/{id}", "/admin/agencies/{id}/edit",
                "/admin/agencies/{id}/end", "/admin/agencies/{id}/units/new"
            ];
            "people" for ["/admin/people", "/admin/people/new", "/admin/people/{id}"];
            "signers" for ["/admin/signers", "/admin/signers/new"];
            "rights" for ["/admin/rights"];
            "mailbox" for ["/admin/mailbox"];
            "axis" for ["/admin/axis"];
            "webhooks" for ["/admin/webhooks"];
            "audit" for ["/admin/audit"];
            "journal" for ["/admin/journal", "/admin/journal/{id}/evidence"];
            "troubles" for ["/admin/troubles"];
            "nodes" for ["/admin/nodes"];
            "health" for ["/admin/health"];
        })
        .texts(include_str!("../i18n/vi.toml"), include_str!("../i18n/en.toml"))
        .routes(routes)
}

const fn item(
    (label, path): (&'static str, &'static str),
    icon: &'static str,
    right: &'static str,
) -> MenuItem {
    MenuItem { section: "admin.menu", label, path, icon, right, waiting: None }
}

fn routes(r: &mut Routes) {
    r.get("/admin/agencies", agencies::list);
    r.get("/admin/agencies/options", agencies::options);
    r.get("/admin/agencies/new", agency_forms::new);
    r.post("/admin/agencies/new", agency_forms::add)
        .form::<agency_forms::NewAgencyForm>()
        .page("/admin/agencies/new");
    r.get("/admin/agencies/{id}", agencies::show);
    r.get("/admin/agencies/{id}/edit", agency_forms::edit_page);
    r.post("/admin/agencies/{id}/edit", agency_forms::edit)
        .form::<agency_forms::EditAgencyForm>()
        .page("/admin/agencies/{id}/edit");
    r.get("/admin/agencies/{id}/end", agency_forms::end_page);
    r.post("/admin/agencies/{id}/end", agency_forms::end)
        .form::<agency_forms::EndAgencyForm>()
        .page("/admin/agencies/{id}/end");
    r.get("/admin/agencies/{id}/units/new", agency_forms::unit_page);
    r.post("/admin/agencies/{id}/units/new", agency_forms::add_unit)
        .form::<agency_forms::UnitForm>()
        .page("/admin/agencies/{id}/units/new");

    r.get("/admin/people", people::list);
    r.get("/admin/people/new", person_form::new);
    r.post("/admin/people/new", person_form::add).form::<person_form::PersonForm>().page("/admin/people/new");
    r.get("/admin/people/{id}", people::show);
    r.post("/admin/people/{id}/lock", people::lock).page("/admin/people/{id}");
    r.post("/admin/people/{id}/unlock", people::unlock).page("/admin/people/{id}");
    r.post("/admin/people/{id}/invite", people::invite).page("/admin/people/{id}");
    r.post("/admin/people/{id}/end-post", people::end_post)
        .form::<people::EndPostForm>()
        .page("/admin/people/{id}");

    doors(r);

    r.get("/admin/rights", roles::show);
    r.post("/admin/rights", roles::change).page("/admin/rights");
    r.get("/admin/audit", audit::list);
    r.get("/admin/audit/export", audit::export);
    r.get("/admin/journal", journal::list);
    r.get("/admin/journal/{id}/evidence", journal::export);
    r.get("/admin/troubles", troubles::show);
    r.post("/admin/jobs/{id}/retry", troubles::retry_job);
    r.post("/admin/deliveries/retry", troubles::retry_delivery)
        .form::<troubles::RetryForm>()
        .page("/admin/troubles");
    r.post("/admin/files/destroy", harmful::destroy).form::<harmful::DestroyForm>().page("/admin/troubles");
    r.get("/admin/nodes", nodes::show);
    r.get("/admin/health", health::show);
    r.data("/admin/health", health::data);
}

/// Where an agency meets the outside: its mail box, programs of others, its signatures.
fn doors(r: &mut Routes) {
    r.get("/admin/mailbox", mailbox::show);
    r.post("/admin/mailbox/keep", mailbox::keep).form::<mailbox::MailboxForm>().page("/admin/mailbox");
    r.post("/admin/mailbox/test", mailbox::test).form::<mailbox::TestForm>().page("/admin/mailbox");

    r.get("/admin/axis", axis::show);
    r.post("/admin/axis/keep", axis::keep).form::<axis::AxisForm>().page("/admin/axis");
    r.post("/admin/axis/test", axis::test).form::<axis::TestForm>().page("/admin/axis");

    r.get("/admin/webhooks", webhooks::show);
    r.post("/admin/webhooks/add", webhooks::add).form::<webhooks::WebhookForm>().page("/admin/webhooks");
    r.post("/admin/webhooks/{id}/switch", webhooks::switch).page("/admin/webhooks");
    r.post("/admin/webhooks/calls/{id}/again", webhooks::again).page("/admin/webhooks");

    r.get("/admin/signers", signers::list);
    r.get("/admin/signers/new", signers::new);
    outside::route(r, "/admin/signers/new", signers::ENTER)
        .form::<signers::SignerForm>()
        .page("/admin/signers/new");
    r.post("/admin/signers/{id}/remove", signers::remove).page("/admin/signers");
    r.post("/admin/signers/{id}/unlock", signers::unlock).page("/admin/signers");
}
