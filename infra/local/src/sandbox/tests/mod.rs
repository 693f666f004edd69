//! The sandbox over HTTP, in process.
