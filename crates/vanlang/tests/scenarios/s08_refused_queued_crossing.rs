//! S8: a recall that is refused, one that comes before the document has left, and one that crosses the word that
//! the work is done.

use crate::invariants;
use crate::s07_recall::{demanded, demands, requests};
use crate::story::{arrived, brought_out, drafted, id_in, pdf, press, recipients, taken_in, told};
use testkit::{Attachment, Town};

const SUBJECT: &str = "kiểm kê rừng";
const REASON: &str = "gửi nhầm bản chưa rà soát";

/// The province writes to Việt Trì with a file; the page, and nothing has been carried yet.
fn written(town: &Town) -> String {
    let main = pdf("Kiem ke", 4_000);
    let file = Attachment { field: "main", name: "kiem-ke.pdf", bytes: &main };
    let to = id_in(town, "phutho", "Việt Trì");
    let page = drafted(town, "Phú Thọ", (SUBJECT, &[("to", &to)]), &[file]);
    brought_out(town, "Phú Thọ", &page);
    page
}

/// In progress at the officer of Việt Trì; its page there.
fn begun(town: &Town) -> String {
    town.settle();
    let received = arrived(town, "Việt Trì", SUBJECT);
    taken_in(town, "Việt Trì", &received);
    press(&town.officer("Việt Trì"), &received, "begin", &[]).sees("Đang xử lý");
    town.settle();
    received
}

fn recall(town: &Town, page: &str) {
    let sender = town.clerk("Phú Thọ");
    sender.get(&format!("{page}/tracking")).ok();
    sender.post(&format!("{page}/recall"), &[("recall_reason", REASON)]).sees("yêu cầu lấy lại từ");
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn a_refused_recall_leaves_the_work_where_it_was(town: Town) {
        let page = written(&town);
        let received = begun(&town);
        recall(&town, &page);
        town.settle();
        let (sender, district) = (town.clerk("Phú Thọ"), town.clerk("Việt Trì"));
        sender.get(&format!("{page}/tracking")).sees("Chờ trả lời").sees("Đang xử lý");
        let demand = demanded(&district);
        district.get(&demand).sees("Nơi gửi yêu cầu lấy lại");
        district.post(&format!("{demand}/refuse"), &[("refuse_reason", "")]).is(422).sees("Từ chối");
        let words = "đã triển khai tới các xã";
        district.get(&demand).ok();
        district.post(&format!("{demand}/refuse"), &[("refuse_reason", words)]).sees("Đã từ chối");
        town.settle();

        // 05 at both ends; the reason is told; the document is nobody's ice any more.
        assert_eq!(told(&district, &received)["status"], "in_progress");
        assert_eq!(recipients(&sender, &page)[0].1, "in_progress");
        let asked = requests(&sender, &page);
        assert_eq!(asked["items"][0]["state"], "refused", "{asked}");
        assert_eq!(asked["items"][0]["answer"].as_str(), Some(words));
        assert!(asked["frozen_at"].is_null(), "{asked}");
        sender.get(&format!("{page}/tracking")).sees("Từ chối").sees(words).lacks("từ mọi nơi nhận lúc");
        district.get("/?kind=documents.task.recall").lacks(SUBJECT);

        // The work goes on, and the same may be asked again.
        recall(&town, &page);
        town.settle();
        let again = demanded(&district);
        assert_ne!(again, demand);
        district.get(&again).ok();
        district.post(&format!("{again}/grant"), &[]).sees("Đã trả lại");
        town.settle();
        assert_eq!(recipients(&sender, &page)[0].1, "recalled");
        invariants::hold(&town);
    }

    fn what_has_not_left_never_leaves(town: Town) {
        let page = written(&town);
        recall(&town, &page);
        town.settle();
        let (sender, district) = (town.clerk("Phú Thọ"), town.clerk("Việt Trì"));
        assert_eq!(recipients(&sender, &page)[0].1, "withdrawn");
        sender.get(&format!("{page}/tracking")).sees("Đã rút, chưa gửi").sees("Rút trước khi gửi");
        sender.get(&page).sees("đóng băng");
        let list = district.api("/documents/incoming", None).ok().json();
        assert_eq!(list["items"].as_array().unwrap().len(), 0, "{list}");
        let list = district.api("/documents/demands", None).ok().json();
        assert_eq!(list["items"].as_array().unwrap().len(), 0, "{list}");

        // No number was burnt: the next letter takes the first.
        let to = id_in(&town, "phutho", "Việt Trì");
        let next = drafted(&town, "Phú Thọ", ("họp giao ban", &[("to", &to)]), &[]);
        brought_out(&town, "Phú Thọ", &next);
        town.settle();
        press(&district, &arrived(&town, "Việt Trì", "họp giao ban"), "accept", &[]).sees("số đến 1");
        town.settle();
        invariants::hold(&town);
    }

    fn a_recall_and_the_word_that_the_work_is_done_cross_on_the_wire(town: Town) {
        let page = written(&town);
        let received = begun(&town);
        // Neither knows of the other: both are in the outbox when the carrier comes.
        recall(&town, &page);
        press(&town.officer("Việt Trì"), &received, "note", &[("note", "Đã kiểm kê xong.")]).sees("Hoàn thành");
        town.settle();
        let (sender, district) = (town.clerk("Phú Thọ"), town.clerk("Việt Trì"));
        assert_eq!(told(&district, &received)["status"], "done");
        assert_eq!(recipients(&sender, &page)[0].1, "done");
        let asked = requests(&sender, &page);
        assert_eq!(asked["items"][0]["state"], "refused", "{asked}");
        assert!(asked["items"][0]["answer"].as_str().unwrap().contains("giải quyết xong"), "{asked}");
        let about = demands(&district, &received);
        assert_eq!(about["items"][0]["state"], "refused", "{about}");
        assert!(asked["frozen_at"].is_null(), "{asked}");
        invariants::hold(&town);
    }

    fn a_recall_and_a_return_cross_and_the_copy_goes_all_the_same(town: Town) {
        let page = written(&town);
        town.settle();
        let received = arrived(&town, "Việt Trì", SUBJECT);
        let (sender, district) = (town.clerk("Phú Thọ"), town.clerk("Việt Trì"));
        recall(&town, &page);
        press(&district, &received, "return", &[("reason", "gửi sai nơi nhận")]).sees("Đã trả lại");
        town.settle();
        assert_eq!(recipients(&sender, &page)[0].1, "refused");
        let demand = demanded(&district);
        district.get(&demand).ok();
        district.post(&format!("{demand}/grant"), &[]).sees("Đã thu hồi");
        town.settle();
        assert_eq!(recipients(&sender, &page)[0].1, "recalled");
        assert_eq!(told(&district, &received)["status"], "recalled");
        invariants::hold(&town);
    }

    fn a_withdrawal_that_comes_while_the_carrier_has_it_in_hand_becomes_a_request(town: Town) {
        let page = written(&town);
        // The carrier has read what is due and delivers it; meanwhile the sender withdraws.
        let lease = (town.now(), town.now().plus_minutes(2));
        let claim = move |db: &dyn kernel::Database| platform::exchange::claim(db, lease, 64);
        let due = town.wait(town.db("phutho").write(kernel::Scope::Everything, claim)).unwrap();
        assert_eq!(due.len(), 1);
        town.pass_minutes(3);
        let (envelope, to) = (due[0].envelope, due[0].to_code.clone());
        town.settle();
        let again = due[0].id;
        town.act("phutho", move |cx| {
            static QUEUED: kernel::Sql =
                kernel::Sql::new("UPDATE platform_outbox SET state = 'queued' WHERE {scope} AND id = $1", file!());
            static BACK: kernel::Sql = kernel::Sql::new(
                "UPDATE documents_recipients SET status = 'queued' WHERE {scope} AND envelope_id = $1",
                file!(),
            );
            cx.write(&QUEUED, &[kernel::Value::from(again)])?;
            cx.write(&BACK, &[kernel::Value::from(envelope)])?;
            cx.record_nothing("the moment before the carrier writes what it did");
            Ok(())
        });
        recall(&town, &page);
        let sender = town.clerk("Phú Thọ");
        assert_eq!(recipients(&sender, &page)[0].1, "withdrawn");
        let due = due[0].clone();
        town.act("phutho", move |cx| {
            let late = platform::exchange::sent(cx, &due)?.expect("it was withdrawn on its way");
            assert_eq!((late.envelope, late.to.as_str()), (envelope, to.as_str()));
            cx.record_nothing("the outbox keeps its own states");
            Ok(())
        });
        let payload = serde_json::json!({ "envelope": envelope, "to": "000.00.31.H44" });
        town.act("phutho", move |cx| {
            kernel::jobs::enqueue(cx, "envelope.overtaken", "one", &payload)?;
            cx.record_nothing("what the carrier tells");
            Ok(())
        });
        town.settle();
        // The recipient has it, so it is asked; its clerk gives it back.
        let district = town.clerk("Việt Trì");
        let demand = demanded(&district);
        district.get(&demand).ok();
        district.post(&format!("{demand}/grant"), &[]).sees("Đã thu hồi");
        town.settle();
        assert_eq!(recipients(&sender, &page)[0].1, "recalled");
        invariants::hold(&town);
    }
}
