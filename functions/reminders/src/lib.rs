//! The function `reminders`.
