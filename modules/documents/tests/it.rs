//! Stories of the module, and what it owes the house.

mod it {
    mod house;
    mod incoming;
    mod outgoing;
}
