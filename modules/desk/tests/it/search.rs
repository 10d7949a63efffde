use base::AgencyId;
use platform::search::{self, Findable};
use testkit::Town;

/// A letter that everybody in the agency may find.
fn files(town: &Town, agency: AgencyId, (title, right): (&'static str, &'static str)) {
    let dated = town.now().date();
    town.act("phutho", move |cx| {
        let subject = cx.new_id::<()>();
        let path = format!("/letters/{subject}");
        let thing = Findable {
            kind: "incoming",
            right,
            title,
            detail: "742/BTTTT-THH · Bộ Thông tin và Truyền thông",
            path: &path,
            dated,
            words: title,
        };
        search::put(cx, agency, subject, &thing)?;
        cx.record("desk.act.delegated", ("letter", subject), agency);
        Ok(())
    });
}

testkit::stories! {
    of [desk::module()];

    fn a_letter_is_found_without_accents_and_its_words_are_marked(town: Town) {
        files(&town, town.agency("Hùng Lô").id, ("Ứng phó mưa lớn", "signed-in"));
        let clerk = town.clerk("Hùng Lô");
        let page = clerk.get("/search?q=mua+lon");
        page.ok().sees("1 kết quả").sees("Văn bản đến");
        assert!(page.body().contains("<mark>mưa</mark>"));
        clerk.get("/search/suggest?q=mua").ok().sees("Ứng phó mưa lớn");
    }

    fn nobody_finds_what_another_commune_or_another_right_holds(town: Town) {
        files(&town, town.agency("Hùng Lô").id, ("Ứng phó mưa lớn", "signed-in"));
        files(&town, town.agency("Kim Đức").id, ("Mưa đá ở xóm trên", "documents.incoming.read"));
        town.clerk("Kim Đức").get("/search?q=mua").ok().sees("Không thấy gì").lacks("Ứng phó").lacks("Mưa đá");
    }

    fn what_somebody_may_not_see_takes_no_place_among_what_is_found(town: Town) {
        let agency = town.agency("Hùng Lô").id;
        files(&town, agency, ("Ứng phó mưa lớn", "signed-in"));
        // Newer, and more than a page of suggestions takes.
        for _ in 0..40 {
            files(&town, agency, ("Mưa đá ở xóm trên", "documents.incoming.read"));
        }
        let clerk = town.clerk("Hùng Lô");
        clerk.get("/search/suggest?q=mua").ok().sees("Ứng phó mưa lớn").lacks("Mưa đá");
    }

    fn a_search_without_words_says_how_to_search(town: Town) {
        town.clerk("Hùng Lô").get("/search").ok().sees("Gõ từ cần tìm");
    }

    fn a_search_is_narrowed_by_kind_and_day(town: Town) {
        files(&town, town.agency("Hùng Lô").id, ("Ứng phó mưa lớn", "signed-in"));
        let clerk = town.clerk("Hùng Lô");
        clerk.get("/search?q=mua&kind=incoming&from=2017-10-16&to=2017-10-16").sees("Ứng phó");
        clerk.get("/search?q=mua&from=2017-10-17").lacks("Ứng phó");
        clerk.get("/search?q=mua&kind=outgoing").lacks("Ứng phó");
    }
}
