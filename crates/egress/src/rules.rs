//! Which addresses may be connected to: public ones, and those that the operator names.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ipnet::IpNet;

use crate::{Blocked, refusal};

/// Where connections may go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rules {
    /// Addresses that are permitted although they are not public. Never set by a customer.
    pub allow: Vec<Exception>,
    /// Whether plain `http` is refused.
    pub https_only: bool,
}

impl Rules {
    /// Checks one address.
    ///
    /// # Errors
    /// [`Blocked::Address`] if it is neither public nor among the exceptions.
    pub fn check(&self, address: IpAddr, port: u16) -> Result<(), Blocked> {
        let address = address.to_canonical();
        match refusal(address) {
            Some(why) if !self.allow.iter().any(|exception| exception.covers(address, port)) => {
                Err(Blocked::Address { address, why })
            }
            _ => Ok(()),
        }
    }
}

/// Addresses that may be connected to although they are not public, on one port or on all.
///
/// Text form: a network or an address, and perhaps a port: `10.1.0.0/16`, `127.0.0.1:8080`, `10.0.0.0/8:443`, `fd00::/8`,
/// `[::1]:8080`, `[fd00::/8]:443`. IPv4 exceptions also cover the same address written as IPv6 (`::ffff:…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exception {
    /// The addresses.
    pub net: IpNet,
    /// The only port; `None` is every port.
    pub port: Option<u16>,
}

impl Exception {
    fn covers(&self, address: IpAddr, port: u16) -> bool {
        self.net.contains(&address) && self.port.is_none_or(|only| only == port)
    }
}

impl From<IpNet> for Exception {
    fn from(net: IpNet) -> Self {
        Self { net, port: None }
    }
}

/// Text that names no exception.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a network or address with an optional port, for example 10.1.0.0/16, 127.0.0.1:8080 or [fd00::/8]:443"
)]
pub struct MalformedException(String);

impl FromStr for Exception {
    type Err = MalformedException;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || MalformedException(text.to_owned());
        let net = |text: &str| {
            text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from)).map_err(|_| wrong())
        };
        if let Ok(net) = net(text) {
            return Ok(Self { net, port: None });
        }
        let (address, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let bare = match address.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').ok_or_else(wrong)?,
            // Without brackets the last group of an IPv6 address would be taken for a port.
            None if address.contains(':') => return Err(wrong()),
            None => address,
        };
        let plain = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        let port = plain.then(|| port.parse().ok()).flatten().ok_or_else(wrong)?;
        Ok(Self { net: net(bare)?, port: Some(port) })
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.net, self.port) {
            (net, None) => net.fmt(f),
            (IpNet::V4(net), Some(port)) => write!(f, "{net}:{port}"),
            (IpNet::V6(net), Some(port)) => write!(f, "[{net}]:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_read_and_show_alike() {
        for (text, shown) in [
            ("10.1.0.0/16", "10.1.0.0/16"),
            ("127.0.0.1", "127.0.0.1/32"),
            ("127.0.0.1:8080", "127.0.0.1/32:8080"),
            ("10.0.0.0/8:443", "10.0.0.0/8:443"),
            ("fd00::/8", "fd00::/8"),
            ("[::1]:8080", "[::1/128]:8080"),
            ("[fd00::/8]:443", "[fd00::/8]:443"),
        ] {
            let exception: Exception = text.parse().unwrap();
            assert_eq!(exception.to_string(), shown);
            assert_eq!(shown.parse(), Ok(exception));
        }
        for bad in [
            "",
            "localhost",
            "10.0.0.0/33",
            "10.0.0.1:",
            "10.0.0.1:+1",
            "10.0.0.1:70000",
            "[::1",
            "[::1]",
            "::1:8x",
        ] {
            let error = bad.parse::<Exception>().unwrap_err();
            assert!(error.to_string().contains("for example"), "{bad}");
        }
    }

    #[test]
    fn an_exception_opens_its_own_addresses_and_port_and_nothing_else() {
        let allow = ["127.0.0.1:8080", "10.1.0.0/16"].map(|text| text.parse().unwrap()).to_vec();
        let rules = Rules { allow, https_only: false };
        let check = |ip: &str, port| rules.check(ip.parse().unwrap(), port).is_ok();
        assert!(check("127.0.0.1", 8080) && check("::ffff:127.0.0.1", 8080) && check("10.1.2.3", 1));
        assert!(!check("127.0.0.1", 8081) && !check("127.0.0.2", 8080) && !check("10.2.0.0", 1));
        assert!(!check("64:ff9b::10.1.2.3", 1) && !check("::10.1.2.3", 1) && !check("::1", 8080));
        assert!(check("8.8.8.8", 1));
    }
}
