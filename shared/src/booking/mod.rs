//! Booking.
