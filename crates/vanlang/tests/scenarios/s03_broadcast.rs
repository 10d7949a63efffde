//! S3: the province writes to 13 districts and 277 communes at once.

use crate::invariants::{self, on_postgres};
use crate::story::{brought_out, drafted, lock, pdf, recipients, rows, settle_province};
use std::collections::BTreeMap;
use std::time::Instant;
use testkit::{Attachment, Town};

const SUBJECT: &str = "phòng, chống rét cho cây trồng, vật nuôi";

/// Writes to all; answers the page.
fn written_to_all(town: &Town) -> String {
    let main = pdf("Cong van phong chong ret", 500_000);
    let file = Attachment { field: "main", name: "phong-chong-ret.pdf", bytes: &main };
    let to = [("groups", "districts"), ("groups", "communes")];
    let page = drafted(town, "Phú Thọ", (SUBJECT, &to), &[file]);
    brought_out(town, "Phú Thọ", &page);
    page
}

fn counted(town: &Town, page: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for (_, status, _) in recipients(&town.clerk("Phú Thọ"), page) {
        *counts.entry(status).or_default() += 1;
    }
    counts
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn one_letter_to_290_agencies(town: Town) {
        settle_province(&town, 13, 277);
        let page = written_to_all(&town);
        let clerk = town.clerk("Phú Thọ");
        clerk.get(&format!("{page}/tracking")).sees("0 trên 290 nơi đã nhận");
        let began = Instant::now();
        town.settle();
        let seconds = began.elapsed().as_secs();
        assert!(seconds < 60, "all 290 answers took {seconds} s, postgres: {}", on_postgres(&town));
        assert_eq!(counted(&town, &page), BTreeMap::from([("arrived".to_owned(), 290)]));
        clerk.get(&format!("{page}/tracking")).sees("290 trên 290 nơi đã nhận");
        clerk.get(&format!("{page}/tracking.csv")).ok().sees("000.38.31.H44");
        clerk.get("/documents/outgoing?status=issued").sees("290/290");
        town.clerk("Hùng Lô").get("/documents/incoming").sees(SUBJECT);
        invariants::hold(&town);

        // One sequence of bytes serves the sender and all who received it: without it nobody has the file.
        let files: Vec<(String,)> = rows(&town, "phutho", "SELECT sha256 FROM platform_files WHERE {scope}");
        assert_eq!(files.len(), 291);
        assert!(files.iter().all(|(sha256,)| *sha256 == files[0].0));
        let store = town.server().tenant("phutho").unwrap().files.clone();
        store.remove(&files[0].0).unwrap();
        assert!(town.wait(store.get(&files[0].0)).is_err(), "a second copy is on disk");
    }

    fn one_agency_that_cannot_be_reached_is_one_of_290(town: Town) {
        settle_province(&town, 13, 277);
        let page = written_to_all(&town);
        lock(&town, "000.26.42.H44", true);
        town.settle();
        let wanted = [("arrived".to_owned(), 289), ("failed".to_owned(), 1)];
        assert_eq!(counted(&town, &page), BTreeMap::from(wanted));
        let clerk = town.clerk("Phú Thọ");
        let tracking = clerk.get(&format!("{page}/tracking"));
        tracking.sees("289 trên 290 nơi đã nhận").sees("xã Bảo Yên chưa nhận được văn bản").sees("Gửi lỗi");
        clerk.get("/documents/outgoing?status=issued").sees("289/290");
        clerk.get("/").sees("Gửi lại nơi chưa nhận");
        invariants::hold(&town);

        // Unlocked and sent again, all have it.
        lock(&town, "000.26.42.H44", false);
        clerk.get(&format!("{page}/tracking"));
        clerk.post(&format!("{page}/resend"), &[]).ok();
        town.settle();
        clerk.get(&format!("{page}/tracking")).sees("290 trên 290 nơi đã nhận");
        invariants::hold(&town);
    }
}
