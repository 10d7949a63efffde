//! Module documents.
