//! The function `notifications`.
