//! What proves the exchange: a journal of packets for each agency, chained by hash, and seals over it that the node above
//! countersigns. Both are written in the tenant; the journal in the transaction of what it tells.

mod journal;
mod proofs;
mod seals;
mod whole;

pub use journal::{Entry, Filter, Line, lines, note};
pub use proof::Direction;
pub use proofs::{Found, find, line, proof, sealed_until};
pub use seals::{
    Countersigned, Open, Sealing, Witnessed, countersigned, failing, make, open, remember, sealed, sealing,
    witnessed,
};
pub use whole::verify;
