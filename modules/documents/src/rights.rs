//! The rights of this module, and the roles that hold them when a tenant is founded.

kernel::rights! {
    /// Reads documents that came to the agency.
    IncomingRead = "documents.incoming.read" for ["clerk", "leader", "head", "officer", "archivist"];
    /// Checks, registers, returns and enters incoming documents.
    IncomingRegister = "documents.incoming.register" for ["clerk"];
    /// Gives the leader's direction.
    IncomingDirect = "documents.incoming.direct" for ["leader"];
    /// Assigns work inside a unit.
    IncomingAssign = "documents.incoming.assign" for ["head", "leader"];
    /// Handles a document that was assigned.
    IncomingHandle = "documents.incoming.handle" for ["officer", "head", "clerk"];
    /// Talks about the work on an incoming document.
    IncomingComment = "documents.incoming.comment" for ["clerk", "leader", "head", "officer"];
    /// Answers senders that ask for a document back or send another version of it.
    IncomingGiveBack = "documents.incoming.give-back" for ["clerk"];
    /// Reads documents the agency writes.
    OutgoingRead = "documents.outgoing.read" for ["clerk", "leader", "head", "officer", "archivist"];
    /// Drafts and comments.
    OutgoingDraft = "documents.outgoing.draft" for ["officer", "head", "clerk"];
    /// Answers for the content of a draft.
    OutgoingApproveContent = "documents.outgoing.approve-content" for ["head"];
    /// Answers for the form of a draft.
    OutgoingApproveFormat = "documents.outgoing.approve-format" for ["clerk"];
    /// Gives an opinion or initials a draft where the agency's steps ask for it.
    OutgoingReview = "documents.outgoing.review" for ["clerk", "leader", "head", "officer"];
    /// Approves a draft as the competent person.
    OutgoingApprove = "documents.outgoing.approve" for ["leader"];
    /// Chooses the steps drafts pass in the agency, and when late work is told further up.
    StepsEdit = "documents.steps.edit" for ["leader", "admin"];
    /// Numbers and issues.
    OutgoingIssue = "documents.outgoing.issue" for ["clerk"];
    /// Asks colleagues for their opinion.
    OpinionAsk = "documents.opinion.ask" for ["leader", "head", "officer", "clerk"];
    /// Gives an opinion that was asked for, and reads those of the agency.
    OpinionGive = "documents.opinion.give" for ["leader", "head", "officer", "clerk"];
    /// Sees what is late in the agency and at those it wrote to.
    BoardRead = "documents.board.read" for ["leader", "head"];
    /// Reminds colleagues of work that is late.
    IncomingRemind = "documents.incoming.remind" for ["leader", "head"];
    /// Draws and voids numbers of secret documents, which stay on paper.
    OutgoingNumberSecret = "documents.outgoing.number-secret" for ["clerk"];
    /// Makes copies of documents under the agency's own number and signature.
    CopyMake = "documents.copies.make" for ["clerk"];
    /// Asks recipients for an issued document back.
    OutgoingRecall = "documents.outgoing.recall" for ["clerk"];
    /// Reads and prints the registers.
    RegisterRead = "documents.register.read" for ["clerk", "leader"];
    /// Reads and prints the register of secret documents.
    RegisterReadSecret = "documents.register.read-secret" for ["clerk", "leader"];
}
