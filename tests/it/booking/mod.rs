//! Booking: what is taken stays taken, whatever happens at once or goes wrong.

mod at_once;
mod called_off_twice;
mod changes;
mod crossings;
mod dates_from_zoom;
mod ending;
mod hosts;
mod in_turn;
mod lifecycle;
mod occurrences;
mod overtaken;
mod patience;
mod series;
mod unclear;
