//! Why the stack does not start.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use crate::sandbox::SandboxError;

/// Why the stack does not start; each says what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StackError {
    /// Another process holds the data directory.
    #[error("{} is in use by another Lectern: stop it, or name another with --data", .0.display())]
    DataInUse(PathBuf),
    /// The data directory cannot be used.
    #[error("{} cannot be used as data directory", path.display())]
    DataDirectory {
        /// The directory, or the file in it.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The port is taken.
    #[error("port {0} is already in use: stop what listens there, or choose another with --port")]
    PortInUse(u16),
    /// The port cannot be listened on for another reason.
    #[error("port {port} cannot be listened on")]
    Listen {
        /// The port.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// An embedded service did not open.
    #[error("{service} did not start")]
    Service {
        /// The service's name.
        service: &'static str,
        /// What it says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// A table, queue or secret could not be made.
    #[error("{what} could not be prepared")]
    Prepare {
        /// The table, queue or secret.
        what: &'static str,
        /// What the service says.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The sandbox did not open.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The functions could not be built.
    #[error("the functions did not start")]
    Functions(#[source] Box<dyn Error + Send + Sync>),
}

impl StackError {
    pub(crate) fn service<E>(service: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        move |source| Self::Service { service, source: source.into() }
    }

    pub(crate) fn prepare<E>(what: &'static str) -> impl FnOnce(E) -> Self
    where
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        move |source| Self::Prepare { what, source: source.into() }
    }
}
