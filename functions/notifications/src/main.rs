//! The function `notifications` on Lambda.

fn main() {}
