//! What a tenant's learning platform is told, by signed webhooks ([Standard Webhooks]).
//!
//! Each event is a message of a queue of its own ([`event`]), so that a platform that answers slowly holds up
//! no mail. It is posted to the tenant's [`Endpoint`], signed with the tenant's [`SigningSecret`], and tried
//! again for about a day until the platform takes it. A platform may get an event more than once, each time
//! under the same `webhook-id`, and may get events in any order: those of a meeting carry its version.
//!
//! Tenants choose where events go, so no event leads into a private network: an address is looked at when the
//! endpoint is set, and again by the connection that is made ([`endpoint`], `resolver`). Redirects are not
//! followed.
//!
//! [Standard Webhooks]: https://www.standardwebhooks.com

mod address;
pub mod endpoint;
pub mod event;
mod resolver;
mod sender;
mod signing_secret;

pub use self::endpoint::{Endpoint, EndpointError, Reach};
pub use self::event::{EventId, PlatformEvent};
pub use self::sender::{Answer, SendError, Sender};
pub use self::signing_secret::{SigningSecret, UnusableSecret};

/// After how many seconds an event is sent again, each time that the platform did not take it: 27.6 hours in
/// all. Each fits into the 12 hours that SQS hides a message for.
pub const RETRIES_AFTER_SECONDS: [u16; 7] = [30, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

/// How often an event is sent at most: after so many receipts the queue has it go to the dead letters.
pub const MOST_ATTEMPTS: u32 = 8;

// One try more than there are times between them.
const _: () = assert!(MOST_ATTEMPTS as usize == RETRIES_AFTER_SECONDS.len() + 1);
