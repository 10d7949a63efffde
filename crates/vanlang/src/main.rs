//! Văn Lang.
fn main() {}
