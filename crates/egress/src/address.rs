//! Which IP addresses are public. Everything that the IANA special-purpose registries (RFC 6890 and its updates) set
//! apart is refused, so that a customer's URL cannot reach our own machines, our network or a cloud's metadata.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(a: u16, b: u16, c: u16, length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

/// Ranges of IPv4 that are not public.
const REFUSED_V4: &[(Ipv4Net, &str)] = &[
    (v4(0, 0, 0, 0, 8), "means this host or network"),
    (v4(10, 0, 0, 0, 8), "is private"),
    (v4(100, 64, 0, 0, 10), "is shared by a carrier or a cloud (100.64.0.0/10)"),
    (v4(127, 0, 0, 0, 8), "is loopback"),
    (v4(168, 63, 129, 16, 32), "is a cloud's internal service"),
    (v4(169, 254, 0, 0, 16), "is link-local, where clouds keep their metadata"),
    (v4(172, 16, 0, 0, 12), "is private"),
    (v4(192, 0, 0, 0, 24), "is reserved for protocols"),
    (v4(192, 0, 2, 0, 24), "is for documentation"),
    (v4(192, 88, 99, 0, 24), "is a 6to4 relay"),
    (v4(192, 168, 0, 0, 16), "is private"),
    (v4(198, 18, 0, 0, 15), "is for benchmarks"),
    (v4(198, 51, 100, 0, 24), "is for documentation"),
    (v4(203, 0, 113, 0, 24), "is for documentation"),
    (v4(224, 0, 0, 0, 4), "is multicast"),
    (v4(240, 0, 0, 0, 4), "is reserved or broadcast"),
];

/// The only range from which public IPv6 addresses are given out; all else is refused.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);
/// NAT64 (RFC 6052): an IPv4 address in its last 32 bits, which is what has to be public.
const NAT64: Ipv6Net = v6(0x64, 0xff9b, 0, 96);

/// Ranges of IPv6 that are not public: those inside [`GLOBAL_V6`], and those outside that deserve a name.
const REFUSED_V6: &[(Ipv6Net, &str)] = &[
    (Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 128), "means this host"),
    (Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128), "is loopback"),
    (v6(0, 0, 0, 96), "wraps an IPv4 address"),
    (v6(0x64, 0xff9b, 1, 48), "is translated locally (NAT64)"),
    (v6(0x2001, 0, 0, 32), "is a Teredo tunnel"),
    (v6(0x2001, 0, 0, 23), "is reserved for protocols"),
    (v6(0x2001, 0xdb8, 0, 32), "is for documentation"),
    (v6(0x2002, 0, 0, 16), "is a 6to4 tunnel"),
    (v6(0x3fff, 0, 0, 20), "is for documentation"),
    (v6(0xfc00, 0, 0, 7), "is private (unique local)"),
    (v6(0xfe80, 0, 0, 10), "is link-local"),
    (v6(0xfec0, 0, 0, 10), "is private (site-local)"),
    (v6(0xff00, 0, 0, 8), "is multicast"),
];

/// Why an address is not public, or `None` when it is. An IPv4 address inside an IPv6 one (`::ffff:0:0/96`) is judged
/// as the IPv4 address that a connection would go to.
#[must_use]
pub fn refusal(address: IpAddr) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(ip) => REFUSED_V4.iter().find(|(net, _)| net.contains(&ip)).map(|(_, why)| *why),
        IpAddr::V6(ip) if NAT64.contains(&ip) => {
            let [.., a, b, c, d] = ip.octets();
            refusal(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
        }
        IpAddr::V6(ip) => REFUSED_V6
            .iter()
            .find(|(net, _)| net.contains(&ip))
            .map(|(_, why)| *why)
            .or_else(|| (!GLOBAL_V6.contains(&ip)).then_some("is not public")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, expected: Option<&str>) {
        assert_eq!(refusal(address.parse().unwrap()), expected, "{address}");
    }

    #[test]
    fn public_addresses_pass_even_next_to_refused_ranges() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "191.255.255.255",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2001:4860:4860::8888",
            "2001:200::1",
            "2003::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "3ffe::1",
        ] {
            check(address, None);
        }
    }

    #[test]
    fn both_ends_of_every_refused_range_are_refused() {
        for (net, why) in REFUSED_V4 {
            assert!(
                refusal(net.network().into()).is_some() && refusal(net.broadcast().into()).is_some(),
                "{why}"
            );
            let mapped = |ip: Ipv4Addr| IpAddr::V6(ip.to_ipv6_mapped());
            assert!(refusal(mapped(net.network())).is_some() && refusal(mapped(net.broadcast())).is_some());
            for prefix in [[0, 0, 0, 0, 0, 0], [0x64, 0xff9b, 0, 0, 0, 0]] {
                let [a, b, c, d] = net.network().octets().map(u16::from);
                let [p, q, r, s, t, u] = prefix;
                let wrapped = Ipv6Addr::new(p, q, r, s, t, u, a << 8 | b, c << 8 | d);
                assert!(refusal(wrapped.into()).is_some(), "{wrapped}");
            }
        }
        for (net, why) in REFUSED_V6 {
            assert!(
                refusal(net.network().into()).is_some() && refusal(net.broadcast().into()).is_some(),
                "{why}"
            );
        }
    }

    #[test]
    fn tunnels_and_unassigned_space_are_refused_whatever_they_carry() {
        check("::8.8.8.8", Some("wraps an IPv4 address"));
        check("2002:808:808::1", Some("is a 6to4 tunnel"));
        check("2001:0:808:808::1", Some("is a Teredo tunnel"));
        check("64:ff9b:1::808:808", Some("is translated locally (NAT64)"));
        check("64:ff9b::7f00:1", Some("is loopback"));
        check("::ffff:169.254.169.254", Some("is link-local, where clouds keep their metadata"));
        check("4000::1", Some("is not public"));
        check("::1:0:0:0", Some("is not public"));
        check("5f00::1", Some("is not public"));
    }
}
