//! HTTP, databases, sessions, jobs and the exchange transport.
