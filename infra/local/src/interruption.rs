//! Stopping whoever calls at one of its calls: how a test lets a function die between any two of its awaits.

use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// A cut of the line at one of the calls to come.
#[derive(Debug, Default)]
pub struct Interruption {
    state: Mutex<State>,
    reached: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// How many calls still pass; `None` where all do.
    left: Option<u64>,
    /// The call that did not pass.
    cut: Option<String>,
}

impl Interruption {
    /// Lets `calls` calls pass, and no other after them: those are not carried out, and never answered.
    pub fn after(&self, calls: u64) {
        *self.lock() = State { left: Some(calls), cut: None };
    }

    /// Lets all calls pass again; returns the call that did not, where there was one.
    pub fn lift(&self) -> Option<String> {
        std::mem::take(&mut *self.lock()).cut
    }

    /// Waits until a call did not pass.
    pub async fn reached(&self) {
        loop {
            let notified = self.reached.notified();
            if self.lock().cut.is_some() {
                return;
            }
            notified.await;
        }
    }

    /// Whether this call passes.
    pub(crate) fn passes(&self, operation: &str) -> bool {
        let mut state = self.lock();
        match &mut state.left {
            None => true,
            Some(0) => {
                state.cut.get_or_insert_with(|| operation.to_owned());
                drop(state);
                self.reached.notify_waiters();
                false
            }
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
