//! Stories of the module, and what it owes the house.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a story stops at the first surprise"
)]

mod it {
    mod delegation;
    mod home;
    mod house;
    mod push;
    mod saved;
    mod search;

    use base::{AgencyId, Id, Instant, PersonId};
    use kernel::{Module, Reply, SignedIn, Writer};
    use platform::tasks::{self, NewTask, Owner};
    use testkit::{Person, Town};

    /// Puts a task into the pool of everybody who is signed in, and says on what.
    pub(crate) fn pools(town: &Town, agency: AgencyId, title: &'static str) -> Id<()> {
        let subject = Id::born(0, [7; 10]);
        town.act("phutho", move |cx| {
            let task = NewTask {
                kind: "desk.home.count",
                subject: ("letter", subject.uuid()),
                title,
                detail: "",
                path: format!("/letters/{subject}"),
                act_path: None,
                owner: Owner::Pool("signed-in"),
                lead: true,
                urgency: 0,
                due: None,
            };
            tasks::give(cx, agency, &task)?;
            cx.record("desk.act.delegated", ("letter", subject), agency);
            Ok(())
        });
        subject
    }

    /// A module that finishes what lies in the pool.
    pub(crate) fn letters() -> Module {
        Module::new("letters", env!("CARGO_MANIFEST_DIR")).routes(|r| {
            r.post("/letters/{id}/done", finish);
        })
    }

    fn finish(cx: &mut Writer<'_, SignedIn>) -> Reply {
        let (subject, agency) = (cx.path_id::<()>()?, cx.agency()?);
        tasks::close(cx, subject, "desk.home.count", "done")?;
        cx.record("desk.act.delegated", ("letter", subject), agency);
        cx.done("desk.home", "/")
    }

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
