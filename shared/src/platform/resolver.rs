//! Looking up the names of endpoints.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address;
use super::endpoint::{EndpointError, Reach};

/// What the connections of the HTTP client look names up with: what is looked at is what is connected to, so
/// that a name cannot lead elsewhere in between.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver(pub(super) Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = look_up(name.as_str(), reach).await?;
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// What a name leads to.
pub(super) async fn look_up(name: &str, reach: Reach) -> Result<Vec<SocketAddr>, EndpointError> {
    // The port is none of the resolver's: the client puts the endpoint's in its place.
    let found = tokio::net::lookup_host((name, 0)).await.map_err(|_| EndpointError::NotFound)?;
    admit(found.collect(), reach)
}

/// All of `addresses`, or none: a name of which one address is private is refused, whichever would be tried
/// first.
fn admit(addresses: Vec<SocketAddr>, reach: Reach) -> Result<Vec<SocketAddr>, EndpointError> {
    if addresses.is_empty() {
        return Err(EndpointError::NotFound);
    }
    let refused = addresses.iter().map(SocketAddr::ip).find(|address| !address::is_public(*address));
    match refused {
        Some(address) if reach == Reach::Public => Err(EndpointError::NotPublic(address)),
        _ => Ok(addresses),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| SocketAddr::new(text.parse().unwrap(), 0)).collect()
    }

    #[test]
    fn one_private_address_among_public_ones_has_the_name_refused() {
        let public = addresses(&["8.8.8.8", "2606:4700::1"]);
        assert_eq!(admit(public.clone(), Reach::Public), Ok(public));
        for private in ["10.0.0.1", "169.254.169.254", "::1", "::ffff:192.168.0.1", "fd00::1"] {
            let mixed = addresses(&["8.8.8.8", private]);
            let refused = Err(EndpointError::NotPublic(private.parse().unwrap()));
            assert_eq!(admit(mixed.clone(), Reach::Public), refused);
            assert_eq!(admit(mixed.clone(), Reach::Anywhere), Ok(mixed));
        }
        assert_eq!(admit(Vec::new(), Reach::Anywhere), Err(EndpointError::NotFound));
    }

    #[tokio::test]
    async fn a_name_is_refused_for_what_it_leads_to() {
        assert!(matches!(look_up("localhost", Reach::Public).await, Err(EndpointError::NotPublic(_))));
        assert!(look_up("localhost", Reach::Anywhere).await.is_ok());
    }
}
