//! `cargo run`: the whole of Lectern on one machine.

fn main() {}
