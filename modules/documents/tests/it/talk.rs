//! Stories of following documents and of talking about the work on them.

use crate::it::outgoing::{press, submitted};
use testkit::{Person, Town};

fn came(town: &Town, symbol: &str) -> String {
    let clerk = town.clerk("Phú Thọ");
    clerk.get("/documents/incoming/new").ok();
    let fields = [
        ("from_name", "Bộ Nội vụ"),
        ("symbol", symbol),
        ("promulgated", "2017-10-12"),
        ("type_name", "Công văn"),
        ("urgency", "0"),
        ("subject", "Kiểm tra công vụ"),
    ];
    clerk.post("/documents/incoming", &fields).ok().path.clone()
}

fn id(person: &Person<'_>) -> String {
    person.id.expect("a settler").to_string()
}

fn told(person: &Person<'_>, words: &str) -> usize {
    person.get("/notices").count(words)
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn who_follows_a_document_hears_of_each_step_until_they_leave_it(town: Town) {
        let page = came(&town, "5/BNV");
        let other = town.person("Phú Thọ", "officer", "KT");
        press(&other, &page, "follow", &[]).sees("Thôi theo dõi");
        other.get("/documents/incoming?status=followed").sees("5/BNV");
        town.officer("Phú Thọ").get("/documents/incoming?status=followed").lacks("5/BNV");
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        press(&town.leader("Phú Thọ"), &page, "direct", &[("lead", &unit), ("due", "2017-10-20")]).ok();
        town.settle();
        other.get("/notices").sees("5/BNV: Chờ phân công");
        assert_eq!(told(&other, "5/BNV:"), 1);
        press(&other, &page, "unfollow", &[]).lacks("Thôi theo dõi");
        press(&town.head("Phú Thọ"), &page, "assign", &[("person", &id(&town.officer("Phú Thọ")))]).ok();
        town.settle();
        assert_eq!(told(&other, "5/BNV:"), 1);

        let draft = submitted(&town, "nghỉ lễ", &[("groups", "districts")]);
        press(&other, &draft, "follow", &[]).ok();
        other.get("/documents/outgoing?status=followed").sees("nghỉ lễ");
        press(&town.head("Phú Thọ"), &draft, "approve-content", &[]).ok();
        town.settle();
        other.get("/notices").sees("Công văn: Chờ kiểm tra thể thức – nghỉ lễ");
    }

    fn whoever_may_not_see_a_document_can_neither_follow_it_nor_hear_of_it_any_more(town: Town) {
        let page = came(&town, "6/BNV");
        let stranger = town.officer("Việt Trì");
        stranger.get("/documents/incoming").ok();
        stranger.post(&format!("{page}/follow"), &[]).is(404);
        let other = town.person("Phú Thọ", "officer", "KT");
        press(&other, &page, "follow", &[]).ok();
        // The officers lose the right to read what came.
        town.act("phutho", |cx| {
            platform::identity::set_grant(cx, ("officer", "documents.incoming.read"), false)?;
            cx.record_plain("testkit.founded", ("rights", base::Id::<()>::of(uuid::Uuid::nil())));
            Ok(())
        });
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        press(&town.leader("Phú Thọ"), &page, "direct", &[("lead", &unit), ("due", "2017-10-20")]).ok();
        town.settle();
        assert_eq!(told(&other, "6/BNV"), 0);
        other.get(&page).is(403);
    }

    fn leader_head_and_officer_talk_and_a_colleague_who_is_named_hears_of_it(town: Town) {
        let page = came(&town, "7/BNV");
        let (leader, head, officer) = (town.leader("Phú Thọ"), town.head("Phú Thọ"), town.officer("Phú Thọ"));
        let unit = format!("unit:{}", town.unit("Phú Thọ", "VX"));
        press(&leader, &page, "direct", &[("lead", &unit), ("due", "2017-10-20")]).ok();
        press(&head, &page, "assign", &[("person", &id(&officer))]).ok();

        press(&leader, &page, "comment", &[("words", "")]).is(422);
        press(&leader, &page, "comment", &[("words", "Cần số liệu quý III.")]).sees("Cần số liệu quý III.");
        assert_eq!(told(&officer, "trao đổi về 7/BNV"), 1);
        let other = town.person("Phú Thọ", "head", "KT");
        let words = format!("Nhờ @{} cho số liệu.", other.name);
        press(&officer, &page, "comment", &[("words", &words)]).sees("Đã gửi.");
        assert_eq!((told(&other, "nhắc đến bạn"), told(&leader, "trao đổi về 7/BNV"), told(&head, "trao đổi về 7/BNV")), (1, 1, 2));
        // The administrator sees no documents, and is not told of one.
        let admin = town.admin("Phú Thọ");
        let words = format!("@{} xem giúp", admin.name);
        press(&head, &page, "comment", &[("words", &words)]).sees(&format!("Không báo cho {}", admin.name));
        assert_eq!(told(&admin, "7/BNV"), 0);
        town.officer("Việt Trì").get(&page).is(404);
    }

    fn what_was_said_goes_with_a_document_that_is_given_back(town: Town) {
        let to = town.agency("Việt Trì").id.to_string();
        let issued = crate::it::outgoing::approved(&town, "danh sách cán bộ", &[("to", &to)]);
        press(&town.clerk("Phú Thọ"), &issued, "issue", &[]).ok();
        town.settle();
        let clerk = town.clerk("Việt Trì");
        let links = clerk.get("/documents/incoming").links_to("/documents/incoming/");
        let page = links.into_iter().find(|link| link.len() == "/documents/incoming/".len() + 36).unwrap();
        // Before it is registered nobody works on it.
        let leader = town.leader("Việt Trì");
        leader.get(&page).lacks("Gửi trao đổi");
        leader.post(&format!("{page}/comment"), &[("words", "Gấp")]).is(409).sees("chưa vào sổ");
        press(&clerk, &page, "accept", &[]).ok();
        press(&leader, &page, "comment", &[("words", "Có tên ông Kiều.")]).sees("Có tên ông Kiều.");
        town.settle();
        press(&town.clerk("Phú Thọ"), &issued, "recall", &[("recall_reason", "Sai danh sách")]).ok();
        town.settle();
        let demand = clerk.get("/documents/demands").links_to("/documents/demands/").into_iter().next().unwrap();
        press(&clerk, &demand, "grant", &[]).ok();
        clerk.get(&page).lacks("Có tên ông Kiều.").sees("Nội dung đã hủy cùng văn bản");
    }
}
