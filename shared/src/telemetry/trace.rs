//! The trace that the present work belongs to.

use crate::domain::trace::TraceId;

tokio::task_local! {
    static CURRENT: TraceId;
}

/// Does work as part of a trace.
pub async fn within<T>(trace: TraceId, work: impl Future<Output = T>) -> T {
    CURRENT.scope(trace, work).await
}

/// The trace of the request that is being answered; none where no request asked for the work.
pub fn current() -> Option<TraceId> {
    CURRENT.try_with(|trace| *trace).ok()
}
