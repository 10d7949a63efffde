//! Requests one after the other, for a profiler: prints `ready`, waits for a line, asks, and ends. Not part of the
//! measurements; `docs/benchmarks.md` says how it is used.

use crate::client::{Client, encode, hidden};
use crate::{seed, serve};
use testkit::Town;

const DOCUMENTS: usize = 5_000;
const OPEN: usize = 1_000;

/// `queue`, `desk`, `document` or `register`, so many times.
pub(crate) fn run(what: &str, times: usize) {
    let town = Town::with(vec![documents::module(), desk::module()]);
    let agency = town.agency("Phú Thọ").id;
    seed::documents(&town, agency, (DOCUMENTS, OPEN));
    let clerk = town.clerk("Phú Thọ");
    let port = serve(&town);
    town.wait(async {
        let mut client = Client::connect(port, "phutho").await.unwrap();
        client.sign_in(&clerk.username, clerk.password).await.unwrap();
        let document = format!("/documents/incoming/{}", seed::document(DOCUMENTS - 1));
        let page = client.get(&document).await.unwrap();
        let csrf = encode(&hidden(&page.body, "_csrf").expect("a form token"));
        let path = match what {
            "desk" => "/",
            "document" => &document,
            _ => "/documents/incoming?status=arrived",
        };
        for at in 0..20 + times {
            if at == 20 {
                println!("ready");
                std::io::stdin().read_line(&mut String::new()).unwrap();
            }
            let (answer, wanted) = if what == "register" {
                let path = format!("/documents/incoming/{}/accept", seed::document(DOCUMENTS - OPEN + at));
                (client.post(&path, &format!("_csrf={csrf}")).await.unwrap(), 303)
            } else {
                (client.get(path).await.unwrap(), 200)
            };
            assert_eq!(answer.status, wanted);
        }
    });
}
