//! Hand-over, keeping back, destruction.

use crate::it::people::{dossier, filed, id, letter, settled};
use base::Instant;
use kernel::Sql;
use platform::identity;
use testkit::{Attachment, Person, Town};

/// A closed dossier of the clerk, its work ended on 16 October 2017.
fn closed(town: &Town, notation: &str, years: &str) -> String {
    let clerk = town.clerk("Hùng Lô");
    let page = letter(town, "Hùng Lô", (&format!("{notation}/SNV"), "2017-05-02"));
    settled(town, "Hùng Lô", &page);
    let dossier = dossier(&clerk, notation, &[("years", years)]);
    filed(&clerk, &page, &[&dossier]);
    clerk.get(&dossier).ok();
    clerk.post(&format!("{dossier}/close"), &[("ended_on", "2017-10-16")]).sees("Đã kết thúc");
    dossier
}

fn day(town: &Town, year: i32, month: u8, day: u8) {
    town.set_clock(Instant::local(year, month, day, 8, 0).unwrap());
    town.wait(town.server().begin_day("phutho", town.now())).unwrap();
    town.settle();
}

fn offered(clerk: &Person<'_>, dossiers: &[&str]) -> testkit::Page {
    clerk.get("/archives/handovers").ok();
    let mut fields: Vec<(&str, &str)> = dossiers.iter().map(|page| ("dossiers", id(page))).collect();
    fields.extend([("block", "Hồ sơ văn phòng năm 2017"), ("condition", "Tốt")]);
    clerk.post("/archives/handovers", &fields)
}

testkit::stories! {
    of [archives::module(), documents::module(), desk::module()];

    fn a_keeper_is_told_thirty_days_before_and_hands_over_with_minutes(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let (long, short) = (closed(&town, "01.VP", "20"), closed(&town, "02.VP", "4"));
        day(&town, 2018, 9, 15);
        clerk.get("/").lacks("Nộp lưu hồ sơ");
        day(&town, 2018, 9, 16);
        clerk.get("/notices").sees("Hồ sơ 01.VP đến hạn nộp lưu ngày 16/10/2018").lacks("Hồ sơ 02.VP đến hạn");
        clerk.get("/").sees("Nộp lưu hồ sơ");
        day(&town, 2018, 9, 17);
        assert_eq!(clerk.get("/notices").count("đến hạn nộp lưu"), 1, "told once");

        clerk.get("/archives/handovers").sees("01.VP").lacks("02.VP");
        offered(&clerk, &[&short]).is(409).sees("dưới 05 năm").sees("Điều 31.3.c");
        let page = offered(&clerk, &[&long]);
        page.sees("Biên bản giao nhận số 01").sees("Hồ sơ văn phòng năm 2017").sees("tổng số hồ sơ: 1").sees("Chờ nhận");
        clerk.get("/").sees("1 việc, 0 việc quá hạn").sees("Nhận hồ sơ vào Lưu trữ");
        clerk.get(&long).sees("Đang giao nộp");
        clerk.get(&page.path).ok();
        clerk.post(&format!("{}/receive", page.path), &[]).sees("Đã nhận").sees(&clerk.name);
        clerk.post(&format!("{}/receive", page.path), &[]).is(409);
        clerk.get(&long).sees("Trong Lưu trữ").sees("16/10/2037");
        let csv = clerk.get(&format!("{}/list.csv", page.path)).body();
        assert!(csv.contains("\"1\",\"01.VP\",\"Công tác lưu trữ\",\"02/05/2017 – 02/05/2017\",\"20 năm\",\"3\""), "{csv}");
        assert!(town.officer("Hùng Lô").get(&page.path).ok().has("Biên bản giao nhận"));
        town.officer("Hùng Lô").post(&format!("{}/receive", page.path), &[]).is(403);
        town.clerk("Kim Đức").get(&page.path).is(404);
    }

    fn the_archive_gives_back_what_is_not_in_order(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let one = closed(&town, "01.VP", "");
        let page = offered(&clerk, &[&one]).path;
        clerk.get(&page).ok();
        clerk.post(&format!("{page}/return"), &[("give_back_reason", "")]).is(422);
        clerk.post(&format!("{page}/return"), &[("give_back_reason", "Thiếu văn bản")]).sees("Lưu trữ trả lại: Thiếu văn bản");
        clerk.get(&one).sees("Đã kết thúc");
        offered(&clerk, &[&one]).sees("Biên bản giao nhận số 02");
    }

    fn what_is_due_is_kept_back_with_the_heads_written_consent_and_two_years_at_most(town: Town) {
        let (clerk, leader) = (town.clerk("Hùng Lô"), town.leader("Hùng Lô"));
        let one = closed(&town, "01.VP", "20");
        clerk.get(&one).ok();
        let ask = |until: &str| clerk.post(&format!("{one}/keep-back"), &[("keep_until", until), ("keep_reason", "Đang tra cứu")]);
        ask("2020-10-17").is(422).sees("không quá 02 năm");
        ask("2018-10-16").is(422);
        ask("2020-10-16").sees("Đã gửi đề nghị");
        clerk.post(&format!("{one}/keep-back/grant"), &[("consent", "5/UBND")]).is(403);
        leader.get("/").sees("Cho giữ lại hồ sơ");
        leader.get(&one).sees("đề nghị giữ lại hồ sơ đến 16/10/2020").sees("Đang tra cứu");
        leader.post(&format!("{one}/keep-back/grant"), &[("consent", "5/UBND-VP, 20/10/2017")]).sees("Được giữ lại đến").sees("5/UBND-VP");
        leader.post(&format!("{one}/keep-back/refuse"), &[]).is(409);
        clerk.get("/archives/handovers").sees("Hồ sơ, tài liệu giữ lại");
        day(&town, 2018, 10, 1);
        clerk.get("/notices").sees("Được giữ lại hồ sơ 01.VP").lacks("đến hạn nộp lưu");
        day(&town, 2020, 9, 20);
        clerk.get("/notices").sees("Hồ sơ 01.VP đến hạn nộp lưu ngày 16/10/2020");
    }

    fn what_has_outlived_its_time_is_destroyed_by_decision_and_the_record_stays(town: Town) {
        let (clerk, leader, officer) = (town.clerk("Hùng Lô"), town.leader("Hùng Lô"), town.officer("Hùng Lô"));
        let mine = dossier(&officer, "01.VX", &[("years", "2")]);
        officer.get(&format!("{mine}/upload")).ok();
        let told = [("subject", "Ghi âm"), ("dated", "2017-09-01")];
        let file = [Attachment { field: "files", name: "a.bin", bytes: b"only here" }];
        officer.post_files(&format!("{mine}/upload"), &told, &file).ok();
        officer.get(&mine).ok();
        officer.post(&format!("{mine}/close"), &[("ended_on", "2017-10-16")]).sees("Bảo quản đến").sees("16/10/2019");
        let entry = officer.get(&mine).links_to("/archives/entries/")[0].clone();
        let stored = officer.get(&entry).links_to(&format!("{entry}/files/"))[0].clone();
        officer.get(&stored).ok();
        clerk.get("/archives/destructions").sees("Không có hồ sơ nào hết thời hạn");
        let propose = |page: &str| clerk.post("/archives/destructions", &[("dossiers", id(page))]);
        propose(&mine).is(409).sees("chưa hết thời hạn bảo quản");

        town.set_clock(Instant::local(2019, 10, 17, 8, 0).unwrap());
        clerk.get("/archives/destructions").sees("01.VX");
        let page = propose(&mine);
        page.sees("Chờ quyết định");
        let page = page.path;
        clerk.post(&format!("{page}/destroy"), &[("decision", "9/QĐ-UBND"), ("decided_on", "2019-10-17")]).is(403);
        leader.get("/").sees("Quyết định hủy hồ sơ");
        leader.get(&page).ok();
        leader.post(&format!("{page}/destroy"), &[("decision", ""), ("decided_on", "2019-10-17")]).is(422);
        leader.post(&format!("{page}/destroy"), &[("decision", "9/QĐ-UBND"), ("decided_on", "2019-10-17")])
            .sees("Đã hủy 1 hồ sơ").sees("9/QĐ-UBND").sees("Số tệp đã hủy");
        town.settle();
        officer.get(&stored).is(404);
        officer.get(&entry).sees("đã hủy ngày 17/10/2019").sees("Ghi âm");
        officer.get(&mine).sees("Đã hủy").sees("hủy hồ sơ theo Quyết định số 9/QĐ-UBND").lacks("Kết xuất hồ sơ");
        leader.post(&format!("{page}/destroy"), &[("decision", "9/QĐ-UBND"), ("decided_on", "2019-10-17")]).is(409);
    }

    fn bytes_that_something_else_holds_outlive_a_destruction(town: Town) {
        let (clerk, leader) = (town.clerk("Hùng Lô"), town.leader("Hùng Lô"));
        let letter = letter(&town, "Hùng Lô", ("7/SNV", "2017-05-02"));
        let file = clerk.get(&letter).links_to(&format!("{letter}/files/"))[0].clone();
        let one = dossier(&clerk, "01.VP", &[("years", "1")]);
        clerk.get(&format!("{one}/upload")).ok();
        let same = [Attachment { field: "files", name: "b.pdf", bytes: b"%PDF-1.7 letter" }];
        clerk.post_files(&format!("{one}/upload"), &[("subject", "Bản chụp"), ("dated", "2017-09-01")], &same).ok();
        clerk.get(&one).ok();
        clerk.post(&format!("{one}/close"), &[("ended_on", "2017-10-16")]).ok();
        town.set_clock(Instant::local(2019, 1, 2, 8, 0).unwrap());
        let page = clerk.post("/archives/destructions", &[("dossiers", id(&one))]).path;
        leader.get(&page).ok();
        leader.post(&format!("{page}/destroy"), &[("decision", "1/QĐ"), ("decided_on", "2019-01-02")]).ok();
        town.settle();
        assert_eq!(clerk.get(&file).ok().body(), "%PDF-1.7 letter");
    }

    fn a_role_the_program_has_newly_learnt_gets_its_rights_and_what_was_taken_stays_taken(town: Town) {
        const LEARN: &[(&str, &[&str])] = &[
            ("archives.dossier.read", &["clerk", "archivist"]),
            ("archives.archive.keep", &["clerk", "archivist"]),
            ("archives.archive.read", &["clerk", "leader", "archivist"]),
        ];
        let (archivist, clerk) = (town.archivist("Hùng Lô"), town.clerk("Hùng Lô"));
        // A tenant that was founded before there were archivists, and whose clerks had a right taken from them.
        town.act("phutho", |cx| {
            let roles = Sql::new("DELETE FROM platform_known_rights WHERE right_id LIKE 'role:%'", file!());
            cx.write_any(&roles, &[])?;
            for (role, right) in identity::grants(cx)? {
                if role == "archivist" || (role == "clerk" && right == "archives.archive.keep") {
                    identity::set_grant(cx, (&role, &right), false)?;
                }
            }
            cx.record_plain("testkit.said", ("rights", base::Id::<()>::of(cx.new_id::<()>().uuid())));
            Ok(())
        });
        archivist.get("/archives/handovers").is(403);
        let learn = || {
            town.act("phutho", |cx| {
                identity::found_rights(cx, LEARN)?;
                cx.record_plain("testkit.said", ("rights", base::Id::<()>::of(cx.new_id::<()>().uuid())));
                Ok(())
            });
        };
        learn();
        archivist.get("/archives/handovers").ok();
        clerk.get("/archives/handovers").ok();
        archivist.post("/archives/destructions", &[]).is(422);
        clerk.post("/archives/destructions", &[]).is(403);
        // A second start gives nothing back.
        town.act("phutho", |cx| {
            identity::set_grant(cx, ("archivist", "archives.archive.keep"), false)?;
            cx.record_plain("testkit.said", ("rights", base::Id::<()>::of(cx.new_id::<()>().uuid())));
            Ok(())
        });
        learn();
        archivist.post("/archives/destructions", &[]).is(403);
    }

    fn the_head_spares_what_should_be_kept(town: Town) {
        let (clerk, leader) = (town.clerk("Hùng Lô"), town.leader("Hùng Lô"));
        let one = closed(&town, "01.VP", "1");
        town.set_clock(Instant::local(2019, 1, 2, 8, 0).unwrap());
        let page = clerk.post("/archives/destructions", &[("dossiers", id(&one))]).path;
        clerk.post("/archives/destructions", &[("dossiers", id(&one))]).is(409).sees("đề nghị hủy khác");
        leader.get(&page).ok();
        leader.post(&format!("{page}/spare"), &[("spare_reason", "Còn giá trị")]).sees("Không hủy").sees("Còn giá trị");
        clerk.get("/archives/destructions").sees("01.VP");
    }
}
