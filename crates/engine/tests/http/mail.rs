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
