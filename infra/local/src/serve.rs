//! Listeners on the loopback address, and how they stop.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::error::StackError;

/// How long requests that still run may take when the stack stops.
const GRACE: Duration = Duration::from_secs(5);

/// A port on the loopback address that is bound but not yet served.
#[derive(Debug)]
pub(crate) struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Binds `port`, or a free one for 0.
    pub(crate) async fn bind(port: u16) -> Result<Self, StackError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => StackError::PortInUse(port),
            _ => StackError::Listen { port, source },
        };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// The URL that will be served, without a slash at its end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves `router` until stopped.
    pub(crate) fn serve(self, router: Router) -> Server {
        self.run(|listener, stopped| async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(stopped)
                .await
                .map_err(|error| error.to_string())
        })
    }

    /// Serves `database` until stopped.
    pub(crate) fn serve_database(self, database: dynoxide::Database) -> Server {
        self.run(|listener, stopped| dynoxide::server::serve_with_shutdown(listener, database, stopped))
    }

    fn run<F, S>(self, serve: S) -> Server
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
        S: FnOnce(TcpListener, futures::future::BoxFuture<'static, ()>) -> F,
    {
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = Box::pin(async {
            // A sender that is dropped means the same as one that speaks.
            stopped.await.unwrap_or_default();
        });
        let task = tokio::spawn(serve(self.listener, stopped));
        Server { stop, task, address: self.address }
    }
}

/// A running listener.
#[derive(Debug)]
pub(crate) struct Server {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), String>>,
    address: SocketAddr,
}

impl Server {
    /// Stops accepting, lets running requests finish, and returns when they have.
    pub(crate) async fn stop(self) {
        let address = self.address;
        if self.stop.send(()).is_err() {
            tracing::warn!(%address, "listener had already stopped");
        }
        let abort = self.task.abort_handle();
        match tokio::time::timeout(GRACE, self.task).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::error!(%address, error, "listener failed"),
            Ok(Err(error)) => tracing::error!(%address, %error, "listener ended abnormally"),
            Err(_) => {
                abort.abort();
                tracing::warn!(%address, "listener stopped with requests still running");
            }
        }
    }
}
