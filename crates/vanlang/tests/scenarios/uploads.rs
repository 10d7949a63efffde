//! Files that came in with a form that was never sent do not stay; files a row names do, whatever the hour.

use crate::story::rows;
use engine::files::Store;
use testkit::{Attachment, Page, Person, Town};

const NAMED: &str = "SELECT sha256 FROM platform_files WHERE {scope} ORDER BY added_at, id";
const NOTED: &str = "SELECT sha256 FROM platform_uploads ORDER BY at";

fn fields(symbol: &str) -> Vec<(&str, &str)> {
    vec![
        ("from_name", "Bộ Nội vụ"),
        ("symbol", symbol),
        ("promulgated", "2017-10-12"),
        ("type_name", "Giấy mời"),
    ]
}

/// A scan comes in with a form that lacks its subject: the form comes back, and the file waits.
fn half_sent(clerk: &Person<'_>, symbol: &str, content: &str) {
    clerk.get("/documents/incoming/new").ok();
    let scan = Attachment { field: "files", name: "quet.txt", bytes: content.as_bytes() };
    clerk.post_files("/documents/incoming", &fields(symbol), &[scan]).is(422);
}

fn sent(clerk: &Person<'_>) -> Page {
    clerk.post("/documents/incoming", &[("subject", "Mời họp giao ban")])
}

fn collect(town: &Town) -> usize {
    town.wait(town.server().collect_files("phutho", town.now())).unwrap()
}

fn store(town: &Town) -> Store {
    town.server().tenant("phutho").unwrap().files.clone()
}

fn noted(town: &Town) -> Vec<String> {
    rows::<(String,)>(town, "phutho", NOTED).into_iter().map(|(sha256,)| sha256).collect()
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn a_file_nobody_sent_is_gone_after_a_day_and_not_before(town: Town) {
        let clerk = town.clerk("Việt Trì");
        half_sent(&clerk, "1/GM-BNV", "một tờ");
        let [file] = &noted(&town)[..] else { panic!("one file is noted") };
        town.pass_minutes(24 * 60 - 1);
        assert_eq!(collect(&town), 0);
        assert!(store(&town).has(file));
        town.pass_minutes(30);
        assert_eq!(collect(&town), 1);
        assert!(!store(&town).has(file) && noted(&town).is_empty());
        // The form is sent in the hour after: nothing is entered, and the page asks for the file again.
        sent(&clerk).is(422).sees("hãy chọn lại").lacks("quet.txt");
        assert!(rows::<(String,)>(&town, "phutho", NAMED).is_empty());
        let scan = Attachment { field: "files", name: "lai.txt", bytes: "một tờ".as_bytes() };
        let subject = [("subject", "Mời họp giao ban")];
        clerk.post_files("/documents/incoming", &subject, &[scan]).ok().sees("lai.txt");
        assert!(store(&town).has(file));
    }

    fn a_file_that_came_to_be_named_stays(town: Town) {
        let clerk = town.clerk("Việt Trì");
        half_sent(&clerk, "2/GM-BNV", "hai tờ");
        town.pass_minutes(25 * 60);
        // Sent in hour 25, before anybody collected.
        sent(&clerk).ok();
        assert_eq!(collect(&town), 0);
        let named = rows::<(String,)>(&town, "phutho", NAMED);
        assert!(store(&town).has(&named[0].0) && noted(&town).is_empty());
        // The same content comes once more and is left behind: the file is still that of the row.
        half_sent(&clerk, "3/GM-BNV", "hai tờ");
        town.pass_minutes(25 * 60);
        assert_eq!(collect(&town), 0);
        assert!(store(&town).has(&named[0].0));
    }

    fn whoever_is_first_the_row_or_the_broom_nothing_is_named_that_is_gone(town: Town) {
        let clerk = town.clerk("Việt Trì");
        let (mut kept, mut gone) = (0, 0);
        for round in 0..16 {
            let (symbol, content) = (format!("{}/GM-BNV", round + 10), format!("tờ số {round}"));
            half_sent(&clerk, &symbol, &content);
            let file = noted(&town).pop().unwrap();
            town.pass_minutes(25 * 60);
            let status = std::thread::scope(|scope| {
                let broom = scope.spawn(|| {
                    let late = std::time::Duration::from_millis(if round % 2 == 0 { 0 } else { 9 });
                    town.wait(async move { tokio::time::sleep(late).await });
                    collect(&town)
                });
                let status = sent(&clerk).status;
                broom.join().unwrap();
                status
            });
            let named = rows::<(String,)>(&town, "phutho", NAMED).iter().any(|(name,)| *name == file);
            assert_eq!(store(&town).has(&file), named, "round {round}: {status}");
            assert_eq!(named, status == 200, "round {round}: {status}");
            if named { kept += 1 } else { gone += 1 }
        }
        assert_eq!(kept + gone, 16);
    }
}
