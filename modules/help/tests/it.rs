//! Stories of the help, and what it owes the house.

mod it {
    use kernel::Method;
    use testkit::Town;

    fn modules() -> Vec<kernel::Module> {
        vec![help::module(), desk::module(), documents::module(), archives::module(), admin::module()]
    }

    #[test]
    fn the_module_keeps_the_rules_of_the_house() {
        kernel::house::house_rules(help::module());
    }

    #[test]
    fn who_presses_the_question_mark_lands_on_the_page_for_that_screen() {
        let town = Town::with(modules());
        let clerk = town.clerk("Phú Thọ");
        clerk.get("/help?at=/documents/incoming/new").sees("Đăng ký văn bản giấy").sees("bản quét");
        clerk
            .get("/help?at=/documents/incoming/018f0000-0000-7000-8000-000000000000")
            .sees("Tiếp nhận văn bản đến");
        // An act leads to the help of the screen it is done on.
        clerk
            .get("/help?at=/documents/incoming/018f0000-0000-7000-8000-000000000000/accept")
            .sees("Tiếp nhận văn bản đến");
        clerk.get("/help?at=/nowhere").sees("Ngày đầu tiên của văn thư");
        // Nobody needs an account to read how to sign in.
        town.visitor("phutho").get("/help?at=/sign-in").sees("thư mời");
    }

    #[test]
    fn help_is_searched_without_accents_and_says_when_there_is_nothing() {
        let town = Town::with(modules());
        let clerk = town.clerk("Phú Thọ");
        let found = clerk.get("/help?q=so+den");
        found.sees("Tiếp nhận văn bản đến").lacks("Danh bạ cơ quan");
        clerk.get("/help?q=zzz").sees("Không có bài nào nói về “zzz”");
        let script = clerk.get("/help?q=%3Cscript%3Ealert(1)%3C/script%3E");
        assert!(!script.ok().body().contains("<script>alert"));
        clerk.get("/help/khong-co").is(404);
    }

    #[test]
    fn every_link_of_every_page_leads_somewhere() {
        let town = Town::with(modules());
        let admin = town.admin("Phú Thọ");
        let (clerk, names) = (town.clerk("Phú Thọ"), help::module().help.iter().map(|topic| topic.name));
        for name in names {
            let page = clerk.get(&format!("/help/{name}"));
            page.ok();
            for link in page.links_to("/") {
                let status = clerk.get(&link).status;
                let reached = status == 200 || admin.get(&link).status == 200;
                assert!(reached, "{link} of {name}: {status}");
            }
        }
    }

    #[test]
    fn every_page_about_a_screen_has_its_picture_in_both_languages_and_no_picture_is_left_over() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pictures");
        let (modules, town) = (modules(), Town::with(modules()));
        let reader = town.visitor("phutho");
        for language in ["vi", "en"] {
            let mut left: Vec<String> = std::fs::read_dir(folder.join(language))
                .expect("pictures")
                .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
                .collect();
            for topic in modules.iter().flat_map(|module| module.help) {
                let file = format!("{}.webp", topic.name);
                let has = left.contains(&file);
                left.retain(|one| *one != file);
                assert!(
                    has || topic.screens.is_empty(),
                    "{language}/{file} is missing: cargo xtask screenshots help"
                );
            }
            assert!(left.is_empty(), "no page of help has {left:?} in {language}");
        }
        // Shown with the page, with words for those who do not see it, and sent as a picture.
        let page = reader.get("/help/accept");
        page.ok();
        assert!(page.body().contains("loading=\"lazy\""), "{}", page.body());
        assert!(page.body().contains("alt=\"Màn hình"), "{}", page.body());
        let picture = reader.get("/help/accept/picture.webp");
        assert!(picture.ok().bytes.starts_with(b"RIFF"));
        reader.get("/help/khong-co/picture.webp").is(404);
    }

    #[test]
    fn every_screen_has_a_page_in_both_languages() {
        let modules = modules();
        let screens: Vec<&str> =
            modules.iter().flat_map(|m| m.help).flat_map(|t| t.screens.iter().copied()).collect();
        let pages = modules.iter().flat_map(|module| &module.routes);
        let pages = pages.filter(|route| route.method == Method::Get && !route.data);
        // What is sent as a file or a part of a page is no screen.
        let is_part = |path: &str| {
            let last = path.rsplit('/').next().unwrap_or(path);
            last.contains('.')
                || matches!(
                    last,
                    "{file}" | "file" | "suggest" | "options" | "recipients" | "export" | "edxml"
                )
        };
        let without: Vec<&str> =
            pages.map(|route| route.path).filter(|path| !is_part(path) && !screens.contains(path)).collect();
        assert!(without.is_empty(), "no help for {without:?}");
        for topic in modules.iter().flat_map(|module| module.help) {
            for text in [topic.vi, topic.en] {
                assert!(text.starts_with("# ") && text.len() > 150, "{} is too short", topic.name);
            }
        }
    }
}
