//! Mail leaves through a relay, as a job.

use crate::support::Town;
use base::time::Clock;
use engine::Config;
use engine::config::Smtp;
use kernel::{Database, Scope, Sql, q, values};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

static QUEUE: Sql = q!("INSERT INTO kernel_jobs (kind, dedup, payload, run_at, state, attempts, error)
     VALUES ('mail', $1, $2, $3, 'q', 0, '')");

/// A relay that takes one mail and answers what it was given.
fn relay() -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let taken = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let (mut out, mut all, mut data) = (stream.try_clone().unwrap(), String::new(), false);
        out.write_all(b"220 relay\r\n").unwrap();
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            all.push_str(&line);
            all.push('\n');
            let answer = match line.as_str() {
                "." => {
                    data = false;
                    "250 taken"
                }
                _ if data => continue,
                "DATA" => {
                    data = true;
                    "354 go on"
                }
                "QUIT" => break,
                _ => "250 ok",
            };
            out.write_all(format!("{answer}\r\n").as_bytes()).unwrap();
        }
        all
    });
    (address, taken)
}

async fn mails(town: &Town, n: usize) {
    let now = town.clock.now();
    let payload =
        serde_json::json!({ "to": "an@phutho.example", "key": "notes.added", "note": "{}", "path": "/" });
    let queue = move |db: &dyn Database| {
        for one in 0..n {
            db.execute(&QUEUE, values![one.to_string(), payload.to_string(), now])?;
        }
        Ok(())
    };
    town.server.tenant("phutho").unwrap().db.write(Scope::Everything, queue).await.unwrap();
}

async fn waiting(town: &Town, kind: &'static str) -> i64 {
    static WAITING: Sql = q!("SELECT count(*) FROM kernel_jobs WHERE kind = $1");
    let read = move |db: &dyn Database| {
        let mut n = 0_i64;
        db.query(&WAITING, values![kind], &mut |row| {
            n = row.take()?;
            Ok(())
        })?;
        Ok(n)
    };
    town.server.tenant("phutho").unwrap().db.read(Scope::Everything, read).await.unwrap()
}

#[tokio::test]
async fn a_relay_that_says_nothing_holds_up_no_other_work() {
    // It takes every connection and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let smtp = Smtp { server: silent.local_addr().unwrap().to_string(), from: "v@phutho.example".to_owned() };
    let town = Town::with(Config { smtp: Some(smtp), ..Config::default() }).await;
    mails(&town, 40).await;
    let loops = town.server.spawn_jobs();
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    let an = town.signed_in("an").await;
    an.fill("/notes/new", "/notes", &[("title", "việc")]).await;
    let began = std::time::Instant::now();
    while waiting(&town, "notes.echo").await > 0 {
        assert!(
            began.elapsed() < std::time::Duration::from_secs(10),
            "the work of the house waits for a relay"
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(waiting(&town, "mail").await, 40);
    loops.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_relay_that_is_away_for_a_night_is_asked_again_in_the_morning() {
    // Nobody listens there any more.
    let server = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let smtp = Smtp { server, from: "v@phutho.example".to_owned() };
    let town = Town::with(Config { smtp: Some(smtp), ..Config::default() }).await;
    mails(&town, 1).await;
    let begun = town.clock.now();
    let (mut at, mut tries) = (begun, Vec::new());
    while at < begun.plus_days(2) {
        if town.server.run_jobs("phutho", at).await.unwrap() > 0 {
            tries.push(at.since(begun) / 60_000_000);
        }
        at = at.plus_minutes(1);
    }
    assert_eq!(tries, [0, 1, 6, 36, 156, 516, 876, 1236]);
}

#[tokio::test]
async fn a_notice_is_mailed_in_words_with_a_link() {
    let (server, taken) = relay();
    let smtp = Smtp { server, from: "vanlang@phutho.example".to_owned() };
    let origins = vec!["https://phutho.example".to_owned()];
    let town = Town::with(Config { smtp: Some(smtp), origins, ..Config::default() }).await;
    let now = town.clock.now();
    let note = serde_json::json!({ "title": "so 5" }).to_string();
    let payload = serde_json::json!({ "to": "an@phutho.example", "key": "notes.added", "note": note, "path": "/notes/1" });
    let queue =
        move |db: &dyn Database| db.execute(&QUEUE, values!["one", payload.to_string(), now]).map(drop);
    town.server.tenant("phutho").unwrap().db.write(Scope::Everything, queue).await.unwrap();
    assert_eq!(town.server.run_jobs("phutho", now).await.unwrap(), 1);
    let mail = tokio::task::spawn_blocking(|| taken.join().unwrap()).await.unwrap();
    assert!(mail.contains("RCPT TO:<an@phutho.example>"), "{mail}");
    assert!(mail.contains("https://phutho.example/notes/1") && mail.contains("so 5"), "{mail}");
    assert_eq!(town.server.run_jobs("phutho", now.plus_days(1)).await.unwrap(), 0);
}
