//! One spelling for one address.

/// An address as it is stored and compared: without the white space around it, and in lower case throughout.
/// Mail providers that tell `Alice@` from `alice@` have died out, and two accounts that differ only so would
/// serve nobody but impostors. Nothing else is touched: dots and `+tags` mean different addresses to some providers.
pub(crate) fn normal(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Checks a request's address; for `garde`.
pub(crate) fn check(text: &str, _: &()) -> garde::Result {
    let address = normal(text);
    // RFC 5321 section 4.5.3.1.3: a path holds 256 octets, angle brackets included.
    if address.len() > 254 {
        return Err(garde::Error::new("an address has at most 254 characters"));
    }
    garde::rules::email::parse_email(&address)
        .map_err(|_| garde::Error::new("this is not an email address, for example alice@example.com"))
}
