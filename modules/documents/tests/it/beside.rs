//! Stories of working through a queue from page to page.

use crate::it::incoming::letter_to_the_province;
use testkit::{Page, Town};

/// The pages of the letters that wait, in the order of the desk.
fn waiting(town: &Town) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for link in town.clerk("Phú Thọ").get("/?kind=documents.task.register").links_to("/documents/incoming/")
    {
        if link.len() == "/documents/incoming/".len() + 36 && !found.contains(&link) {
            found.push(link);
        }
    }
    found
}

/// Whether the page leads to another as the one before or after it.
fn leads(page: &Page, rel: &str, to: &str) -> bool {
    let (body, rel, to) = (page.body(), format!("rel=\"{rel}\""), format!("href=\"{to}\""));
    let tags = body.split("<a ").filter_map(|link| link.split('>').next());
    tags.into_iter().any(|tag| tag.contains(&rel) && tag.contains(&to))
}

testkit::stories! {
    of [documents::module(), desk::module()];

    fn a_clerk_goes_from_letter_to_letter_and_is_offered_the_next_after_each_act(town: Town) {
        for number in ["7901", "7902", "7903"] {
            letter_to_the_province(&town, number);
        }
        let clerk = town.clerk("Phú Thọ");
        let [first, second, third] = <[String; 3]>::try_from(waiting(&town)).expect("three letters");
        let page = clerk.get(&second);
        assert!(leads(&page, "prev", &first) && leads(&page, "next", &third), "{}", page.body());
        let page = clerk.get(&first);
        assert!(leads(&page, "next", &second) && !page.body().contains("rel=\"prev\" data-key=\"k\" href"));
        // Nobody is sent on before anything was done.
        page.lacks("Việc tiếp theo:");
        let done = clerk.post(&format!("{second}/accept"), &[]);
        done.sees("Việc tiếp theo:");
        assert!(leads(&done, "next", &first), "the first that still waits: {}", done.body());
        for page in [&first, &third] {
            clerk.get(page);
            clerk.post(&format!("{page}/accept"), &[]).ok();
        }
        clerk.get(&third).lacks("Việc tiếp theo:");
        // The leader has a queue of their own; who has none is led nowhere.
        let page = town.leader("Phú Thọ").get(&second);
        let around = |to: &str| leads(&page, "prev", to) || leads(&page, "next", to);
        assert!(around(&first) || around(&third), "{}", page.body());
        let page = town.officer("Phú Thọ").get(&second);
        assert!(!leads(&page, "next", &third) && !leads(&page, "next", &first));
    }
}
