use super::*;
use base::{Id, UnitId};
use uuid::Uuid;

fn at(month: u8, day: u8, (hour, minute): (i8, i8)) -> Instant {
    Instant::local(2017, month, day, hour, minute).unwrap()
}

fn person(n: u128) -> PersonId {
    PersonId::of(Uuid::from_u128(n))
}

fn unit(n: u128) -> UnitId {
    UnitId::of(Uuid::from_u128(n))
}

fn holder(n: u128, role: &str, (title, of): (&str, Option<u128>)) -> Holder {
    Holder {
        person: person(n),
        name: format!("Người {n}"),
        username: n.to_string(),
        title: title.to_owned(),
        role: role.to_owned(),
        agency: Id::of(Uuid::nil()),
        unit: of.map(unit),
        active: true,
    }
}

fn task((owner, of): (Option<u128>, Option<u128>), urgency: i64) -> OpenTask {
    OpenTask {
        id: Id::of(Uuid::nil()),
        agency: Id::of(Uuid::nil()),
        kind: "documents.task.handle".to_owned(),
        subject_kind: "incoming".to_owned(),
        subject: Uuid::nil(),
        title: String::new(),
        detail: String::new(),
        path: String::new(),
        person: owner.map(person),
        unit: of.map(unit),
        pool: None,
        urgency,
        due_at: Some(at(10, 16, (10, 0))),
        given_at: at(10, 16, (9, 0)),
        opened_at: None,
    }
}

#[test]
fn late_work_climbs_in_working_time_and_urgent_work_at_any_hour() {
    let late = |day, time| rungs_of(Cause::Late, at(10, 20, (17, 0)), at(10, day, time));
    // Friday 20 October, 17:00: half an hour is left that day, the weekend does not count.
    assert_eq!(late(20, (16, 59)), "");
    assert_eq!(late(20, (17, 0)), "owner");
    assert_eq!(late(21, (9, 0)), "", "nobody is told on a Saturday");
    assert_eq!(late(23, (10, 59)), "owner");
    assert_eq!(late(23, (11, 0)), "owner head");
    assert_eq!(late(23, (12, 0)), "", "nor at noon");
    assert_eq!(late(23, (17, 0)), "owner head leader");
    assert_eq!(late(25, (8, 0)), "owner head leader top");
    let urgent = |now| rungs_of(Cause::Urgent, at(10, 21, (22, 0)), now);
    assert_eq!(urgent(at(10, 21, (22, 4))), "");
    assert_eq!(urgent(at(10, 21, (22, 15))), "owner head");
    assert_eq!(urgent(at(10, 21, (23, 0))), "owner head leader top");
}

fn rungs_of(cause: Cause, since: Instant, now: Instant) -> String {
    let rungs = due((cause, since), house(cause, now.date()), now);
    rungs.iter().map(|rung| rung.word()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_urgent_and_unopened_is_a_matter_of_its_own() {
    let mut one = task((Some(1), Some(7)), 3);
    assert_eq!(cause(&one), Some((Cause::Urgent, one.given_at)));
    one.opened_at = Some(at(10, 16, (9, 3)));
    assert_eq!(cause(&one), Some((Cause::Late, at(10, 16, (10, 0)))));
    one.kind = "documents.task.opinion".to_owned();
    assert_eq!(cause(&one).map(|(cause, _)| cause), Some(Cause::Opinion));
    one.due_at = None;
    assert_eq!(cause(&one), None);
}

#[test]
fn each_rung_has_its_people_and_an_empty_one_passes_on() {
    let holders = [
        holder(1, "officer", ("Chuyên viên", Some(7))),
        holder(2, "head", ("Phó Trưởng phòng", Some(7))),
        holder(3, "head", ("Trưởng phòng", Some(7))),
        holder(4, "leader", ("Phó Chủ tịch", None)),
        holder(5, "leader", ("Chủ tịch", None)),
        holder(6, "clerk", ("Văn thư", None)),
    ];
    let who = |rung, task: &OpenTask, pool: &[PersonId]| -> Vec<u128> {
        told((rung, task), &holders, pool).iter().map(|one| one.person.uuid().as_u128()).collect()
    };
    let officers = task((Some(1), Some(7)), 0);
    assert_eq!(
        Rung::ALL.iter().map(|rung| who(*rung, &officers, &[])).collect::<Vec<_>>(),
        [[1], [3], [4], [5]]
    );
    // The head's own work is told to the leader, not to the head again.
    let heads = task((Some(3), Some(7)), 0);
    assert_eq!(who(Rung::Head, &heads, &[]), [4]);
    // Clerks share what came; they have no unit, so the leader hears of it in the head's place.
    let came = task((None, None), 3);
    assert_eq!(who(Rung::Owner, &came, &[person(6)]), [6]);
    assert_eq!(who(Rung::Head, &came, &[person(6)]), [4]);
    // Above the chairman there is nobody.
    assert_eq!(who(Rung::Top, &task((Some(5), None), 0), &[]), Vec::<u128>::new());
}

#[test]
fn minutes_are_kept_as_they_were_chosen_and_rise() {
    let some = [Some(5), None, Some(30), None];
    assert_eq!((text(some).as_str(), read(&text(some))), ("5,,30,", some));
    assert!(rises(some).is_ok() && rises([Some(5), Some(4), None, None]).is_err());
    for cause in Cause::ALL {
        assert!(rises(house(*cause, at(10, 16, (8, 0)).date())).is_ok());
    }
}
