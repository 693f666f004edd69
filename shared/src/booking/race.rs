//! Trying again when others were quicker.

use std::time::{Duration, Instant};

use rand::Rng;

use super::{BookingError, PATIENCE};

/// The window in which the first pause after a lost round falls is four times this.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
/// The widest window in which a pause falls.
const LONGEST_PAUSE: Duration = Duration::from_millis(1500);

/// A race for the same items, bounded by time.
pub(super) struct Race {
    began: Instant,
    lost: u32,
}

impl Race {
    pub(super) fn start() -> Self {
        Self { began: Instant::now(), lost: 0 }
    }

    /// Waits a little after a lost round, or gives up.
    pub(super) async fn lost(&mut self) -> Result<(), BookingError> {
        if self.began.elapsed() > PATIENCE {
            return Err(BookingError::Contention);
        }
        self.lost += 1;
        // The window grows until as many fit into it, one after another, as are in the race: a hundred whose
        // turns take ten milliseconds each need a second.
        let most = LONGEST_PAUSE.min(FIRST_PAUSE * 4_u32.pow(self.lost.min(6)));
        let pause = most.mul_f64(rand::rng().random_range(0.0..1.0));
        tokio::time::sleep(pause).await;
        Ok(())
    }
}
