//! Ids of the organisation, which every floor speaks of.

use crate::Id;

/// What the ids of this page name.
pub mod noun {
    /// An agency (cơ quan): sends and receives documents under its own code.
    #[derive(Debug)]
    pub enum Agency {}
    /// A unit (đơn vị) inside an agency.
    #[derive(Debug)]
    pub enum Unit {}
    /// A person.
    #[derive(Debug)]
    pub enum Person {}
    /// A task somebody owns.
    #[derive(Debug)]
    pub enum Task {}
}

/// The id of an agency.
pub type AgencyId = Id<noun::Agency>;
/// The id of a unit inside an agency.
pub type UnitId = Id<noun::Unit>;
/// The id of a person.
pub type PersonId = Id<noun::Person>;
/// The id of a task.
pub type TaskId = Id<noun::Task>;
