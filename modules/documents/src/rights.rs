//! The rights of this module, and the roles that hold them when a tenant is founded.

kernel::rights! {
    /// Reads documents that came to the agency.
    IncomingRead = "documents.incoming.read" for ["clerk", "leader", "head", "officer"];
    /// Checks, registers, returns and enters incoming documents.
    IncomingRegister = "documents.incoming.register" for ["clerk"];
    /// Gives the leader's direction.
    IncomingDirect = "documents.incoming.direct" for ["leader"];
    /// Assigns work inside a unit.
    IncomingAssign = "documents.incoming.assign" for ["head", "leader"];
    /// Handles a document that was assigned.
    IncomingHandle = "documents.incoming.handle" for ["officer", "head", "clerk"];
    /// Reads documents the agency writes.
    OutgoingRead = "documents.outgoing.read" for ["clerk", "leader", "head", "officer"];
    /// Drafts and comments.
    OutgoingDraft = "documents.outgoing.draft" for ["officer", "head", "clerk"];
    /// Answers for the content of a draft.
    OutgoingApproveContent = "documents.outgoing.approve-content" for ["head"];
    /// Answers for the form of a draft.
    OutgoingApproveFormat = "documents.outgoing.approve-format" for ["clerk"];
    /// Approves a draft as the competent person.
    OutgoingApprove = "documents.outgoing.approve" for ["leader"];
    /// Numbers and issues.
    OutgoingIssue = "documents.outgoing.issue" for ["clerk"];
    /// Reads and prints the registers.
    RegisterRead = "documents.register.read" for ["clerk", "leader"];
}
