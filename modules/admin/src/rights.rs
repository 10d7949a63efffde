//! The rights of this module, and the role that holds them when a tenant is founded.

kernel::rights! {
    /// Keeps the directory: agencies and their units.
    AdminOrganisation = "admin.organisation.manage" for ["admin"];
    /// Keeps people and their posts.
    AdminPeople = "admin.people.manage" for ["admin"];
    /// Enters and takes away digital signatures.
    AdminSigners = "admin.signers.manage" for ["admin"];
    /// Gives rights to roles and takes them back.
    AdminRights = "admin.rights.manage" for ["admin"];
    /// Reads the audit log.
    AdminAudit = "admin.audit.read" for ["admin"];
    /// Keeps the agency's doors to the outside: its mail box, the programs that are told.
    AdminDoors = "admin.doors.manage" for ["admin"];
    /// Watches the queues and tries failed work again.
    AdminHealth = "admin.health.watch" for ["admin"];
}
