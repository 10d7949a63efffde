//! The nouns. Their tables belong to `platform` and `kernel`; here are the words the screens offer.

use kernel::states;
use platform::organisations::Tier;

states! {
    /// What a person is in an agency.
    pub(crate) enum Role {
        /// Leads the agency.
        Leader = "leader",
        /// Receives, numbers and issues.
        Clerk = "clerk",
        /// Leads a unit.
        Head = "head",
        /// Handles.
        Officer = "officer",
        /// Keeps the archive.
        Archivist = "archivist",
        /// Keeps people, rights and the directory.
        Admin = "admin",
    }
}

impl Role {
    /// Text key of its name.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Role::Leader => "admin.role.leader",
            Role::Clerk => "admin.role.clerk",
            Role::Head => "admin.role.head",
            Role::Officer => "admin.role.officer",
            Role::Archivist => "admin.role.archivist",
            Role::Admin => "admin.role.admin",
        }
    }
}

states! {
    /// Where the rights of a post reach.
    pub(crate) enum Reach {
        /// The agency.
        Own = "own",
        /// The agency and everything below it.
        Subtree = "subtree",
    }
}

impl Reach {
    /// Text key of its name.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Reach::Own => "admin.reach.own",
            Reach::Subtree => "admin.reach.subtree",
        }
    }
}

states! {
    /// How an agency ends.
    pub(crate) enum Ending {
        /// Into one that takes over all it had.
        Merged = "merged_into",
        /// Into several.
        Split = "split_to",
        /// It goes on under another name and code.
        Renamed = "renamed",
        /// Nobody takes over.
        Abolished = "abolished",
    }
}

impl Ending {
    /// Text key of its name.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Ending::Merged => "admin.ending.merged_into",
            Ending::Split => "admin.ending.split_to",
            Ending::Renamed => "admin.ending.renamed",
            Ending::Abolished => "admin.ending.abolished",
        }
    }
}

states! {
    /// What an agency is.
    pub(crate) enum AgencyKind {
        /// A people's committee.
        Committee = "committee",
        /// An office.
        Office = "office",
        /// A ministry.
        Ministry = "ministry",
        /// A department.
        Department = "department",
        /// A centre.
        Centre = "centre",
        /// Anything else.
        Other = "other",
    }
}

impl AgencyKind {
    /// Text key of its name.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            AgencyKind::Committee => "admin.kind.committee",
            AgencyKind::Office => "admin.kind.office",
            AgencyKind::Ministry => "admin.kind.ministry",
            AgencyKind::Department => "admin.kind.department",
            AgencyKind::Centre => "admin.kind.centre",
            AgencyKind::Other => "admin.kind.other",
        }
    }
}

/// Text key of a tier's name.
pub(crate) const fn tier_key(tier: Tier) -> &'static str {
    match tier {
        Tier::Central => "platform.tier.central",
        Tier::Province => "platform.tier.province",
        Tier::District => "platform.tier.district",
        Tier::Commune => "platform.tier.commune",
    }
}

/// Parts of the program whose acts the audit log is filtered by: the beginning of the act's key, and the
/// text key of the part's name.
pub(crate) const ACT_AREAS: &[(&str, &str)] = &[
    ("documents.", "admin.module.documents"),
    ("archives.", "admin.module.archives"),
    ("admin.", "admin.module.admin"),
    ("desk.", "admin.module.desk"),
    ("sessions.", "admin.audit.area.sessions"),
    ("platform.", "admin.audit.area.platform"),
];
