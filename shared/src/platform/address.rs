//! Which addresses are public.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use ipnet::{Ipv4Net, Ipv6Net};

/// What of IPv4 is not globally reachable (IANA's registry of special-purpose addresses), and multicast.
const NOT_PUBLIC_V4: [&str; 17] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    // Multicast, what is reserved, and broadcast.
    "224.0.0.0/3",
];

/// All that is given out of IPv6 as unicast addresses; the rest is local, multicast or nobody's.
const UNICAST_V6: &str = "2000::/3";

/// What of that is not globally reachable, and what leads into IPv4 by way of others: protocol assignments
/// with Teredo, benchmarking and ORCHID; documentation; 6to4; segment routing.
const NOT_PUBLIC_V6: [&str; 5] =
    ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

/// Addresses that stand for one of IPv4, which their last four bytes hold: IPv4-mapped, and translated
/// (NAT64).
const HOLDS_V4: [&str; 2] = ["::ffff:0:0/96", "64:ff9b::/96"];

static V4: LazyLock<Vec<Ipv4Net>> = LazyLock::new(|| nets(&NOT_PUBLIC_V4));
static V6: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| nets(&NOT_PUBLIC_V6));
static V6_UNICAST: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| nets(&[UNICAST_V6]));
static V4_IN_V6: LazyLock<Vec<Ipv6Net>> = LazyLock::new(|| nets(&HOLDS_V4));

/// Whether an address is one of the public Internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !V4.iter().any(|net| net.contains(&address))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |nets: &[Ipv6Net]| nets.iter().any(|net| net.contains(&address));
    if within(&V4_IN_V6) {
        let [.., a, b, c, d] = address.octets();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    within(&V6_UNICAST) && !within(&V6)
}

fn nets<N: std::str::FromStr<Err: std::fmt::Debug>>(texts: &[&str]) -> Vec<N> {
    texts.iter().map(|text| text.parse().expect("a constant net parses")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(addresses: &[&str], expected: bool) {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn what_the_internet_routes_is_public() {
        all(&["1.1.1.1", "8.8.8.8", "93.184.215.14", "172.32.0.1", "100.128.0.1", "198.20.0.1"], true);
        all(&["2606:4700:4700::1111", "2a00:1450:4001:829::200e", "2001:4860:4860::8888"], true);
        all(&["::ffff:8.8.8.8", "64:ff9b::8.8.8.8"], true);
    }

    #[test]
    fn no_kind_of_special_address_of_ipv4_is() {
        all(&["0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255"], false);
        all(&["127.0.0.1", "127.255.255.254", "169.254.169.254", "169.254.170.2", "172.16.0.1"], false);
        all(&["172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.0.1"], false);
        all(&["198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1"], false);
        all(&["239.255.255.250", "240.0.0.1", "255.255.255.255"], false);
    }

    #[test]
    fn no_kind_of_special_address_of_ipv6_is() {
        all(&["::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1"], false);
        all(&["2001:db8::1", "3fff::1", "2001:2::1", "2001::1", "2001:10::1", "5f00::1"], false);
        all(&["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"], false);
        all(&["64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1.1.1.1"], false);
        all(&["2002:7f00:1::", "2002:a9fe:a9fe::1", "::127.0.0.1", "::ffff:0:127.0.0.1"], false);
    }
}
