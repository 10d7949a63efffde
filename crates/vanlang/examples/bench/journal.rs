//! A tenant's exchange journal, verified from the first line to the last, seals too.

use crate::report;
use base::AgencyId;
use kernel::Scope;
use platform::evidence::{self, Direction, Entry};
use std::time::Instant as Clock;
use testkit::Town;
use uuid::Uuid;

const LINES: u128 = 1_000_000;
/// Lines of one transaction, then a seal: a busy minute.
const AT_ONCE: u128 = 10_000;
const BOUND_SECONDS: f64 = 10.0;

/// A million lines of one agency.
pub(crate) fn run() {
    let town = Town::with(vec![documents::module(), desk::module(), admin::module()]);
    let agency: AgencyId = town.agency("Phú Thọ").id;
    for begin in (0..LINES).step_by(usize::try_from(AT_ONCE).unwrap()) {
        town.act("phutho", move |cx| {
            cx.record_nothing("a measurement");
            for n in begin..begin + AT_ONCE {
                let new = Entry {
                    direction: Direction::Sent,
                    envelope: Uuid::from_u128(n),
                    kind: "document",
                    document: "000.00.00.H44,2026/12/01,7/UBND-VX",
                    counterpart: "000.00.12.H44",
                    packet: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                    receipt: "",
                };
                evidence::note(cx, agency, &new)?;
            }
            evidence::make(cx, "phutho").map(drop)
        });
    }
    let began = Clock::now();
    let act = |db: &dyn kernel::Database| evidence::verify(db);
    let whole = town.wait(town.db("phutho").read(Scope::Everything, act)).unwrap();
    let took = began.elapsed().as_secs_f64();
    let lines = u128::try_from(whole.expect("nothing was changed")).unwrap();
    assert_eq!(lines, LINES);
    let text = format!("{took:.1} s");
    report(
        "journal: verify 1,000,000 lines and 100 seals",
        &text,
        "10 s",
        (BOUND_SECONDS / took, took <= BOUND_SECONDS),
    );
}
