//! Booking: what is taken stays taken, whatever happens at once or goes wrong.

mod at_once;
mod changes;
mod crossings;
mod hosts;
mod lifecycle;
mod series;
mod unclear;
