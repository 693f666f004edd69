//! Lectern on one machine.
