//! Looking at each request to an AWS service: how a test sees all that is ever written, what is overwritten
//! or deleted later included.

use std::fmt;
use std::sync::OnceLock;

/// A request to a service.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The service, by the name under which its calls are counted.
    pub service: &'static str,
    /// The operation, as AWS names it.
    pub operation: &'a str,
    /// The body; a mail is shown a second time, decoded.
    pub body: &'a [u8],
}

type Look = Box<dyn Fn(&Seen<'_>) + Send + Sync>;

/// Who is shown each request, where there is someone.
#[derive(Default)]
pub struct Onlooker {
    look: OnceLock<Look>,
}

impl fmt::Debug for Onlooker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Onlooker").field("is_present", &self.is_present()).finish()
    }
}

impl Onlooker {
    /// Shows every request from now on to `look`; returns whether there was no one else yet.
    pub fn look_with(&self, look: impl Fn(&Seen<'_>) + Send + Sync + 'static) -> bool {
        self.look.set(Box::new(look)).is_ok()
    }

    /// Whether someone looks: requests need not be read whole where no one does.
    pub(crate) fn is_present(&self) -> bool {
        self.look.get().is_some()
    }

    pub(crate) fn show(&self, seen: &Seen<'_>) {
        if let Some(look) = self.look.get() {
            look(seen);
        }
    }
}
