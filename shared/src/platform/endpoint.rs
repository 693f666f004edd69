//! Where a tenant's events go.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use url::{Host, Url};

use super::{address, resolver};

/// The longest address that is taken.
const LONGEST: usize = 2_000;
/// How long the look-up of a name may take when an endpoint is set.
const LOOK_UP: Duration = Duration::from_secs(5);

/// Which networks events may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The public Internet, over https.
    Public,
    /// Any, over http too: for a machine whose tenants are its own.
    Anywhere,
}

/// An address that events may go to. Its name may still lead where none may go: see [`Endpoint::look_up`].
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

/// Why events cannot go to an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is too long.
    #[error("at most {LONGEST} characters are allowed")]
    TooLong,
    /// It cannot be read.
    #[error("must be a whole address, like https://lms.school.example/lectern")]
    Unreadable,
    /// It is not https.
    #[error("must begin with https://")]
    NotHttps,
    /// It carries a user or a password.
    #[error("must hold no user and no password; events are signed instead")]
    Credentials,
    /// It carries a fragment, which is never sent.
    #[error("must hold no `#`")]
    Fragment,
    /// It leads where no event may go.
    // Which address a name stands for in the deployment's network is nobody's business.
    #[error("leads to an address that is not of the public Internet")]
    NotPublic(IpAddr),
    /// Its name is not known.
    #[error("names a host that cannot be found; check the name, or set it again once it is known")]
    NotFound,
}

impl fmt::Debug for Endpoint {
    /// Shows the host alone: what follows it may be meant for the platform only.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Endpoint").field(&self.0.host_str()).finish()
    }
}

impl Endpoint {
    /// Reads an address; one that is an IP address must be within `reach`. Any port is taken.
    ///
    /// # Errors
    /// When events cannot go there, whatever its name leads to.
    pub fn parse(text: &str, reach: Reach) -> Result<Self, EndpointError> {
        if text.chars().count() > LONGEST {
            return Err(EndpointError::TooLong);
        }
        let url: Url = text.parse().map_err(|_| EndpointError::Unreadable)?;
        let (allowed, host) = match (url.scheme(), reach) {
            ("https", _) | ("http", Reach::Anywhere) => (true, url.host()),
            _ => (false, url.host()),
        };
        if !allowed {
            return Err(EndpointError::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EndpointError::Credentials);
        }
        if url.fragment().is_some() {
            return Err(EndpointError::Fragment);
        }
        let literal = match host {
            None => return Err(EndpointError::Unreadable),
            Some(Host::Domain(_)) => None,
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
        };
        match literal.filter(|address| reach == Reach::Public && !address::is_public(*address)) {
            Some(address) => Err(EndpointError::NotPublic(address)),
            None => Ok(Self(url)),
        }
    }

    /// Looks its name up, and refuses it where that leads out of `reach` or nowhere. The name may lead
    /// elsewhere later: connections are looked at again as they are made.
    ///
    /// # Errors
    /// When its name is not known, or leads where no event may go.
    pub async fn look_up(&self, reach: Reach) -> Result<(), EndpointError> {
        let (Some(Host::Domain(name)), Reach::Public) = (self.0.host(), reach) else { return Ok(()) };
        let found = tokio::time::timeout(LOOK_UP, resolver::look_up(name, reach)).await;
        found.unwrap_or(Err(EndpointError::NotFound)).map(drop)
    }

    /// The address.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_internet_is_taken_on_any_port() {
        for text in
            ["https://lms.school.example/hook?key=1", "https://8.8.8.8:8443", "https://[2606:4700::1]/"]
        {
            assert_eq!(
                Endpoint::parse(text, Reach::Public).unwrap().url().as_str(),
                text.parse::<Url>().unwrap().as_str()
            );
        }
    }

    #[test]
    fn what_is_no_endpoint_is_told_apart() {
        let fault = |text: &str| Endpoint::parse(text, Reach::Public).unwrap_err();
        assert_eq!(fault("lms.school.example"), EndpointError::Unreadable);
        assert_eq!(fault("http://lms.school.example"), EndpointError::NotHttps);
        assert_eq!(fault("ftp://lms.school.example"), EndpointError::NotHttps);
        assert_eq!(fault("https://me@lms.school.example"), EndpointError::Credentials);
        assert_eq!(fault("https://:pw@lms.school.example"), EndpointError::Credentials);
        assert_eq!(fault("https://lms.school.example/#x"), EndpointError::Fragment);
        assert_eq!(
            fault(&format!("https://lms.school.example/{}", "x".repeat(2_000))),
            EndpointError::TooLong
        );
    }

    #[test]
    fn an_ip_address_is_known_in_every_spelling() {
        for text in ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:7f00:1]"] {
            let fault = Endpoint::parse(&format!("https://{text}/"), Reach::Public).unwrap_err();
            assert!(matches!(fault, EndpointError::NotPublic(_)), "{text}: {fault}");
        }
    }

    #[test]
    fn a_machine_of_its_own_may_be_anywhere() {
        for text in ["http://127.0.0.1:9100/hook", "https://localhost/"] {
            assert!(Endpoint::parse(text, Reach::Anywhere).is_ok(), "{text}");
        }
        assert_eq!(Endpoint::parse("ftp://x/", Reach::Anywhere).unwrap_err(), EndpointError::NotHttps);
    }
}
