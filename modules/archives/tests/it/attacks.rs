//! What those try who should not.

use crate::it::people::{dossier, filed, id, letter};
use testkit::Attachment;

testkit::stories! {
    of [archives::module(), documents::module(), desk::module()];

    fn a_dossier_of_another_agency_is_not_there(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let (page, letter) = (dossier(&clerk, "01.VP", &[]), letter(&town, "Hùng Lô", ("7/SNV", "2017-05-02")));
        filed(&clerk, &letter, &[&page]);
        clerk.get(&format!("{page}/upload")).ok();
        let file = [Attachment { field: "files", name: "a.txt", bytes: b"words" }];
        clerk.post_files(&format!("{page}/upload"), &[("subject", "B"), ("dated", "2017-09-01")], &file).ok();
        let entries = clerk.get(&page).links_to("/archives/entries/");
        let files = clerk.get(&entries[1]).links_to(&format!("{}/files/", entries[1]));
        // Also not for the district above: a dossier is the agency's own.
        for stranger in [town.clerk("Kim Đức"), town.leader("Kim Đức"), town.clerk("Việt Trì"), town.clerk("Hà Nội")] {
            for path in ["", "/edit", "/upload", "/contents", "/contents.csv", "/contents.xlsx"] {
                stranger.get(&format!("{page}{path}")).is(404);
            }
            stranger.get(&entries[0]).is(404);
            stranger.get(&files[0]).is(404);
            for act in ["close", "reopen", "pass-on", "export", "keep-back", "upload", "edit", "bind"] {
                let status = stranger.post(&format!("{page}/{act}"), &[]).status;
                assert!(matches!(status, 404 | 422), "{act}: {status}");
            }
            stranger.get("/archives/dossiers?whose=all").lacks("Công tác lưu trữ");
            stranger.get("/search?q=cong+tac+luu+tru").lacks("01.VP");
            stranger.api(&page, None).is(404);
        }
        assert_eq!(clerk.api(&page, None).json()["state"], "open");
    }

    fn a_document_of_another_agency_is_not_filed_and_not_told_of(town: Town) {
        let theirs = letter(&town, "Kim Đức", ("7/SNV", "2017-05-02"));
        let clerk = town.clerk("Hùng Lô");
        let mine = dossier(&clerk, "01.VP", &[]);
        let address = format!("/archives/file?incoming={}", id(&theirs));
        clerk.get(&address).is(404);
        clerk.post(&address, &[("dossiers", id(&mine))]).is(404);
        clerk.post(&format!("/archives/file?outgoing={}", id(&theirs)), &[("dossiers", id(&mine))]).is(404);
        clerk.post("/archives/file?incoming=x", &[("dossiers", id(&mine))]).is(404);
        clerk.post("/archives/file", &[("dossiers", id(&mine))]).is(404);
        assert_eq!(clerk.api(&mine, None).json()["documents"].as_array().unwrap().len(), 0);
    }

    fn a_document_is_not_filed_into_a_dossier_of_another_agency_or_person(town: Town) {
        let (clerk, officer) = (town.clerk("Hùng Lô"), town.officer("Hùng Lô"));
        let letter = letter(&town, "Hùng Lô", ("7/SNV", "2017-05-02"));
        let (theirs, of_officer) = (dossier(&town.clerk("Kim Đức"), "01.VP", &[]), dossier(&officer, "01.VX", &[]));
        let address = format!("/archives/file?incoming={}", id(&letter));
        clerk.post(&address, &[("dossiers", id(&theirs))]).is(404);
        clerk.post(&address, &[("dossiers", id(&of_officer))]).is(409).sees(&officer.name).sees("Điều 31.3.b");
        for page in [(&town.clerk("Kim Đức"), &theirs), (&officer, &of_officer)] {
            assert_eq!(page.0.api(page.1, None).json()["documents"].as_array().unwrap().len(), 0);
        }
    }

    fn who_may_not_read_documents_learns_nothing_of_them_through_a_dossier(town: Town) {
        let (clerk, officer) = (town.clerk("Hùng Lô"), town.officer("Hùng Lô"));
        let letter = letter(&town, "Hùng Lô", ("7/SNV", "2017-05-02"));
        let mine = dossier(&officer, "01.VX", &[]);
        let agency = town.agency("Hùng Lô").id;
        filed(&officer, &letter, &[&mine]);
        town.act("phutho", move |cx| {
            platform::identity::set_grant(cx, ("officer", "documents.incoming.read"), false)?;
            cx.record("archives.act.edited", ("agency", agency), agency);
            Ok(())
        });
        let address = format!("/archives/file?incoming={}", id(&letter));
        officer.get(&address).is(403);
        officer.post(&address, &[("dossiers", id(&mine))]).is(403);
        // What the dossier says of it stays; the file does not leave with it.
        officer.get(&mine).ok().sees("7/SNV");
        let sent = officer.post(&format!("{mine}/export"), &[]);
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(sent.bytes.clone())).unwrap();
        assert!(zip.file_names().all(|name| !name.unwrap().ends_with(".pdf")));
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut zip.by_name("ho-so.xml").unwrap(), &mut xml).unwrap();
        assert!(xml.contains("<Files withheld=\"true\"/>"), "{xml}");
        clerk.get(&address).ok();
    }

    fn a_limited_dossier_is_not_there_for_colleagues_but_for_the_archive(town: Town) {
        let officer = town.officer("Hùng Lô");
        let page = dossier(&officer, "01.VX", &[("access", "limited"), ("title", "Khiếu nại nhân sự")]);
        let colleague = town.person("Hùng Lô", "officer", "KT");
        colleague.get(&page).is(404);
        colleague.post(&format!("{page}/export"), &[]).is(404);
        colleague.get("/archives/dossiers?whose=all").lacks("Khiếu nại nhân sự");
        colleague.get("/search?q=khieu+nai").lacks("Khiếu nại nhân sự");
        for reader in [officer, town.clerk("Hùng Lô"), town.leader("Hùng Lô")] {
            reader.get(&page).ok().sees("Hạn chế");
        }
        town.clerk("Hùng Lô").get("/search?q=khieu+nai").sees("Khiếu nại nhân sự");
    }

    fn a_dossier_made_limited_later_is_found_no_more_and_again_when_it_is_opened(town: Town) {
        let officer = town.officer("Hùng Lô");
        let page = dossier(&officer, "01.VX", &[("title", "Khiếu nại nhân sự")]);
        let colleague = town.person("Hùng Lô", "officer", "KT");
        colleague.get("/search?q=khieu+nai").sees("Khiếu nại nhân sự");
        for (access, found) in [("limited", false), ("agency", true)] {
            let edit = officer.get(&format!("{page}/edit")).ok().forms();
            let form = edit.into_iter().find(|form| form.value("title").is_some()).unwrap();
            let as_it_stands = form.values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let mut fields: Vec<(&str, &str)> =
                as_it_stands.filter(|(name, _)| *name != "access" && !name.starts_with('_')).collect();
            fields.push(("access", access));
            officer.post(&format!("{page}/edit"), &fields).ok();
            let seen = colleague.get("/search?q=khieu+nai");
            assert_eq!(seen.has("Khiếu nại nhân sự"), found, "{access}");
            town.clerk("Hùng Lô").get("/search?q=khieu+nai").sees("Khiếu nại nhân sự");
        }
    }

    fn the_newest_acts_of_a_long_history_are_told(town: Town) {
        let officer = town.officer("Hùng Lô");
        let page = dossier(&officer, "01.VX", &[]);
        let (agency, subject) = (town.agency("Hùng Lô").id, id(&page).parse::<base::Id<()>>().unwrap());
        town.act("phutho", move |cx| {
            for _ in 0..600 {
                cx.record("archives.act.edited", ("dossier", subject), agency);
            }
            Ok(())
        });
        officer.get(&page).ok().lacks("hạn chế người đọc hồ sơ");
        town.act("phutho", move |cx| {
            cx.record("archives.act.access_limited", ("dossier", subject), agency);
            Ok(())
        });
        officer.get(&page).ok().sees("hạn chế người đọc hồ sơ");
    }

    fn what_somebody_took_away_is_fetched_by_nobody_else(town: Town) {
        let clerk = town.clerk("Hùng Lô");
        let page = dossier(&clerk, "01.VP", &[]);
        clerk.get(&page).ok();
        let json = clerk.api(&format!("{page}/export"), Some(&serde_json::json!({}))).ok().json();
        let address = json["location"].as_str().unwrap().to_owned();
        clerk.get(&address).ok();
        town.leader("Hùng Lô").get(&address).is(404);
        town.pass_minutes(61);
        // An hour later one has to ask again, and that is recorded again.
        clerk.get(&address).ok().sees("Kết xuất hồ sơ");
    }
}

mod alone {
    use crate::it::people::dossier;

    testkit::stories! {
        of [archives::module()];

        fn the_screen_says_that_nobody_keeps_documents(town: Town) {
            let clerk = town.clerk("Hùng Lô");
            let page = dossier(&clerk, "01.VP", &[]);
            let address = "/archives/file?incoming=00000000-0000-0000-0000-000000000000";
            clerk.get(address).ok().sees("chưa được cài đặt");
            let id = page.rsplit('/').next().unwrap();
            clerk.post(address, &[("dossiers", id)]).is(409).sees("chưa được cài đặt");
        }
    }
}
