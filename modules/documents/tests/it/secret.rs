//! Stories of secret documents: a number and a line in a register, and nothing else anywhere.

use testkit::{Page, Person, Town};

const NEW: &str = "/documents/secret/new";
const REGISTER: &str = "/documents/registers/secret";

/// What a clerk writes of a secret decision of the chairman.
const FIELDS: [(&str, &str); 9] = [
    ("level", "top_secret"),
    ("type_code", "QĐ"),
    ("subject", ""),
    ("signer_name", "Bùi Minh Châu"),
    ("competence", "TM."),
    ("signer_position", "Chủ tịch"),
    ("to_places", "- Công an tỉnh;\n- Bộ Chỉ huy quân sự tỉnh;\n- Lưu: VT."),
    ("copies", "3"),
    ("pages", "5"),
];

/// The same with other values in some fields.
fn with<'a>(other: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<_> = FIELDS.to_vec();
    fields.retain(|(name, _)| other.iter().all(|(changed, _)| changed != name));
    fields.extend_from_slice(other);
    fields
}

fn numbered(clerk: &Person<'_>, other: &[(&str, &str)]) -> Page {
    clerk.get(NEW).ok();
    clerk.post("/documents/secret", &with(other))
}

/// The head writes, three people approve, the clerk issues: an ordinary decision. Answers its page.
fn ordinary(town: &Town, subject: &str) -> Page {
    let head = town.head("Phú Thọ");
    head.get("/documents/outgoing/new").ok();
    let fields = [
        ("type_code", "QĐ"),
        ("subject", subject),
        ("body", "Nội dung."),
        ("groups", "districts"),
        ("act", "submit"),
    ];
    let page = head.post("/documents/outgoing", &fields).path;
    let press = |person: &Person<'_>, act: &str| {
        person.get(&page).ok();
        person.post(&format!("{page}/{act}"), &[])
    };
    press(&town.clerk("Phú Thọ"), "approve-format").ok();
    press(&town.leader("Phú Thọ"), "approve").ok();
    press(&town.clerk("Phú Thọ"), "issue")
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn one_press_draws_a_number_of_its_own_series_and_enters_it(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        ordinary(&town, "giao chỉ tiêu").sees("01/QĐ-UBND");
        clerk.get(REGISTER).sees("chưa có số nào").sees("Cấp số văn bản mật (bản giấy)");
        clerk.get(NEW).sees("không soạn, không đính kèm và không gửi").sees("Quyết định 28/2018/QĐ-TTg");
        let page = numbered(&clerk, &[]);
        page.sees("Đã cấp số 01/QĐ-UBND").sees("Tối mật").sees("trích yếu là bí mật").sees("Bùi Minh Châu");
        // A letter names the unit that drafted it, as every letter does.
        let unit = town.unit("Phú Thọ", "VX").to_string();
        numbered(&clerk, &[("type_code", "CV"), ("unit", &unit), ("level", "secret")]).sees("02/UBND-VX");
        ordinary(&town, "giao biên chế").sees("02/QĐ-UBND");
        let leader = town.leader("Phú Thọ");
        leader.get(REGISTER).sees("01/QĐ-UBND").sees("02/UBND-VX").lacks("Cấp số văn bản mật (bản giấy)");
        leader.get(NEW).is(403);
        leader.get(&page.path).sees("Tối mật").lacks("Hủy số này");
        town.set_clock(base::Instant::local(2018, 1, 2, 8, 0).unwrap());
        numbered(&clerk, &[]).sees("01/QĐ-UBND");
    }

    fn nothing_of_it_is_found_listed_sent_or_exported(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        let page = numbered(&clerk, &[("subject", "diễn tập phòng thủ")]);
        page.ok();
        town.settle();
        for path in [
            "/documents/outgoing",
            "/documents/outgoing?q=dien tap phong thu",
            "/documents/registers/outgoing",
            "/documents/registers/outgoing.csv",
            "/search?q=dien tap phong thu",
            "/search?q=01/QĐ-UBND",
            "/",
        ] {
            let shown = clerk.get(path);
            shown.lacks("diễn tập phòng thủ");
            assert!(shown.links_to(&page.path).is_empty(), "{path} leads to a secret document");
        }
        // To the pages of ordinary documents it does not exist: it has no text, tracking, versions or packet.
        let id = page.path.rsplit('/').next().unwrap();
        for rest in ["", "/tracking", "/tracking.csv", "/versions"] {
            clerk.get(&format!("/documents/outgoing/{id}{rest}")).is(404);
        }
        for place in ["Việt Trì", "Hùng Lô"] {
            town.clerk(place).get("/documents/incoming").lacks("QĐ-UBND");
        }
    }

    fn a_number_drawn_by_mistake_is_voided_stays_and_is_never_given_again(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        let page = numbered(&clerk, &[]).path;
        let void = format!("{page}/void");
        clerk.get(&page).sees("không bao giờ được cấp lại");
        clerk.post(&void, &[("reason", "")]).is(422).sees("Cần điền ô này");
        clerk.post(&void, &[("reason", "Cấp nhầm loại văn bản")]).sees("không được cấp lại").sees("Số đã hủy, không cấp lại");
        clerk.get(&page).lacks("Hủy số này");
        clerk.post(&void, &[("reason", "lần nữa")]).is(409);
        numbered(&clerk, &[]).sees("02/QĐ-UBND");
        for path in [REGISTER.to_owned(), format!("{REGISTER}.csv"), format!("{REGISTER}?print=1")] {
            let shown = clerk.get(&path);
            shown.sees("01/QĐ-UBND").sees("02/QĐ-UBND").sees("Đã hủy: Cấp nhầm loại văn bản");
        }
    }

    fn a_wrong_line_uses_no_number(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        numbered(&clerk, &[("level", "")]).is(422);
        numbered(&clerk, &[("level", "mật lắm")]).is(422).sees("Chọn một mục");
        numbered(&clerk, &[("type_code", "XX")]).is(422);
        numbered(&clerk, &[("to_places", "")]).is(422).sees("Cần điền ô này");
        numbered(&clerk, &[("copies", "0")]).is(422).sees("từ 1 trở lên");
        numbered(&clerk, &[("pages", "-2")]).is(422).sees("từ 1 trở lên");
        let other_unit = town.unit("Việt Trì", "VX").to_string();
        numbered(&clerk, &[("unit", &other_unit)]).is(422);
        numbered(&clerk, &[("signer_position", "Phó Chủ tịch")]).is(409).sees("ký thay");
        numbered(&clerk, &[("competence", "KT."), ("signer_position", "Phó Chủ tịch")]).sees("Đã cấp số 01/");
        // The second click finds the first answer.
        clerk.post_again().sees("01/QĐ-UBND");
        numbered(&clerk, &[]).sees("Đã cấp số 02/");
    }

    fn an_officer_is_refused_and_another_agency_finds_nothing(town: Town) {
        let page = numbered(&town.clerk("Phú Thọ"), &[("subject", "diễn tập phòng thủ")]).path;
        let id = page.rsplit('/').next().unwrap();
        for person in [town.officer("Phú Thọ"), town.head("Phú Thọ")] {
            for path in [NEW, REGISTER, &page, &format!("{REGISTER}.csv"), &format!("{REGISTER}.xlsx")] {
                person.get(path).is(403).lacks("diễn tập");
            }
            person.post("/documents/secret", &FIELDS).is(403);
            person.post(&format!("{page}/void"), &[("reason", "x")]).is(403);
            person.api(&format!("/documents/secret/{id}"), None).is(403);
        }
        town.clerk("Phú Thọ").get("/documents/registers/outgoing").sees("Sổ đăng ký văn bản mật đi");
        let other = town.clerk("Việt Trì");
        other.get(&page).is(404);
        other.get(REGISTER).lacks("QĐ-UBND");
        other.post(&format!("{page}/void"), &[("reason", "x")]).is(404);
        other.api(&format!("/documents/secret/{id}"), None).is(404);
        town.visitor("phutho").get(&page).sees("Đăng nhập");
        town.clerk("Phú Thọ").get(&page).lacks("không cấp lại").sees("Hủy số này");
    }

    fn no_ordinary_draft_and_no_secret_line_takes_what_it_has_no_field_for(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        for path in ["/documents/outgoing/new", "/documents/incoming/new", "/documents/incoming/import"] {
            let page = clerk.get(path);
            page.sees("ăn bản mật");
            let fields = page.forms().into_iter().flat_map(|form| form.values).map(|(name, _)| name);
            assert!(fields.into_iter().all(|name| name != "level"), "{path} asks for a secrecy level");
        }
        clerk.get(NEW).ok();
        let more = [("body", "nội dung mật"), ("files", "x"), ("to", "x"), ("groups", "districts")];
        let page = clerk.post("/documents/secret", &with(&more));
        page.sees("Đã cấp số").lacks("nội dung mật");
        let id = page.path.rsplit('/').next().unwrap();
        let told = clerk.api(&format!("/documents/secret/{id}"), None).ok().json().to_string();
        assert!(!told.contains("nội dung mật") && !told.contains("districts"), "{told}");
    }

    fn a_program_draws_and_voids_by_the_same_form(town: Town) {
        let clerk = town.clerk("Phú Thọ");
        let mut json: serde_json::Map<String, serde_json::Value> =
            FIELDS.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
        let ask = |json: &serde_json::Map<_, _>| serde_json::Value::Object(json.clone());
        let done = clerk.api_once("/documents/secret", "khoa-1", Some(&ask(&json))).ok().json();
        assert_eq!(done, clerk.api_once("/documents/secret", "khoa-1", Some(&ask(&json))).ok().json());
        let path = format!("/documents/secret/{}", done["id"].as_str().unwrap());
        let told = clerk.api(&path, None).ok().json();
        assert_eq!((&told["symbol"], &told["level"]), (&"01/QĐ-UBND".into(), &"top_secret".into()));
        assert_eq!(told["to_places"][1], "- Bộ Chỉ huy quân sự tỉnh;");
        let reason = serde_json::json!({ "reason": "Cấp nhầm" });
        clerk.api(&format!("{path}/void"), Some(&reason)).ok();
        assert_eq!(clerk.api(&path, None).json()["void_reason"], "Cấp nhầm");
        json.remove("signer_name");
        let wrong = clerk.api("/documents/secret", Some(&ask(&json)));
        assert_eq!(wrong.is(422).json()["errors"].to_string().matches("signer_name").count(), 1);
        town.officer("Phú Thọ").api("/documents/secret", Some(&ask(&json))).is(403);
    }
}
