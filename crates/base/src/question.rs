//! What one module asks another without knowing it. The question is a type of `contracts`; the kernel carries it to
//! whoever answers.

use uuid::Uuid;

/// A typed question and what is answered to it.
pub trait Question: 'static {
    /// Its name in manifests and in the audit log: `documents.incoming`.
    const NAME: &'static str;
    /// What is answered.
    type Answer: 'static;
    /// The thing asked about: what it is, and which. The audit log tells the answer of it.
    fn subject(&self) -> (&'static str, Uuid);
}
