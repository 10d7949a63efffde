//! Stories with real programs of others: a mail server, and a program that knows the API only by its
//! description and tries everything that may break it.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a story stops at the first surprise, and says what it skips"
)]

use base::PersonId;
use engine::config::{Config, Smtp};
use engine::{Parts, Server, TenantParts};
use platform::notify::{self, Say};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use testkit::Town;

#[expect(
    clippy::disallowed_methods,
    reason = "the chore that runs the tests starts these programs and says where"
)]
fn told(name: &str) -> Option<String> {
    let value = std::env::var(name).ok().filter(|value| !value.is_empty());
    if value.is_none() {
        println!("skipped: {name} is not set");
    }
    value
}

fn modules() -> Vec<kernel::Module> {
    vec![desk::module(), documents::module(), admin::module()]
}

#[test]
fn a_notice_reaches_the_mailbox_of_its_reader() {
    let (Some(url), Some(mailbox)) = (told("VANLANG_TEST_SMTP"), told("VANLANG_TEST_MAILBOX")) else {
        return;
    };
    let town = Town::with(modules());
    let officer = town.officer("Phú Thọ");
    let (person, agency): (PersonId, _) = (officer.id.unwrap(), town.agency("Phú Thọ").id);
    let head = town.head("Phú Thọ").id.unwrap();
    let symbol = format!("{}/VPCP-KSTT", std::process::id());
    let values = [("symbol", symbol.clone()), ("subject", "đơn vị".to_owned())];
    town.act("phutho", move |cx| {
        let say = Say { key: "documents.notice.to_handle", values: &values, path: "/documents/incoming" };
        platform::people::set_language(cx, head, "en")?;
        notify::tell(cx, agency, person, &say)?;
        notify::tell(cx, agency, head, &say)?;
        cx.record("documents.act.assigned", ("person", person), agency);
        Ok(())
    });
    let server = with_relay(&town, url.trim_start_matches("smtp://"));
    town.wait(server.run_jobs("phutho", town.now())).unwrap();
    let letters: Vec<String> = std::fs::read_dir(PathBuf::from(mailbox).join("new"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let decoded: Vec<String> = letters.iter().map(|letter| letter.replace("=\n", "")).collect();
    let ours: Vec<&String> = decoded.iter().filter(|letter| letter.contains(&symbol)).collect();
    assert_eq!(ours.len(), 2, "{} letters: {decoded:#?}", decoded.len());
    // Each in the language its reader chose.
    let english = ours.iter().filter(|letter| letter.contains("You handle document")).count();
    assert_eq!(english, 1, "{ours:#?}");
}

/// The same tenant served by a process that knows a mail relay.
fn with_relay(town: &Town, relay: &str) -> Arc<Server> {
    let tenant = town.server().tenant("phutho").unwrap();
    let parts = Parts {
        config: Config {
            smtp: Some(Smtp { server: relay.to_owned(), from: "vanlang@phutho.example".to_owned() }),
            ..Config::default()
        },
        modules: vec![kernel::module(), platform::module(), desk::module(), documents::module()],
        texts: vanlang::app::texts(&vanlang::modules::all()).unwrap(),
        clock: Arc::clone(&town.server().clock),
        chance: engine::system_chance,
        tenants: vec![TenantParts {
            name: "phutho".to_owned(),
            title: "Phú Thọ".to_owned(),
            demo: false,
            db: tenant.db.clone(),
            files: tenant.files.clone(),
        }],
        async_jobs: Vec::new(),
        node: None,
    };
    town.wait(Server::new(parts)).unwrap()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the other program is a process of its own")]
fn nothing_the_description_of_the_api_allows_breaks_the_server() {
    let Some(program) = told("VANLANG_TEST_SCHEMATHESIS") else { return };
    let town = Town::with(modules());
    let clerk = town.clerk("Phú Thọ");
    let texts = vanlang::app::texts(&vanlang::modules::all()).unwrap();
    let cx = vanlang::app::founding(texts, "phutho", town.server().clock.as_ref());
    let db = town.db("phutho").clone();
    let token = town.wait(vanlang::upkeep::issue_token(&db, cx, (&clerk.username, 30))).unwrap();
    let server = Arc::clone(town.server());
    let port = town.wait(async {
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { server.serve_on(listener, std::future::pending()).await });
        port
    });
    let output = std::process::Command::new(program)
        .arg("run")
        .arg(format!("http://127.0.0.1:{port}/api/openapi.json"))
        .args(["--header", &format!("Authorization: Bearer {token}")])
        .args(["--checks", "not_a_server_error", "--max-examples", "8", "--generation-deterministic"])
        .args(["--phases", "examples,coverage,fuzzing", "--request-timeout", "20", "--no-color"])
        .current_dir(tempfile::tempdir().unwrap().path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("passed"), "it tried something: {said}");
}
