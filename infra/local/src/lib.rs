//! Lectern on one machine.

pub mod sandbox;
