//! Registering incoming documents through HTTP, durable, by 64 clients, against the storage layer's own
//! rate of three-statement transactions by 64 writers.

use crate::client::{Client, encode, hidden};
use crate::{percentile, report, seed, serve};
use kernel::{Scope, Sql, Value, q};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use testkit::Town;

const CLIENTS: usize = 64;
const TIME: Duration = Duration::from_secs(5);

static COUNT: Sql =
    q!("INSERT INTO platform_counters (agency_id, series, year, n) VALUES ($1, 'bench', 1, 1)
     ON CONFLICT (agency_id, series, year) DO UPDATE SET n = platform_counters.n + 1
     RETURNING n");
static ADD: Sql = q!(
    "INSERT INTO platform_units (id, agency_id, name, symbol, sort, valid_from) VALUES ($1, $2, $3, '', 0, '2017-01-01')"
);
static EDIT: Sql = q!("UPDATE platform_units SET sort = $2 WHERE {scope} AND id = $1");

pub(crate) fn run() {
    let town = Town::with(vec![documents::module(), desk::module()]);
    // Towns are founded without waiting for the disk; here both sides wait.
    town.db("phutho").bulk(false);
    town.wait(town.db("phutho").checkpoint()).unwrap();
    let own = storage(&town);
    let (rate, mut times) = http(&town);
    let share = rate / own;
    let text = format!("{rate:.0}/s; storage alone {own:.0}/s");
    report("register through HTTP, 64 clients", &text, "25 % of storage", (share / 0.25, share >= 0.25));
    let p99 = percentile(&mut times, 99);
    report("register, p99", &format!("{p99:.1} ms"), "100 ms", (p99 / 100.0, p99 <= 100.0));
}

/// The storage layer's own rate.
fn storage(town: &Town) -> f64 {
    let (db, agency) = (town.db("phutho").clone(), town.agency("Phú Thọ").id);
    let done = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    town.wait(async {
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..CLIENTS {
            let (db, done) = (db.clone(), Arc::clone(&done));
            writers.spawn(async move {
                let mut n = 0_usize;
                while began.elapsed() < TIME {
                    n += 1;
                    let id = uuid::Uuid::from_u128((writer as u128) << 64 | n as u128);
                    db.write(Scope::Everything, move |db| {
                        db.query(&COUNT, &[Value::from(agency)], &mut |_| Ok(()))?;
                        let name = Value::from("Phòng đo tốc độ");
                        db.execute(&ADD, &[Value::from(id), Value::from(agency), name])?;
                        db.execute(&EDIT, &[Value::from(id), Value::from(1_i64)])
                    })
                    .await
                    .unwrap();
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        writers.join_all().await;
    });
    done.load(Ordering::Relaxed) as f64 / began.elapsed().as_secs_f64()
}

/// Documents registered a second, and how long each took.
fn http(town: &Town) -> (f64, Vec<Duration>) {
    let total = 60_000;
    let agency = town.agency("Phú Thọ").id;
    seed::documents(town, agency, (total, total));
    let clerk = town.clerk("Phú Thọ");
    let port = serve(town);
    let next = Arc::new(AtomicUsize::new(0));
    town.wait(async {
        let mut first = Client::connect(port, "phutho").await.unwrap();
        first.sign_in(&clerk.username, clerk.password).await.unwrap();
        let page = first.get(&format!("/documents/incoming/{}", seed::document(0))).await.unwrap();
        let csrf = encode(&hidden(&page.body, "_csrf").expect("a form token"));
        let began = Instant::now();
        let mut clients = tokio::task::JoinSet::new();
        for _ in 0..CLIENTS {
            let (next, session, csrf) = (Arc::clone(&next), first.session(), csrf.clone());
            clients.spawn(async move {
                let mut client = Client::connect(port, "phutho").await.unwrap().with_session(&session);
                let mut times = Vec::new();
                while began.elapsed() < TIME {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    let path = format!("/documents/incoming/{}/accept", seed::document(n));
                    let answer = client.post(&path, &format!("_csrf={csrf}")).await.unwrap();
                    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
                    times.push(answer.took);
                }
                times
            });
        }
        // Time passes as it does outside: ids are born in order, and lie side by side.
        let start = town.now();
        let times = tokio::select! {
            times = clients.join_all() => times,
            () = async { loop {
                tokio::time::sleep(Duration::from_millis(1)).await;
                town.set_clock(base::Instant::from_micros(start.micros() + i64::try_from(began.elapsed().as_micros()).unwrap()));
            } } => Vec::new(),
        };
        let times: Vec<Duration> = times.into_iter().flatten().collect();
        (times.len() as f64 / began.elapsed().as_secs_f64(), times)
    })
}
