//! Trying again when others were quicker.

use std::time::{Duration, Instant};

use rand::Rng;

use super::{BookingError, PATIENCE};

/// Half of the window in which the first pause after a lost round falls.
const FIRST_PAUSE: Duration = Duration::from_micros(2500);
/// The widest window in which a pause falls.
const LONGEST_PAUSE: Duration = Duration::from_millis(1500);

/// A race for the same items, bounded by time.
#[derive(Debug)]
pub struct Race {
    began: Instant,
    patience: Duration,
    lost: u32,
}

impl Race {
    /// One that is run for as long as a booking has time.
    pub(crate) fn start() -> Self {
        Self::lasting(PATIENCE)
    }

    /// One that is given up after `patience`.
    pub fn lasting(patience: Duration) -> Self {
        Self { began: Instant::now(), patience, lost: 0 }
    }

    /// Waits a little after a lost round.
    ///
    /// # Errors
    /// [`BookingError::Contention`] where its time is over.
    pub async fn lost(&mut self) -> Result<(), BookingError> {
        if self.began.elapsed() > self.patience {
            return Err(BookingError::Contention);
        }
        self.lost += 1;
        // The window begins small, since of a few in a race somebody wins every round, and waiting would only
        // leave the host idle. It doubles until as many fit into it, one after another, as are in the race: a
        // hundred whose turns take ten milliseconds each need a second.
        let most = LONGEST_PAUSE.min(FIRST_PAUSE * 2_u32.pow(self.lost.min(10)));
        let pause = most.mul_f64(rand::rng().random_range(0.0..1.0));
        tokio::time::sleep(pause).await;
        Ok(())
    }
}
