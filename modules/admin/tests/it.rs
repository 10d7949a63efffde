//! Stories of the module, and what it owes the house.
#![expect(clippy::expect_used, reason = "a story stops at the first surprise")]

mod it {
    mod audit;
    mod directory;
    mod house;
    mod nodes;
    mod people;
    mod rights;
    mod troubles;

    use base::{Date, PersonId};
    use platform::people::{NewPerson, NewPost};
    use testkit::{Person, Town};

    /// Makes the officer of a commune its administrator, for the commune alone.
    pub(crate) fn commune_admin<'t>(town: &'t Town, place: &str) -> Person<'t> {
        let (officer, agency) = (town.officer(place), town.agency(place).id);
        let person: PersonId = officer.id.expect("a settler");
        town.act("phutho", move |cx| {
            let from = Date::parse("2017-01-01").expect("a date");
            let (title, role, reach) = ("Quản trị xã", "admin", "own");
            let post = NewPost { agency, unit: None, title, role, reach, from };
            platform::people::give_post(cx, person, &post)?;
            cx.record("admin.act.person_added", ("person", person), agency);
            Ok(())
        });
        officer
    }

    /// Somebody who holds no post anywhere, to prove that names are taken.
    pub(crate) fn stranger(town: &Town, username: &'static str) {
        let agency = town.agency("Phú Thọ").id;
        town.act("phutho", move |cx| {
            let (name, email) = ("Lò Văn Páo", "");
            let new = NewPerson { agency, username, name, email, password_hash: "!" };
            let id = platform::people::add(cx, &new)?;
            cx.record_plain("admin.act.person_added", ("person", id));
            Ok(())
        });
    }
}
