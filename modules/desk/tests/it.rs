//! Stories of the module, and what it owes the house.
#![expect(clippy::expect_used, reason = "a story stops at the first surprise")]

mod it {
    mod delegation;
    mod home;
    mod house;
    mod search;

    use base::{AgencyId, Instant, PersonId};
    use platform::tasks::{self, NewTask, Owner};
    use testkit::{Person, Town};

    /// Gives a person of the province's tenant a task on a letter.
    pub(crate) fn gives(town: &Town, to: &Person<'_>, agency: AgencyId, (title, due): (&str, Instant)) {
        let (person, title): (PersonId, String) = (to.id.expect("a settler"), title.to_owned());
        town.act("phutho", move |cx| {
            let subject = cx.new_id::<()>();
            let task = NewTask {
                kind: "desk.home.count",
                subject: ("letter", subject.uuid()),
                title: &title,
                detail: "742/BTTTT-THH · Bộ Thông tin và Truyền thông",
                path: format!("/letters/{subject}"),
                act_path: None,
                owner: Owner::Person(person, None),
                lead: true,
                urgency: 0,
                due: Some(due),
            };
            tasks::give(cx, agency, &task)?;
            cx.record("desk.act.delegated", ("letter", subject), agency);
            Ok(())
        });
    }
}
