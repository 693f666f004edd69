//! Holding a call up: how a test lets others do something between any two awaits of a function.

use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

/// The calls that are to be held up, each once.
#[derive(Debug, Default)]
pub struct Hold(Mutex<Vec<Awaited>>);

/// A call that is held up where it comes by, until this is dropped.
#[derive(Debug)]
pub struct Held {
    reached: oneshot::Receiver<()>,
    _release: oneshot::Sender<()>,
}

#[derive(Debug)]
struct Awaited {
    operation: String,
    reached: oneshot::Sender<()>,
    released: oneshot::Receiver<()>,
}

impl Hold {
    /// Holds the next call of `operation` up, before it is carried out; those after it pass.
    pub fn next(&self, operation: &str) -> Held {
        let (has_reached, reached) = oneshot::channel();
        let (release, released) = oneshot::channel();
        let operation = operation.to_owned();
        self.lock().push(Awaited { operation, reached: has_reached, released });
        Held { reached, _release: release }
    }

    /// Waits where this call is held up.
    pub(crate) async fn pass(&self, operation: &str) {
        let Some(awaited) = self.take(operation) else { return };
        // Who holds it no longer has let it go.
        if awaited.reached.send(()).is_ok() {
            awaited.released.await.unwrap_or_default();
        }
    }

    fn take(&self, operation: &str) -> Option<Awaited> {
        let mut held = self.lock();
        let place = held.iter().position(|awaited| awaited.operation == operation)?;
        Some(held.remove(place))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Awaited>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Waits until the call has come.
    pub async fn reached(&mut self) {
        // The sender goes with the call alone.
        (&mut self.reached).await.unwrap_or_default();
    }
}
