//! Copies: sao y, sao lục and trích sao have one series of numbers; what is on a file bears the agency's signature in its
//! corner and no seal; what is on paper has its own parts below a line (Decree 30/2020, articles 25 to 27).

use crate::signing::{self, PIN, Town19};
use crate::story::{arrived, drafted, pdf, press, told};
use testkit::{Attachment, Page, Person, Town};

const NEW: &str = "/documents/copies/new";
const LIST: &str = "/documents/copies";

/// A paper letter with its scan, registered by the clerk; answers its page.
fn on_paper(town: &Town, symbol: &str) -> String {
    let clerk = town.clerk("Phú Thọ");
    clerk.get("/documents/incoming/new").ok();
    let fields = [
        ("from_name", "Bộ Nội vụ"),
        ("symbol", symbol),
        ("promulgated", "2017-10-12"),
        ("type_name", "Công văn"),
        ("subject", "Về việc rà soát biên chế"),
        ("signer_name", "Nguyễn Thị Hoa"),
        ("signer_position", "Vụ trưởng"),
        ("place", "Hà Nội"),
    ];
    let scan = pdf("Ban quet cua van ban giay", 0);
    let files = [Attachment { field: "files", name: "quet.pdf", bytes: &scan }];
    clerk.post_files("/documents/incoming", &fields, &files).sees("Đã vào sổ").path.clone()
}

fn id_of(page: &str) -> &str {
    page.rsplit('/').next().unwrap()
}

/// The clerk opens the form and sends it.
fn copied(clerk: &Person<'_>, of: (&str, &str), fields: &[(&str, &str)]) -> Page {
    let form = clerk.get(&format!("{NEW}?{}={}", of.0, id_of(of.1)));
    let form = form.ok().form(LIST).unwrap();
    let value = |name: &str| form.value(name).unwrap_or_default().to_owned();
    let known =
        ["form", "medium", "file", "signer", "competence", "to_places"].map(|name| (name, value(name)));
    let mut all: Vec<(&str, &str)> = known.iter().map(|(name, value)| (*name, value.as_str())).collect();
    all.retain(|(name, _)| fields.iter().all(|(other, _)| other != name));
    all.push((of.0, id_of(of.1)));
    all.extend_from_slice(fields);
    clerk.post_files(LIST, &all, &[])
}

testkit::stories! {
    of [documents::module(), desk::module(), admin::module()];

    fn a_scan_becomes_a_true_copy_that_the_agency_has_signed(town: Town) {
        let world = Town19::new(&town);
        let (clerk, page) = (town.clerk("Phú Thọ"), on_paper(&town, "742/BNV-TCBC"));
        clerk.get(&page).sees("Sao văn bản");
        clerk.get(&format!("{NEW}?incoming={}", id_of(&page))).sees("Văn bản gốc là giấy").sees("quet.pdf");
        // Without the PIN of the agency, and with a wrong one: no number is drawn.
        let of = ("incoming", page.as_str());
        copied(&clerk, of, &[("pin", "")]).is(422);
        copied(&clerk, of, &[("pin", "111111")]).is(409).sees("Còn 4 lần thử");
        clerk.get(LIST).sees("Chưa có bản sao nào");
        let copy = copied(&clerk, of, &[("pin", PIN)]);
        copy.sees("01/SY-UBND").sees("Sao y").sees("742/BNV-TCBC");
        // Sent once more it is the same copy.
        clerk.post_again().sees("01/SY-UBND");
        let file = clerk.get(&format!("{}/copy.pdf", copy.path));
        file.ok();
        world.judged(&file.bytes, 1);
        let words = signing::words(&file.bytes);
        for one in ["Ban quet cua van ban giay", "Sao y", "Ủy ban nhân dân tỉnh Phú Thọ", "2017-10-16T08:00:00+07:00"] {
            assert!(words.contains(one), "{one}: {words}");
        }
        // No picture of the seal.
        assert!(!words.contains("SAO Y"));
        // Sao lục and trích sao go on in the same series; the year begins it anew.
        copied(&clerk, of, &[("form", "sao_luc"), ("pin", PIN)]).sees("02/SL-UBND");
        let part = [("form", "trich_sao"), ("extract", "1. Rà soát biên chế.\n2. Báo cáo."), ("pin", PIN)];
        let extract = copied(&clerk, of, &part);
        extract.sees("03/TrS-UBND");
        let file = clerk.get(&format!("{}/copy.pdf", extract.path));
        file.ok();
        world.judged(&file.bytes, 1);
        let words = signing::words(&file.bytes);
        for one in ["742/BNV-TCBC", "Rà soát biên chế", "Trích sao", "(Đã ký)", "Nguyễn Thị Hoa"] {
            assert!(words.contains(one), "{one}: {words}");
        }
        assert!(!words.contains("Ban quet"), "{words}");
        clerk.get(&page).sees("Bản sao của văn bản này").sees("03/TrS-UBND").sees("sao văn bản 742/BNV-TCBC");
        let all = clerk.api(LIST, None).ok().json();
        assert_eq!(all["items"].as_array().map(Vec::len), Some(3));
        town.set_clock(base::Instant::local(2018, 1, 2, 8, 0).unwrap());
        copied(&clerk, of, &[("pin", PIN)]).sees("01/SY-UBND");
        // Others neither make nor see them.
        town.officer("Phú Thọ").get(&format!("{NEW}?incoming={}", id_of(&page))).is(403);
        town.clerk("Việt Trì").get(&copy.path).is(404);
        town.clerk("Việt Trì").get(&format!("{}/copy.pdf", copy.path)).is(404);
        town.clerk("Việt Trì").get(&format!("{NEW}?incoming={}", id_of(&page))).is(404);
    }

    fn a_file_is_copied_to_paper_or_in_part_and_never_into_another_file(town: Town) {
        let world = Town19::new(&town);
        let to = town.agency("Việt Trì").id.to_string();
        let page = drafted(&town, "Phú Thọ", ("Về việc trực ban", &[("to", &to)]), &[]);
        let clerk = town.clerk("Phú Thọ");
        press(&clerk, &page, "approve-format", &[]).ok();
        // What is not issued is not copied.
        clerk.get(&format!("{NEW}?outgoing={}", id_of(&page))).is(409);
        press(&town.leader("Phú Thọ"), &page, "approve", &[("pin", PIN)]).ok();
        press(&clerk, &page, "issue", &[("pin", PIN)]).ok();
        town.settle();
        let of = ("outgoing", page.as_str());
        let refused = copied(&clerk, of, &[("medium", "electronic"), ("pin", PIN)]);
        refused.is(409).sees("Văn bản đã là tệp điện tử").sees("Điều 25.1");
        copied(&clerk, of, &[("form", "sao_luc")]).is(409).sees("Sao lục làm từ bản sao y");
        let paper = copied(&clerk, of, &[]);
        paper.sees("01/SY-UBND");
        let printed = signing::words(&clerk.get(&format!("{}/copy.pdf", paper.path)).ok().bytes);
        for one in ["Số: 01/SY-UBND", "SAO Y", "ngày 16 tháng 10 năm 2017", "CHỦ TỊCH", "(Đã ký)"] {
            assert!(printed.contains(one), "{one}: {printed}");
        }
        // At the receiver the same holds for what came by the exchange.
        let there = arrived(&town, "Việt Trì", "Về việc trực ban");
        let clerk_there = town.clerk("Việt Trì");
        press(&clerk_there, &there, "accept", &[]).ok();
        let of_there = ("incoming", there.as_str());
        copied(&clerk_there, of_there, &[("medium", "electronic"), ("pin", PIN)]).is(409);
        copied(&clerk_there, of_there, &[]).sees("01/SY-UBND");
        // A part of a file may become a file of its own.
        let part = [("form", "trich_sao"), ("medium", "electronic"), ("extract", "Điều 1."), ("pin", PIN)];
        copied(&clerk, of, &[("form", "trich_sao"), ("extract", "")]).is(422);
        let extract = copied(&clerk, of, &part);
        extract.sees("02/TrS-UBND");
        world.judged(&clerk.get(&format!("{}/copy.pdf", extract.path)).ok().bytes, 1);
    }

    fn a_copy_goes_out_with_a_new_document_and_keeps_its_one_signature(town: Town) {
        let world = Town19::new(&town);
        let (clerk, page) = (town.clerk("Phú Thọ"), on_paper(&town, "743/BNV-TCBC"));
        let copy = copied(&clerk, ("incoming", &page), &[("pin", PIN)]);
        let head = town.head("Phú Thọ");
        head.get(&copy.path).sees("Gửi kèm văn bản mới");
        let draft = head.post(&format!("{}/send", copy.path), &[]);
        draft.sees("Soạn dự thảo").holds("subject", "Gửi bản sao 01/SY-UBND của văn bản 743/BNV-TCBC");
        let sent = draft.path.trim_end_matches("/edit").to_owned();
        let to = town.agency("Việt Trì").id.to_string();
        head.post(&format!("{sent}/submit"), &[("to", &to)]).sees("Chờ kiểm tra thể thức");
        press(&clerk, &sent, "approve-format", &[]).ok();
        press(&town.leader("Phú Thọ"), &sent, "approve", &[("pin", PIN)]).ok();
        press(&clerk, &sent, "issue", &[("pin", PIN)]).ok();
        town.settle();
        let there = arrived(&town, "Việt Trì", "Gửi bản sao 01/SY-UBND");
        let reader = town.clerk("Việt Trì");
        let files = told(&reader, &there)["files"].as_array().unwrap().clone();
        assert_eq!(files.len(), 2, "{files:?}");
        for (file, count) in files.iter().zip([2, 1]) {
            let id = file["id"].as_str().unwrap();
            world.judged(&reader.get(&format!("{there}/files/{id}")).bytes, count);
        }
    }

    fn an_agency_without_a_signature_makes_copies_on_paper(town: Town) {
        let (clerk, page) = (town.clerk("Phú Thọ"), on_paper(&town, "744/BNV-TCBC"));
        let of = ("incoming", page.as_str());
        copied(&clerk, of, &[("pin", PIN)]).is(409).sees("Cơ quan chưa có chữ ký số");
        let paper = copied(&clerk, of, &[("medium", "paper")]);
        paper.sees("01/SY-UBND");
        // Its words are not known: only the parts of the copy are printed, to go below a photocopy.
        let printed = signing::words(&clerk.get(&format!("{}/copy.pdf", paper.path)).ok().bytes);
        assert!(printed.contains("SAO Y") && !printed.contains("CỘNG HÒA"), "{printed}");
        clerk.post(&format!("{}/send", paper.path), &[]).is(409).sees("không có tệp để gửi kèm");
    }
}
