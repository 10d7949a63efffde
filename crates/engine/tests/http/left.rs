//! What a page leaves to be done, and what the clock does every few minutes.

use crate::support::Town;
use base::Instant;
use base::time::Clock;

/// A note with this title; answers its page.
async fn noted(town: &Town, title: &str) -> String {
    let an = town.signed_in("an").await;
    let page = an.get("/notes/new").await;
    let (csrf, once) = (page.input("_csrf"), page.input("_once"));
    let answer = an.post("/notes", &[("_csrf", &csrf), ("_once", &once), ("title", title)]).await;
    town.server.run_jobs("phutho", town.clock.now()).await.unwrap();
    answer.location().to_owned()
}

#[tokio::test]
async fn a_page_that_was_read_leaves_its_job_and_one_that_was_not_found_leaves_none() {
    let town = Town::new().await;
    let page = noted(&town, "nhìn").await;
    let (an, now) = (town.signed_in("an").await, town.clock.now());
    // Twice before the job runs is one job.
    assert!(an.get(&page).await.text.contains("nhìn"));
    an.get(&page).await;
    assert!(!an.get("/notes").await.text.contains("đã nhìn"), "reading itself changes nothing");
    assert_eq!(town.server.run_jobs("phutho", now).await.unwrap(), 1);
    assert_eq!(an.get("/notes").await.text.matches("đã nhìn").count(), 1);
    an.get("/notes/00000000-0000-0000-0000-000000000000").await;
    assert_eq!(town.server.run_jobs("phutho", now).await.unwrap(), 0);
}

#[tokio::test]
async fn work_of_every_five_minutes_is_queued_at_such_minutes_once() {
    let town = Town::new().await;
    noted(&town, "một").await;
    let at = |minute| Instant::local(2017, 10, 16, 9, minute).unwrap();
    let mut ran = Vec::new();
    for minute in [3, 4, 5, 5, 6, 10] {
        town.server.begin_minute("phutho", at(minute)).await.unwrap();
    }
    ran.push(town.server.run_jobs("phutho", at(10)).await.unwrap());
    town.server.begin_minute("phutho", at(11)).await.unwrap();
    ran.push(town.server.run_jobs("phutho", at(11)).await.unwrap());
    assert_eq!(ran, [2, 0]);
}
