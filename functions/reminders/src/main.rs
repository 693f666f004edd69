//! The function `reminders` on Lambda.

fn main() {}
