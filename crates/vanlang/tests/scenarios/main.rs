//! The acceptance scenarios of documents and their exchange, played by people at their browsers. Each is told
//! on SQLite and, where there is a server, on PostgreSQL; each ends with the invariants that apply to it.

#[cfg(test)]
mod invariants;
#[cfg(test)]
mod journals;
#[cfg(test)]
mod moving;
#[cfg(test)]
mod processes;
#[cfg(test)]
mod reads;
#[cfg(test)]
mod s01_down_four_levels;
#[cfg(test)]
mod s02_back_up;
#[cfg(test)]
mod s03_broadcast;
#[cfg(test)]
mod s04_real_packets;
#[cfg(test)]
mod s06_rejection;
#[cfg(test)]
mod s07_recall;
#[cfg(test)]
mod s08_refused_queued_crossing;
#[cfg(test)]
mod s09_packets;
#[cfg(test)]
mod s09_update_and_replace;
#[cfg(test)]
mod s12_status_storm;
#[cfg(test)]
mod s15_unknown_recipient;
#[cfg(test)]
mod s17_urgent;
#[cfg(test)]
mod s18_numbering_race;
#[cfg(test)]
mod s19_copies;
#[cfg(test)]
mod s19_lasting;
#[cfg(test)]
mod s19_remote;
#[cfg(test)]
mod s19_signatures;
#[cfg(test)]
mod s19_tokens;
#[cfg(test)]
mod s21_guesses;
#[cfg(test)]
mod s21_isolation;
#[cfg(test)]
mod s21_world;
#[cfg(test)]
mod s22_dossier;
#[cfg(test)]
mod s23_delegation;
#[cfg(test)]
mod s25_opinions;
#[cfg(test)]
#[path = "../secure/mod.rs"]
mod secure;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod story;
#[cfg(test)]
mod uploads;
