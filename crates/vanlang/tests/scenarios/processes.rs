//! Two processes on one PostgreSQL database.

use base::{Date, Instant};
use contracts::{Document, Party, Sealed, Signer};
use engine::config::Antivirus;
use engine::db::{Db, Schema};
use engine::{Config, Parts, Server, TenantParts};
use kernel::Sql;
use platform::exchange;
use platform::tasks::{self, NewTask, Owner};
use std::sync::Arc;
use testkit::{Engine, TENANTS, Town};
use vanlang::modules::all as modules;

const LETTERS: usize = 30;

fn letter(number: usize, to: &[Party]) -> Document {
    Document {
        document_id: format!("000.00.00.H44,2017/10/13,{number}/UBND-KSTT"),
        number: number.to_string(),
        notation: "UBND-KSTT".to_owned(),
        place: "Phú Thọ".to_owned(),
        promulgated: Date::parse("2017-10-13").unwrap(),
        type_name: "Công văn".to_owned(),
        subject: format!("Kiểm tra cải cách thủ tục lần {number}"),
        text: String::new(),
        signer: Signer {
            competence: String::new(),
            position: "Chủ tịch".to_owned(),
            name: "Kiều Đình Khải".to_owned(),
        },
        due: None,
        urgency: 0,
        pages: 1,
        to: to.to_vec(),
        to_places: Vec::new(),
        response_for: Vec::new(),
        forwards: None,
        business: contracts::Business::New,
        trace: Vec::new(),
        attachments: Vec::new(),
    }
}

/// Another process: pools, caches and loops of its own, the same databases and files.
fn another(town: &Town, url: &str) -> Arc<Server> {
    let mut tenants = Vec::new();
    for (name, title) in TENANTS {
        let sql = Sql::new("SELECT CAST(current_schema() AS TEXT)", file!());
        let schema = town.read(name, move |cx| cx.one::<(String,)>(&sql, &[])).0;
        let db = town.wait(Db::open(url, &schema, &Schema::of(&modules()))).unwrap();
        let files = town.server().tenant(name).unwrap().files.clone();
        let (name, title) = ((*name).to_owned(), (*title).to_owned());
        tenants.push(TenantParts { name, title, demo: false, db, files });
    }
    let parts = Parts {
        config: Config { antivirus: Antivirus::None, ..Config::default() },
        modules: modules(),
        texts: vanlang::app::texts(&modules()).unwrap(),
        clock: Arc::clone(&town.server().clock),
        chance: engine::system_chance,
        tenants,
        async_jobs: Vec::new(),
        node: None,
    };
    town.wait(Server::new(parts)).unwrap()
}

/// Deliveries and jobs a process does until it finds none.
async fn worked(server: Arc<Server>, now: Instant) -> (usize, usize) {
    let (mut carried, mut ran) = (0, 0);
    loop {
        let mut all = server.pump(now).await.unwrap();
        carried += all;
        for (tenant, _) in TENANTS {
            let jobs = server.run_jobs(tenant, now).await.unwrap();
            ran += jobs;
            all += jobs;
        }
        if all == 0 {
            return (carried, ran);
        }
    }
}

#[test]
fn two_processes_deliver_each_envelope_and_run_each_job_once() {
    let Some(engine) = Engine::postgres() else { return };
    let Engine::Postgres(url) = &engine else { return };
    let town = Town::on(&engine, modules());
    let other = another(&town, url);
    let from = town.agency("Phú Thọ").id;
    let places =
        ["Việt Trì", "Thanh Thủy", "Dữu Lâu", "Hùng Lô", "Kim Đức", "Đào Xá", "Bảo Yên", "Tu Vũ", "Hà Nội"];
    let to: Vec<Party> = places
        .iter()
        .map(|place| town.agency(place).data)
        .map(|data| Party { code: data.code.to_owned(), name: data.name.to_owned() })
        .collect();
    let recipients = to.len();
    town.act("phutho", move |cx| {
        for number in 1..=LETTERS {
            exchange::send(cx, from, (Sealed::Document(Box::new(letter(number, &to))), &to, 0))?;
            kernel::jobs::enqueue(
                cx,
                "mail",
                &number.to_string(),
                &serde_json::json!({
                    "to": "mot@example.vn", "subject": "Thư", "body": "Thư",
                }),
            )?;
        }
        cx.record("documents.act.issued", ("outgoing", from), from);
        Ok(())
    });
    let (now, mine) = (town.now(), Arc::clone(town.server()));
    let (one, two) = town.wait(async {
        let (one, two) = (tokio::spawn(worked(mine, now)), tokio::spawn(worked(Arc::clone(&other), now)));
        (one.await.unwrap(), two.await.unwrap())
    });
    town.settle();
    let counted = |tenant: &'static str, text: &'static str| {
        let sql = Sql::new(text, file!());
        town.read(tenant, move |cx| cx.number(&sql, &[]))
    };
    let mut all = 0;
    for (tenant, _) in TENANTS {
        let sent = "SELECT count(*) FROM platform_outbox WHERE {scope} AND state = 'sent' AND attempts = 1";
        let sent = counted(tenant, sent);
        assert_eq!(sent, counted(tenant, "SELECT count(*) FROM platform_outbox WHERE {scope}"), "{tenant}");
        all += usize::try_from(sent).unwrap();
    }
    let arrived = "SELECT count(*) FROM platform_inbox WHERE {scope} AND kind = 'document'";
    let arrived = counted("phutho", arrived) + counted("chinhphu", arrived);
    assert_eq!(usize::try_from(arrived).unwrap(), LETTERS * recipients);
    // Carried once each, by one or by the other: not once by both.
    assert_eq!(one.0 + two.0, all, "{one:?} {two:?}");
    assert!(one.1 + two.1 >= LETTERS, "{one:?} {two:?}");
    assert!(one.0 > 0 && two.0 > 0, "both worked: {one:?} {two:?}");
    drop(other);
}

const LATE: i64 = 40;

/// Late work of an officer, and two turns of the clock that are both queued.
fn late(town: &Town) {
    let (agency, unit) = (town.agency("Phú Thọ").id, town.unit("Phú Thọ", "VX"));
    let officer = town.officer("Phú Thọ").id.unwrap();
    let due = Instant::local(2017, 10, 12, 8, 0).unwrap();
    town.act("phutho", move |cx| {
        for n in 0..LATE {
            let task = NewTask {
                kind: "documents.task.handle",
                subject: ("incoming", cx.new_id::<()>().uuid()),
                title: &format!("việc thứ {n}"),
                detail: "",
                path: "/documents/incoming".to_owned(),
                act_path: None,
                owner: Owner::Person(officer, Some(unit)),
                lead: true,
                urgency: 0,
                due: Some(due),
            };
            tasks::give(cx, agency, &task)?;
        }
        for turn in ["one", "two"] {
            kernel::jobs::enqueue(cx, "documents.escalate", turn, &serde_json::Value::Null)?;
        }
        cx.record("documents.act.issued", ("outgoing", agency), agency);
        Ok(())
    });
}

#[test]
fn two_processes_tell_each_rung_of_late_work_once() {
    let Some(engine) = Engine::postgres() else { return };
    let Engine::Postgres(url) = &engine else { return };
    let town = Town::on(&engine, modules());
    let other = another(&town, url);
    late(&town);
    let (now, mine) = (town.now(), Arc::clone(town.server()));
    town.wait(async {
        let (one, two) = (tokio::spawn(worked(mine, now)), tokio::spawn(worked(Arc::clone(&other), now)));
        (one.await.unwrap(), two.await.unwrap())
    });
    town.settle();
    let counted = |text: &'static str| {
        let sql = Sql::new(text, file!());
        town.read("phutho", move |cx| cx.number(&sql, &[]))
    };
    // Owner, head, leader, and whoever leads the agency.
    assert_eq!(counted("SELECT count(*) FROM documents_escalations WHERE {scope}"), 4 * LATE);
    let told =
        "SELECT count(*) FROM platform_notices WHERE {scope} AND key = 'documents.escalation.notice.late'";
    assert_eq!(counted(told), 4 * LATE, "each is told once, by one process or the other");
}
