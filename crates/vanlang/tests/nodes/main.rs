//! Several installations under one authority: letters, receipts and files between machines, over real connections.

#[cfg(test)]
mod country;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod line;
#[cfg(test)]
#[path = "../scenarios/story.rs"]
#[expect(dead_code, reason = "the scenarios of one machine use more of it")]
mod story;
#[cfg(test)]
mod stranger;
#[cfg(test)]
mod tampered;
#[cfg(test)]
mod troubled;
