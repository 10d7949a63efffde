//! The rights of this module, and the role that holds them when a tenant is founded.

kernel::rights! {
    /// Keeps the directory: agencies and their units.
    AdminOrganisation = "admin.organisation" for ["admin"];
    /// Keeps people and their posts.
    AdminPeople = "admin.people" for ["admin"];
    /// Gives rights to roles and takes them back.
    AdminRights = "admin.rights" for ["admin"];
    /// Reads the audit log.
    AdminAudit = "admin.audit" for ["admin"];
    /// Watches the queues and tries failed work again.
    AdminHealth = "admin.health" for ["admin"];
}
