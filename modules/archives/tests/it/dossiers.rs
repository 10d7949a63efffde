//! Opening, filling, closing and taking away.

use crate::it::people::{dossier, filed, id, letter, letter_with, settled};
use std::io::{Cursor, Read};
use testkit::Attachment;
use zip::ZipArchive;

testkit::stories! {
    of [archives::module(), documents::module(), desk::module()];

    fn a_letter_goes_from_its_page_into_dossiers_and_lies_in_all_of_them(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let page = letter(&town, "Hùng Lô", ("15/SNV-VTLT", "2017-03-20"));
        let link = clerk.get(&page).link("Đưa vào hồ sơ");
        assert_eq!(link, format!("/archives/file?incoming={}", id(&page)));
        clerk.get(&link).sees("Bạn chưa có hồ sơ nào đang mở");
        let one = dossier(&clerk, "01.VP", &[]);
        let two = dossier(&clerk, "02.VP", &[("title", "Báo cáo lưu trữ")]);
        clerk.get(&link).sees("01.VP Công tác lưu trữ").sees("02.VP Báo cáo lưu trữ");
        clerk.post(&link, &[]).is(422);
        filed(&clerk, &page, &[&one, &two]);
        for page in [&one, &two] {
            clerk.get(page).sees("15/SNV-VTLT").sees("20/03/2017").sees("Sở Nội vụ");
        }
        clerk.get(&link).sees("Văn bản đang nằm trong hồ sơ").lacks("Đưa vào hồ sơ đã chọn");
        clerk.get(&page).sees("đưa văn bản vào hồ sơ 01.VP").sees("tra cứu dữ liệu");
        // A second time changes nothing.
        clerk.post(&link, &[("dossiers", id(&one))]);
        assert_eq!(clerk.api(&one, None).json()["documents"].as_array().unwrap().len(), 1);
        clerk.get("/search?q=bao+cao+luu+tru").sees("Báo cáo lưu trữ");
    }

    fn a_dossier_is_closed_when_its_work_has_ended_and_opened_again_with_a_reason(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let (late, early) =
            (letter(&town, "Hùng Lô", ("9/SNV", "2017-05-02")), letter_with(&town, "Hùng Lô", ("3/SNV", "2017-02-01"), b""));
        let page = dossier(&clerk, "01.VP", &[("years", "10")]);
        let close = format!("{page}/close");
        let end = [("ended_on", "2017-10-16")];
        clerk.get(&page).ok();
        clerk.post(&close, &end).is(409).sees("chưa có văn bản nào");
        filed(&clerk, &late, &[&page]);
        filed(&clerk, &early, &[&page]);
        clerk.get(&page).ok();
        clerk.post(&close, &end).is(409).sees("3/SNV").sees("đang được giải quyết").sees("Điều 29.4.a");
        settled(&town, "Hùng Lô", &late);
        settled(&town, "Hùng Lô", &early);
        clerk.get(&page).ok();
        clerk.post(&close, &end).is(409).sees("Có 1 văn bản trong hồ sơ chưa có tệp");
        clerk.post(&close, &[("ended_on", "2017-10-17"), ("confirm_gaps", "1")]).is(422);
        clerk.post(&close, &[("ended_on", "2017-10-16"), ("confirm_gaps", "1")]).sees("Đã kết thúc").sees("Hạn nộp lưu").sees("16/10/2018");

        // The table of contents is in the order in which things came about.
        let csv = clerk.get(&format!("{page}/contents.csv")).body();
        let (first, second) = (csv.find("3/SNV").unwrap(), csv.find("9/SNV").unwrap());
        assert!(first < second, "{csv}");
        // Printed, every page says who printed it.
        let mark = format!("data-mark=\"In từ Văn Lang: {}, Ủy ban nhân dân xã Hùng Lô, 08:00, 16/10/2017\"", clerk.name);
        let page_of_contents = clerk.get(&format!("{page}/contents")).body();
        assert!(page_of_contents.contains(&mark), "{mark}");
        assert!(csv.contains("\"4–6\""), "pages run through the dossier: {csv}");
        clerk.get(&format!("{page}/contents?print=1")).sees("Nhấn Ctrl+P").sees("Mục lục văn bản, tài liệu");
        clerk.get(&format!("{page}/edit")).ok();
        clerk.post(&format!("{page}/edit"), &[("title", "Khác")]).is(409).sees("đã kết thúc");
        let third = letter(&town, "Hùng Lô", ("11/SNV", "2017-06-02"));
        clerk.get(&format!("/archives/file?incoming={}", id(&third))).sees("Bạn chưa có hồ sơ nào đang mở");
        clerk.get(&page).ok();
        clerk.post(&format!("{page}/reopen"), &[("reopen_reason", "Có văn bản mới")]).sees("Đang lập").sees("Có văn bản mới");
        filed(&clerk, &third, &[&page]);
    }

    fn a_file_that_is_no_document_is_put_in_shown_and_taken_out_with_a_reason(town: Town) {
        let officer = town.officer("Hùng Lô");
        let page = dossier(&officer, "01.VX", &[]);
        officer.get(&format!("{page}/upload")).ok();
        let fields = [("subject", "Ảnh hội nghị"), ("dated", "2017-09-01"), ("type_name", "Ảnh")];
        let picture = [Attachment { field: "files", name: "../anh.png", bytes: b"\x89PNG\r\n\x1a\nxx" }];
        officer.post_files(&format!("{page}/upload"), &fields, &[]).is(422);
        officer.post_files(&format!("{page}/upload"), &fields, &picture).sees("Đã đưa 1 tệp vào hồ sơ");
        let entry = officer.get(&page).links_to("/archives/entries/")[0].clone();
        let file = officer.get(&entry).links_to(&format!("{entry}/files/"))[0].clone();
        officer.get(&file).ok();
        officer.get(&entry).ok();
        officer.post(&format!("{entry}/remove"), &[("remove_reason", "")]).is(422);
        officer.post(&format!("{entry}/remove"), &[("remove_reason", "Ảnh trùng")]).sees("Đã đưa ra khỏi hồ sơ").sees("Ảnh trùng");
        officer.get(&entry).is(404);
        officer.get(&file).is(404);
    }

    fn a_whole_dossier_is_taken_away_as_xml_and_files_in_the_order_of_time(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let page = dossier(&clerk, "01.VP", &[("title", "Thi đua <khen thưởng> & kỷ luật")]);
        let (late, early) = (
            letter_with(&town, "Hùng Lô", ("9/SNV", "2017-05-02"), b"%PDF-1.7 late"),
            letter_with(&town, "Hùng Lô", ("3/SNV", "2017-02-01"), b"%PDF-1.7 early"),
        );
        filed(&clerk, &late, &[&page]);
        filed(&clerk, &early, &[&page]);
        clerk.get(&page).ok();
        let sent = clerk.post(&format!("{page}/export"), &[]);
        sent.ok();
        assert_eq!(sent.header("content-type"), Some("application/zip"));
        let mut zip = ZipArchive::new(Cursor::new(sent.bytes.clone())).unwrap();
        let names: Vec<String> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        assert_eq!(names, ["ho-so.xml", "dossier.xsd", "muc-luc.html", "tep/001-3-snv/01-van-ban.pdf", "tep/002-9-snv/01-van-ban.pdf"]);
        let mut read = |name: &str| {
            let mut text = String::new();
            zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        assert_eq!(read("tep/001-3-snv/01-van-ban.pdf"), "%PDF-1.7 early");
        let xml = read("ho-so.xml");
        for part in [
            "<Title>Thi đua &lt;khen thưởng&gt; &amp; kỷ luật</Title>",
            "<FileNotation>01.VP</FileNotation>",
            "<Maintenance>Vĩnh viễn</Maintenance>",
            "<DocTotal>2</DocTotal>",
            "<PageTotal>6</PageTotal>",
            "<IssuedDate>2017-02-01</IssuedDate>",
            "<CodeNumber>3</CodeNumber>",
            "<ArrivalNumber>2</ArrivalNumber>",
        ] {
            assert!(xml.contains(part), "{part} in {xml}");
        }
        assert!(xml.find("2017-02-01").unwrap() < xml.find("2017-05-02").unwrap());
        assert!(read("muc-luc.html").contains(&format!("Kết xuất bởi {}", clerk.name)));
        clerk.get(&page).sees("kết xuất toàn bộ hồ sơ");
    }

    fn a_dossier_is_passed_on_before_its_keeper_moves(town: Town) {
        let (officer, head) = (town.officer("Hùng Lô"), town.head("Hùng Lô"));
        let page = dossier(&officer, "01.VX", &[("access", "limited")]);
        head.get(&page).is(404);
        let to = head.id.unwrap().to_string();
        officer.get(&page).ok();
        officer.post(&format!("{page}/pass-on"), &[("keeper", &to)]).sees("Đã bàn giao hồ sơ cho");
        officer.get(&page).is(404);
        head.get("/notices").sees("bàn giao cho bạn hồ sơ 01.VX");
        head.get(&page).ok().sees("Kết thúc hồ sơ");
    }
}
