//! What is read off a directory: where an agency is at home, and by which way a node reaches it.

use crate::{Agency, Directory, NodeEntry};

/// Where something for an agency goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route<'a> {
    /// The agency is at home at the node that asks.
    Here,
    /// To its home.
    Direct(&'a NodeEntry),
    /// To a node that passes it on.
    Through(&'a NodeEntry),
    /// The agency has ended; the codes of those who took over.
    Ended(&'a [String]),
    /// No agency of this code, or no way to it.
    Unknown,
}

impl Directory {
    /// A node by name.
    pub fn node(&self, name: &str) -> Option<&NodeEntry> {
        self.snapshot.node(name)
    }

    /// An agency by its code, or by its code of the other form. Its own code goes before.
    pub fn agency(&self, code: &str) -> Option<&Agency> {
        let agencies = &self.snapshot.agencies;
        if let Ok(at) = agencies.binary_search_by(|agency| agency.code.as_str().cmp(code)) {
            return agencies.get(at);
        }
        let key = |at: &usize| agencies.get(*at).map(|one| one.code_qd20.as_str()).unwrap_or_default();
        let first = self.by_qd20.partition_point(|at| key(at) < code);
        let found = self.by_qd20.get(first).filter(|at| key(at) == code)?;
        agencies.get(*found)
    }

    /// The way of something for an agency, from a node on a day (`2026-12-01`).
    pub fn route(&self, code: &str, (me, day): (&str, &str)) -> Route<'_> {
        let Some(agency) = self.agency(code) else { return Route::Unknown };
        if agency.valid_to.as_deref().is_some_and(|last| last < day) {
            return Route::Ended(&agency.successors);
        }
        self.way(&agency.home, me)
    }

    /// The way from one node to another.
    pub fn way(&self, home: &str, me: &str) -> Route<'_> {
        if home == me {
            return Route::Here;
        }
        let Some(home) = self.node(home) else { return Route::Unknown };
        if self.speaks(me, home) {
            return Route::Direct(home);
        }
        // The lowest node over the home that we may speak to: each step down the tree is one nearer.
        let mut at = home;
        while let Some(over) = at.above.as_deref().and_then(|above| self.node(above)) {
            if over.name != me && self.speaks(me, over) {
                return Route::Through(over);
            }
            at = over;
        }
        let above = self.node(me).and_then(|node| node.above.as_deref()).and_then(|above| self.node(above));
        above.map_or(Route::Unknown, Route::Through)
    }

    /// True when a node may open a connection to another.
    fn speaks(&self, from: &str, to: &NodeEntry) -> bool {
        let below = self.node(from).is_some_and(|from| from.above.as_deref() == Some(&to.name));
        !to.relayed || to.above.as_deref() == Some(from) || below
    }

    /// True when a node may sign for an agency: it is at home there.
    pub fn may_speak(&self, node: &str, code: &str) -> bool {
        self.agency(code).is_some_and(|agency| agency.home == node)
    }
}
