//! A corpus of URLs that were written to slip past checks like ours.

use super::*;

const PUBLIC: Rules = Rules { allow: Vec::new(), https_only: false };

fn check(url: &str, expected: Result<&str, &str>) {
    let got = Target::parse(url, &PUBLIC);
    match (&got, expected) {
        (Ok(target), Ok(canonical)) => assert_eq!(target.to_string(), canonical, "{url}"),
        (Err(blocked), Err(part)) => assert!(blocked.to_string().contains(part), "{url}: {blocked}"),
        _ => panic!("{url}: expected {expected:?}, got {got:?}"),
    }
}

const NOT_PUBLIC: &[(&str, &str)] = &[
    ("http://127.0.0.1/", "loopback"),
    ("http://127.0.0.1./", "loopback"),
    ("http://127.1/", "loopback"),
    ("http://127.0.1/", "loopback"),
    ("http://127.255.255.254:8080/", "loopback"),
    ("http://2130706433/", "loopback"),
    ("http://017700000001/", "loopback"),
    ("http://0x7f000001/", "loopback"),
    ("http://0x7f.0.0.1/", "loopback"),
    ("http://0177.0.0.1/", "loopback"),
    ("http://0177.0.0.0x1/", "loopback"),
    ("http://0x7f.1/", "loopback"),
    ("http://00000177.1/", "loopback"),
    ("http://%31%32%37.0.0.1/", "loopback"),
    ("http://127%2e0%2e0%2e1/", "loopback"),
    ("http://①②⑦.⓪.⓪.①/", "loopback"),
    ("http://127。0。0。1/", "loopback"),
    ("http://127．0．0．1/", "loopback"),
    ("http://１２７.0.0.1/", "loopback"),
    ("http://0/", "this host"),
    ("http://0.0.0.0:22/", "this host"),
    ("http://0x0/", "this host"),
    ("http://10.0.0.1/", "private"),
    ("http://167772161/", "private"),
    ("http://012.0.0.1/", "private"),
    ("http://172.16.0.1/", "private"),
    ("http://0xac.0x1f.0xff.0xff/", "private"),
    ("http://192.168.0.1/", "private"),
    ("http://3232235777/", "private"),
    ("http://192.168.257/", "private"),
    ("http://100.64.0.1/", "100.64.0.0/10"),
    ("http://100.100.100.200/latest/meta-data/", "100.64.0.0/10"),
    ("http://169.254.169.254/latest/meta-data/", "metadata"),
    ("http://2852039166/", "metadata"),
    ("http://0xA9FEA9FE/", "metadata"),
    ("http://0251.0376.0251.0376/", "metadata"),
    ("http://169.254.43518/", "metadata"),
    ("http://168.63.129.16/", "internal service"),
    ("http://192.0.0.192/", "protocols"),
    ("http://198.18.0.1/", "benchmarks"),
    ("http://192.0.2.1/", "documentation"),
    ("http://224.0.0.1/", "multicast"),
    ("http://255.255.255.255/", "broadcast"),
    ("http://0xffffffff/", "broadcast"),
    ("http://[::1]/", "loopback"),
    ("http://[0:0:0:0:0:0:0:1]/", "loopback"),
    ("http://[0000:0000::0001]:8080/", "loopback"),
    ("http://[::]/", "this host"),
    ("http://[::ffff:127.0.0.1]/", "loopback"),
    ("http://[::ffff:7f00:1]/", "loopback"),
    ("http://[0:0:0:0:0:ffff:a00:1]/", "private"),
    ("http://[::ffff:169.254.169.254]/", "metadata"),
    ("http://[::127.0.0.1]/", "wraps"),
    ("http://[::7f00:1]/", "wraps"),
    ("http://[64:ff9b::127.0.0.1]/", "loopback"),
    ("http://[64:ff9b::a9fe:a9fe]/", "metadata"),
    ("http://[64:ff9b:1::1]/", "NAT64"),
    ("http://[2002:7f00:1::]/", "6to4"),
    ("http://[2001:0:7f00:1::]/", "Teredo"),
    ("http://[fd00:ec2::254]/", "unique local"),
    ("http://[fc00::1]/", "unique local"),
    ("http://[fe80::1]/", "link-local"),
    ("http://[fec0::1]/", "site-local"),
    ("http://[ff02::1]/", "multicast"),
    ("http://[2001:db8::1]/", "documentation"),
    ("https://localhost/", "loopback"),
    ("https://LOCALHOST:8443/mcp", "loopback"),
    ("https://localhost./", "loopback"),
    ("https://api.localhost/", "loopback"),
    ("https://ⓛocalhost/", "loopback"),
    ("https://%6cocalhost/", "loopback"),
];

#[test]
fn addresses_that_are_not_public_are_refused_however_they_are_written() {
    for (url, why) in NOT_PUBLIC {
        check(url, Err(why));
    }
}

#[test]
fn urls_that_two_readers_could_take_for_different_ones_are_refused() {
    for (url, why) in [
        ("", "not a usable URL"),
        ("example.com/mcp", "not a usable URL"),
        ("//example.com/", "not a usable URL"),
        ("https://", "not a usable URL"),
        ("https:example.com", "two slashes"),
        ("https:/example.com", "two slashes"),
        ("https:///example.com", "two slashes"),
        ("https:\\\\example.com\\", "backslash"),
        ("https://good.example\\@evil.example/", "backslash"),
        (" https://example.com/", "white space"),
        ("https://example.com/\n", "white space"),
        ("https://exam\tple.com/", "control"),
        ("https://example.com/a b", "white space"),
        ("https://example.com/\0", "control"),
        ("https://user@example.com/", "user name"),
        ("https://user:pass@example.com/", "user name"),
        ("https://:pass@example.com/", "user name"),
        ("https://example.com%40@127.0.0.1/", "user name"),
        ("https://1.1.1.1@169.254.169.254/", "user name"),
        ("ftp://example.com/", "begin with"),
        ("file:///etc/passwd", "two slashes"),
        ("gopher://127.0.0.1:6379/_", "begin with"),
        ("ws://example.com/", "begin with"),
        ("javascript:alert(1)", "two slashes"),
        ("data:text/plain,x", "two slashes"),
        ("https://example.com:0/", "port 0"),
        ("https://example.com:65536/", "invalid port"),
        ("https://example.com:80:80/", "invalid port"),
        ("https://exa_mple..com/", "host name"),
        ("https://.example.com/", "host name"),
        ("https://example.com../", "host name"),
        ("https://./", "host name"),
        ("https://exa*mple.com/", "host name"),
        ("https://256.256.256.256/", "invalid IPv4"),
        ("https://1.2.3.4.5/", "invalid IPv4"),
        ("https://[fe80::1%25eth0]/", "invalid IPv6"),
        ("https://[::1/", "invalid IPv6"),
        ("https://example.com%00.evil.example/", "invalid"),
        ("https://xn--/", "not a usable URL"),
    ] {
        check(url, Err(why));
    }
    check(&format!("https://{}.example/", "a".repeat(64)), Err("host name"));
    check(&format!("https://{}example/", "a.".repeat(124)), Err("host name"));
    check(&format!("https://example.com/{}", "a".repeat(MAX_URL)), Err("2048"));
}

#[test]
fn public_urls_are_accepted_in_one_canonical_form() {
    for (url, canonical) in [
        ("https://example.com", "https://example.com/"),
        ("HTTPS://EXAMPLE.com:443/Mcp?q=1#part", "https://example.com/Mcp?q=1"),
        ("http://example.com:80/a/../b", "http://example.com/b"),
        ("https://example.com./mcp", "https://example.com/mcp"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://8.8.8.8:8443/", "https://8.8.8.8:8443/"),
        ("https://0x8.010.2056/", "https://8.8.8.8/"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
        ("https://mcp_one.internal-name.example/", "https://mcp_one.internal-name.example/"),
        ("https://localhost.example/", "https://localhost.example/"),
        ("https://example.com/%7Ba%7D?x={y}|z", "https://example.com/%7Ba%7D?x={y}|z"),
    ] {
        check(url, Ok(canonical));
    }
}

#[test]
fn plain_http_is_refused_where_only_https_is_accepted() {
    let rules = Rules { https_only: true, ..Rules::default() };
    assert_eq!(Target::parse("http://example.com/", &rules), Err(Blocked::Insecure));
    assert!(Target::parse("https://example.com/", &rules).is_ok());
}

#[test]
fn an_exception_permits_localhost_by_name_too() {
    let rules = Rules { allow: vec!["127.0.0.1:8080".parse().unwrap()], https_only: false };
    let target = Target::parse("http://localhost:8080/mcp", &rules).unwrap();
    assert_eq!((target.authority(), target.host.as_bytes()), ("localhost:8080", &b"localhost:8080"[..]));
    assert!(Target::parse("http://localhost:8081/mcp", &rules).is_err());
}

proptest::proptest! {
    #[test]
    fn whatever_is_accepted_is_accepted_again_unchanged(text in "\\PC{0,40}", host in "[a-z0-9.:\\[\\]%x-]{1,20}") {
        for url in [text.clone(), format!("https://{host}/{text}"), format!("http://{text}")] {
            if let Ok(target) = Target::parse(&url, &PUBLIC) {
                proptest::prop_assert_eq!(Target::parse(&target.to_string(), &PUBLIC), Ok(target));
            }
        }
    }
}
