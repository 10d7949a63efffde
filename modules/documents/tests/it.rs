//! Stories of the module, and what it owes the house.
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a story stops at the first surprise")]

mod it {
    mod beside;
    mod board;
    mod capture;
    mod editor;
    mod escalation;
    mod house;
    mod incoming;
    mod opinions;
    mod outgoing;
    mod polled;
    mod print;
    mod recall;
    mod secret;
    mod steps;
    mod talk;
}
