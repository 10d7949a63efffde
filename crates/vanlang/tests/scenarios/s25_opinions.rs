//! S25: thirty people are asked, the deadline is put off, those who are silent are reminded by several at once, the
//! question is closed and taken away.

use crate::story::rows;
use base::form::Input;
use base::{Date, PersonId};
use kernel::Method;
use platform::people::{self, NewPerson, NewPost};
use std::sync::Arc;
use testkit::Town;

const PEOPLE: usize = 30;
const ANSWERED: usize = 18;

/// Thirty officers of the province.
fn thirty(town: &Town) -> Vec<PersonId> {
    let (agency, unit) = (town.agency("Phú Thọ").id, town.unit("Phú Thọ", "VX"));
    town.act("phutho", move |cx| {
        let mut all = Vec::new();
        for n in 0..PEOPLE {
            let (username, name) = (format!("nguoi{n:02}"), format!("Đinh Văn Thứ {n:02}"));
            let new =
                NewPerson { agency, username: &username, name: &name, email: "", password_hash: "none" };
            let person = people::add(cx, &new)?;
            let from = Date::new(2017, 1, 1).unwrap();
            let post = NewPost {
                agency,
                unit: Some(unit),
                title: "Chuyên viên",
                role: "officer",
                reach: "own",
                from,
            };
            people::give_post(cx, person, &post)?;
            all.push(person);
        }
        cx.record_plain("testkit.founded", ("agency", agency));
        Ok(all)
    })
}

/// A question to some people; answers its address.
fn asked(town: &Town, people: &[PersonId], question: &str) -> String {
    let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    let mut fields = vec![("question", question), ("due", "2017-10-18T17:00")];
    fields.extend(ids.iter().map(|id| ("people", id.as_str())));
    let leader = town.leader("Phú Thọ");
    leader.get("/documents/opinions/new").ok();
    leader.post("/documents/opinions", &fields).sees("chưa trả lời").path.clone()
}

/// Answers of the first eighteen, a third of each kind.
fn answered(town: &Town, people: &[PersonId], page: &str) {
    let (server, path) = (Arc::clone(town.server()), format!("{page}/answer"));
    for (n, person) in people.iter().take(ANSWERED).enumerate() {
        let answer = ["agree", "disagree", "other"][n % 3];
        let input = Input::default().with("answer", answer).with("words", format!("ý kiến thứ {n}"));
        let call = server.call("phutho", (*person, town.now()), (Method::Post, &path), input);
        town.wait(call).unwrap_or_else(|error| panic!("{error:?}"));
    }
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn thirty_opinions_are_counted_right_and_no_reminder_has_the_number_of_another(town: Town) {
        let people = thirty(&town);
        let page = asked(&town, &people, "Phương án trực lũ");
        let other = asked(&town, &people[..5], "Lịch họp giao ban");
        answered(&town, &people, &page);
        let leader = town.leader("Phú Thọ");
        leader.get(&page).sees("6 đồng ý, 6 không đồng ý, 6 ý kiến khác, 12 chưa trả lời");
        leader.get(&page).ok();
        leader.post(&format!("{page}/extend"), &[("due", "2017-10-19T17:00")]).sees("19/10/2017");

        // Five presses on each question at once.
        let server = Arc::clone(town.server());
        let (now, id) = (town.now(), leader.id.unwrap());
        let paths = [format!("{page}/remind"), format!("{other}/remind")];
        town.wait(async move {
            let mut running = Vec::new();
            for n in 0..10 {
                let (server, path) = (Arc::clone(&server), paths[n % 2].clone());
                running.push(tokio::spawn(async move {
                    server.call("phutho", (id, now), (Method::Post, &path), Input::default()).await
                }));
            }
            for one in running {
                one.await.expect("a call ends").unwrap_or_else(|error| panic!("{error:?}"));
            }
        });
        let numbers: Vec<(i64, i64)> =
            rows(&town, "phutho", "SELECT number, nth FROM documents_reminders WHERE {scope} ORDER BY number");
        let wanted = i64::try_from(5 * (PEOPLE - ANSWERED) + 5 * 5).unwrap();
        let drawn: Vec<i64> = numbers.iter().map(|(number, _)| *number).collect();
        assert_eq!(drawn, (1..=wanted).collect::<Vec<_>>());
        assert_eq!(numbers.iter().map(|(_, nth)| *nth).max(), Some(5), "each was reminded five times");

        leader.get(&page).ok();
        leader.post(&format!("{page}/close"), &[("conclusion", "Thực hiện phương án hai")]).sees("Đã kết thúc");
        let told = leader.api(&page, None).json();
        assert_eq!((&told["agree"], &told["open"], &told["extended"]), (&6.into(), &12.into(), &1.into()));
        let csv = leader.get(&format!("{page}/summary.csv")).ok().body();
        assert_eq!(csv.lines().count(), PEOPLE + 4);
        assert!(csv.contains("ý kiến thứ 17") && csv.contains("Thực hiện phương án hai"));
        let pdf = leader.get(&format!("{page}/summary.pdf"));
        assert!(pdf.ok().bytes.starts_with(b"%PDF-"));
        let word = leader.get(&format!("{page}/summary.docx"));
        word.ok();
        let text = docx::read(&word.bytes, &docx::Limits::default()).expect("a document").text();
        let lines = text.lines().filter(|line| line.starts_with('|')).count();
        assert_eq!(lines, PEOPLE + 1, "{text}");
        assert!(text.contains("ý kiến thứ 17") && text.contains("Thực hiện phương án hai"), "{text}");
        // Nobody is kept waiting by what is closed.
        let open: Vec<(i64,)> = rows(&town, "phutho", "SELECT count(*) FROM platform_tasks
             WHERE {scope} AND kind = 'documents.task.opinion' AND done_at IS NULL");
        assert_eq!(open[0].0, 5, "those of the other question");
    }
}
