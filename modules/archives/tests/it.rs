//! Stories of the module, told through HTTP, and what it owes the house.
#![expect(clippy::unwrap_used, reason = "a story stops at the first surprise")]

mod it {
    mod archive;
    mod attacks;
    mod catalogues;
    mod dossiers;
    mod house;
    mod people;
    mod print;
}
