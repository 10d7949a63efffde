//! Whether the journal is whole.

use super::journal::{Line, hash};
use super::seals::unhex;
use base::Result;
use kernel::{Database, FromRow, Sql, q, values};
use proof::{Seal, Tree};
use std::collections::{HashMap, VecDeque};
use uuid::Uuid;

static ALL: Sql =
    q!("SELECT id, agency_id, n, agency_code, seq, at, direction, envelope_id, kind, document_id,
        counterpart, packet, receipt, previous, hash
     FROM platform_journal
     WHERE {scope} AND n > $1
     ORDER BY n
     LIMIT 5000");
static SEALS: Sql = q!("SELECT number, first_n, last_n, statement FROM platform_seals ORDER BY number");
static HEAD: Sql = q!("SELECT n FROM platform_journal_head WHERE one = 1");

type Named<T> = std::result::Result<T, String>;

/// Walks all journals of a tenant from the first line to the last: how many lines, or the name of the first line or
/// seal that was edited, removed or slipped in.
///
/// # Errors
/// What the database reports.
pub fn verify(db: &dyn Database) -> Result<Named<i64>> {
    let mut walk = Walk { seals: seals(db)?, ..Walk::default() };
    loop {
        let (before, mut bad) = (walk.n, None);
        db.query(&ALL, values![before], &mut |row| {
            let line = Line::from_row(row)?;
            if bad.is_none() {
                bad = walk.line(&line)?.err();
            }
            Ok(())
        })?;
        if let Some(name) = bad {
            return Ok(Err(name));
        }
        if walk.n == before {
            break;
        }
    }
    let mut head = 0;
    db.query(&HEAD, &[], &mut |row| {
        head = row.take()?;
        Ok(())
    })?;
    Ok(walk.end(head))
}

/// A seal with its columns.
struct Kept {
    number: i64,
    first: i64,
    last: i64,
    statement: String,
}

fn seals(db: &dyn Database) -> Result<VecDeque<Kept>> {
    let mut seals = VecDeque::new();
    db.query(&SEALS, &[], &mut |row| {
        let (number, first, last, statement) = <(i64, i64, i64, String)>::from_row(row)?;
        seals.push_back(Kept { number, first, last, statement });
        Ok(())
    })?;
    Ok(seals)
}

#[derive(Default)]
struct Walk {
    n: i64,
    /// Place and hash of the last line of each agency.
    last: HashMap<Uuid, (i64, String)>,
    tree: Tree,
    seals: VecDeque<Kept>,
    /// Number and hash of the last seal.
    seal: (i64, String),
}

impl Walk {
    fn line(&mut self, line: &Line) -> Result<Named<()>> {
        let (seq, previous) = self.last.remove(&line.agency_id).unwrap_or_default();
        let fits = line.n == self.n + 1 && line.seq == seq + 1 && line.previous == previous;
        if !fits || line.entry().is_err() || hash(&line.entry()?)? != line.hash {
            return Ok(Err(format!("platform_journal {}", self.n + 1)));
        }
        self.n = line.n;
        self.last.insert(line.agency_id, (line.seq, line.hash.clone()));
        let Some(leaf) = unhex(&line.hash) else { return Ok(Err(format!("platform_journal {}", line.n))) };
        self.tree.push(leaf);
        Ok(self.sealed())
    }

    /// Compares a seal that ends at this line.
    fn sealed(&mut self) -> Named<()> {
        let Some(kept) = self.seals.front().filter(|kept| kept.last == self.n) else { return Ok(()) };
        let name = || format!("platform_seals {}", kept.number);
        let seal: Seal = serde_json::from_str(&kept.statement).map_err(|_| name())?;
        let fits = seal.number == self.seal.0 + 1
            && (seal.number, seal.first, seal.last) == (kept.number, kept.first, kept.last)
            && seal.previous == self.seal.1
            && seal.root == kernel::hex(&self.tree.root());
        if !fits {
            return Err(name());
        }
        self.seal = (seal.number, proof::sha256(kept.statement.as_bytes()));
        self.tree = Tree::default();
        self.seals.pop_front();
        Ok(())
    }

    fn end(&self, head: i64) -> Named<i64> {
        match self.seals.front() {
            _ if head != self.n => Err(format!("platform_journal {}", self.n + 1)),
            Some(kept) => Err(format!("platform_seals {}", kept.number)),
            None => Ok(self.n),
        }
    }
}
