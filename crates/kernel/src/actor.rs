//! Who acts, and where each of their rights reaches.

use base::{AgencyId, PersonId, UnitId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A right an actor may hold somewhere in the organisation tree. Zero-sized; one type per right.
pub trait Permission: 'static {
    /// Text id: `module.noun.verb`.
    const ID: &'static str;
    /// Roles that hold it when a tenant is founded.
    const ROLES: &'static [&'static str];
}

/// Declares rights: `rights! { /// Reads documents. IncomingRead = "documents.incoming.read" for ["clerk", "leader"]; }`.
#[macro_export]
macro_rules! rights {
    ($($(#[$m:meta])* $n:ident = $id:literal for [$($role:literal),* $(,)?];)*) => {
        $($(#[$m])*
        #[derive(Debug)]
        pub struct $n;
        impl $crate::Permission for $n {
            const ID: &'static str = $id;
            const ROLES: &'static [&'static str] = &[$($role),*];
        })*
    };
}

/// Anybody, signed in or not: public pages.
#[derive(Debug)]
pub struct Public;
impl Permission for Public {
    const ID: &'static str = "public";
    const ROLES: &'static [&'static str] = &[];
}

/// Anybody signed in: their own desk and settings.
#[derive(Debug)]
pub struct SignedIn;
impl Permission for SignedIn {
    const ID: &'static str = "signed-in";
    const ROLES: &'static [&'static str] = &[];
}

/// The system itself: jobs and arriving envelopes. No route can ask for it.
#[derive(Debug)]
pub struct System;
impl Permission for System {
    const ID: &'static str = "system";
    const ROLES: &'static [&'static str] = &[];
}

/// Where a right reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Rows of these agencies.
    Agencies(Vec<AgencyId>),
    /// Every row of the tenant.
    Everything,
}

/// The person (or the system) on whose behalf a request runs.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person; `None` for the public and the system.
    pub person: Option<PersonId>,
    /// Shown in the bar and in the timeline.
    pub name: String,
    /// The post they act in: "Văn thư, VP UBND tỉnh".
    pub post: String,
    /// The agency they work in.
    pub agency: Option<AgencyId>,
    /// The unit they work in.
    pub unit: Option<UnitId>,
    /// Each right and where it reaches; shared, as the actor is passed on often and never changed.
    pub rights: Arc<BTreeMap<String, Scope>>,
    /// The people they stand in for while those are away, with their rights merged above.
    pub stands_for: Vec<PersonId>,
}

impl Actor {
    /// A visitor who has not signed in.
    pub fn visitor() -> Actor {
        Actor {
            person: None,
            name: String::new(),
            post: String::new(),
            agency: None,
            unit: None,
            rights: Arc::default(),
            stands_for: Vec::new(),
        }
    }

    /// The system, for jobs. `name` is shown in the audit log.
    pub fn system(name: &str) -> Actor {
        Actor { name: name.to_owned(), ..Actor::visitor() }
    }

    /// Where a right reaches for this actor; `None` when they hold it nowhere.
    pub fn reach(&self, right: &str) -> Option<Scope> {
        match right {
            "public" => Some(Scope::Agencies(self.agency.into_iter().collect())),
            "signed-in" => self.person.map(|_| Scope::Agencies(self.agency.into_iter().collect())),
            "system" => self.person.is_none().then_some(Scope::Everything),
            right => self.rights.get(right).cloned(),
        }
    }

    /// True when the actor holds the right somewhere.
    pub fn may<P: Permission>(&self) -> bool {
        self.holds(P::ID)
    }

    /// True when the right reaches rows of this agency. Holding it somewhere else is not enough.
    pub fn reaches(&self, right: &str, agency: AgencyId) -> bool {
        match self.rights.get(right) {
            Some(Scope::Everything) => true,
            Some(Scope::Agencies(agencies)) => agencies.contains(&agency),
            None => matches!(right, "public" | "signed-in") && self.agency == Some(agency),
        }
    }

    /// True when [`Actor::reach`] of the right is somewhere; the places themselves may be hundreds.
    pub fn holds(&self, right: &str) -> bool {
        match right {
            "public" => true,
            "signed-in" => self.person.is_some(),
            "system" => self.person.is_none(),
            right => self.rights.contains_key(right),
        }
    }
}
