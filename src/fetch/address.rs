//! Which addresses may be called: the globally routable ones, and those the options name.
//!
//! The tables are IANA's special-purpose registries for IPv4 and IPv6, read as of 2026. An IPv6 address that
//! carries an IPv4 one (mapped, NAT64, 6to4, Teredo) is as public as what it carries.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// An address or a network, as `127.0.0.1` or `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// # Errors
    /// The text is no address and no network.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is no address or network such as `127.0.0.1` or `10.0.0.0/8`");
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| bad()))?;
        if bits > most { Err(bad()) } else { Ok(Self { address, bits }) }
    }

    pub(super) fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(net), IpAddr::V4(one)) => same_start_v4(net, one, self.bits),
            (IpAddr::V6(net), IpAddr::V6(one)) => same_start_v6(net, one, self.bits),
            _ => false,
        }
    }
}

/// Decides which addresses are called.
#[derive(Clone, Debug, Default)]
pub(super) struct Guard {
    allowed: Vec<Network>,
}

impl Guard {
    /// # Errors
    /// The first entry that is no address and no network.
    pub(super) fn new(allowed: &[String]) -> Result<Self, String> {
        Ok(Self { allowed: allowed.iter().map(|text| Network::parse(text)).collect::<Result<_, _>>()? })
    }

    /// # Errors
    /// What the address is, if it may not be called.
    pub(super) fn check(&self, address: IpAddr) -> Result<(), &'static str> {
        let Some(block) = special(address) else { return Ok(()) };
        let inner = carried(address);
        let opened = |net: &Network| net.holds(address) || inner.is_some_and(|inner| net.holds(inner.into()));
        if self.allowed.iter().any(opened) { Ok(()) } else { Err(block) }
    }
}

/// The special-purpose block an address lies in; none if it is globally routable.
pub(super) fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => special_v4(address),
        IpAddr::V6(address) => match carried(address.into()) {
            Some(inner) => special_v4(inner),
            None => special_v6(address),
        },
    }
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    let open = GLOBAL_V4.iter().any(|(net, bits)| same_start_v4(Ipv4Addr::from(*net), address, *bits));
    let mut blocks = SPECIAL_V4.iter();
    let block = blocks.find(|(net, bits, _)| same_start_v4(Ipv4Addr::from(*net), address, *bits))?;
    if open { None } else { Some(block.2) }
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    let within = |net: &[u16; 8], bits: u8| same_start_v6(Ipv6Addr::from(*net), address, bits);
    if GLOBAL_V6.iter().any(|(net, bits)| within(net, *bits)) {
        return None;
    }
    let known = SPECIAL_V6.iter().find(|(net, bits, _)| within(net, *bits)).map(|block| block.2);
    // IANA has handed out nothing outside 2000::/3 for the public internet.
    known.or_else(|| (!within(&[0x2000, 0, 0, 0, 0, 0, 0, 0], 3)).then_some("not handed out"))
}

/// The IPv4 address inside an IPv6 one of a translation or tunnel scheme.
fn carried(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return None };
    let part = address.segments();
    match part {
        [0, 0, 0, 0, 0, 0xffff, a, b] => Some(v4(a, b)),
        // IPv4-compatible, deprecated: `::` and `::1` are their own blocks.
        [0, 0, 0, 0, 0, 0, a, b] if a != 0 => Some(v4(a, b)),
        // Translated (SIIT), RFC 2765.
        [0, 0, 0, 0, 0xffff, 0, a, b] => Some(v4(a, b)),
        // NAT64, RFC 6052.
        [0x64, 0xff9b, 0, 0, 0, 0, a, b] => Some(v4(a, b)),
        // 6to4, RFC 3056.
        [0x2002, a, b, ..] => Some(v4(a, b)),
        // Teredo, RFC 4380: the client's address, every bit turned round.
        [0x2001, 0, _, _, _, _, a, b] => Some(v4(!a, !b)),
        _ => None,
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}

fn same_start_v4(net: Ipv4Addr, address: Ipv4Addr, bits: u8) -> bool {
    (net.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(bits)
}

fn same_start_v6(net: Ipv6Addr, address: Ipv6Addr, bits: u8) -> bool {
    (net.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(bits)
}

/// IANA IPv4 Special-Purpose Address Registry, and multicast.
const SPECIAL_V4: &[([u8; 4], u8, &str)] = &[
    ([0, 0, 0, 0], 8, "`this network` (0.0.0.0/8)"),
    ([10, 0, 0, 0], 8, "private (10.0.0.0/8)"),
    ([100, 64, 0, 0], 10, "shared by a provider (100.64.0.0/10)"),
    ([127, 0, 0, 0], 8, "loopback (127.0.0.0/8)"),
    ([169, 254, 0, 0], 16, "link-local (169.254.0.0/16)"),
    ([172, 16, 0, 0], 12, "private (172.16.0.0/12)"),
    ([192, 0, 0, 0], 24, "for protocols (192.0.0.0/24)"),
    ([192, 0, 2, 0], 24, "documentation (192.0.2.0/24)"),
    ([192, 88, 99, 0], 24, "a 6to4 relay (192.88.99.0/24)"),
    ([192, 168, 0, 0], 16, "private (192.168.0.0/16)"),
    ([198, 18, 0, 0], 15, "for benchmarks (198.18.0.0/15)"),
    ([198, 51, 100, 0], 24, "documentation (198.51.100.0/24)"),
    ([203, 0, 113, 0], 24, "documentation (203.0.113.0/24)"),
    ([224, 0, 0, 0], 4, "multicast (224.0.0.0/4)"),
    ([240, 0, 0, 0], 4, "reserved (240.0.0.0/4)"),
];

/// Globally reachable islands inside the blocks above.
const GLOBAL_V4: &[([u8; 4], u8)] = &[([192, 0, 0, 9], 32), ([192, 0, 0, 10], 32)];

/// IANA IPv6 Special-Purpose Address Registry, multicast, and what was once site-local.
const SPECIAL_V6: &[([u16; 8], u8, &str)] = &[
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, "unspecified (::)"),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, "loopback (::1)"),
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, "a local translation (64:ff9b:1::/48)"),
    ([0x100, 0, 0, 0, 0, 0, 0, 0], 64, "discard-only (100::/64)"),
    ([0x100, 0, 0, 1, 0, 0, 0, 0], 64, "a dummy prefix (100:0:0:1::/64)"),
    ([0x2001, 2, 0, 0, 0, 0, 0, 0], 48, "for benchmarks (2001:2::/48)"),
    ([0x2001, 0x10, 0, 0, 0, 0, 0, 0], 28, "ORCHID (2001:10::/28)"),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, "for protocols (2001::/23)"),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, "documentation (2001:db8::/32)"),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, "documentation (3fff::/20)"),
    ([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16, "segment routing (5f00::/16)"),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, "private (fc00::/7)"),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, "link-local (fe80::/10)"),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, "site-local (fec0::/10)"),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, "multicast (ff00::/8)"),
];

/// Globally reachable islands inside the blocks above.
const GLOBAL_V6: &[([u16; 8], u8)] = &[
    ([0x2001, 1, 0, 0, 0, 0, 0, 1], 128),
    ([0x2001, 1, 0, 0, 0, 0, 0, 2], 128),
    ([0x2001, 1, 0, 0, 0, 0, 0, 3], 128),
    ([0x2001, 3, 0, 0, 0, 0, 0, 0], 32),
    ([0x2001, 4, 0x112, 0, 0, 0, 0, 0], 48),
    ([0x2001, 0x20, 0, 0, 0, 0, 0, 0], 28),
    ([0x2001, 0x30, 0, 0, 0, 0, 0, 0], 28),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Option<&'static str> {
        special(text.parse().expect("an address"))
    }

    /// First and last address of every block that is not globally reachable, and what lies just outside.
    #[test]
    fn every_block_of_the_registries() {
        let blocks = "0.0.0.0-0.255.255.255 10.0.0.0-10.255.255.255 100.64.0.0-100.127.255.255 \
            127.0.0.0-127.255.255.255 169.254.0.0-169.254.255.255 172.16.0.0-172.31.255.255 192.0.0.0-192.0.0.8 \
            192.0.0.11-192.0.0.255 192.0.2.0-192.0.2.255 192.88.99.0-192.88.99.255 192.168.0.0-192.168.255.255 \
            198.18.0.0-198.19.255.255 198.51.100.0-198.51.100.255 203.0.113.0-203.0.113.255 \
            224.0.0.0-239.255.255.255 240.0.0.0-255.255.255.255 \
            ::-::1 64:ff9b:1::-64:ff9b:1:ffff:ffff:ffff:ffff:ffff 100::-100::ffff:ffff:ffff:ffff \
            100:0:0:1::-100:0:0:1:ffff:ffff:ffff:ffff 2001:2::-2001:2:0:ffff:ffff:ffff:ffff:ffff \
            2001:10::-2001:1f:ffff:ffff:ffff:ffff:ffff:ffff 2001:1::-2001:1:: 2001:1::4-2001:2:: \
            2001:40::-2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff \
            3fff::-3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff 5f00::-5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff \
            fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff \
            fec0::-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ff00::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff \
            4000::-4000:: 8000::-8000:: 200::-200::1";
        for (first, last) in blocks.split_whitespace().filter_map(|range| range.split_once('-')) {
            assert!(block(first).is_some(), "{first}");
            assert!(block(last).is_some(), "{last}");
        }
    }

    #[test]
    fn the_public_internet_is_open() {
        let public = "1.0.0.0 1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 \
            169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.0.9 192.0.0.10 192.0.1.0 \
            192.0.3.0 192.31.196.1 192.52.193.1 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 192.175.48.1 \
            198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255 \
            2000::1 2001:1::1 2001:1::2 2001:1::3 2001:3::1 2001:4:112::1 2001:20::1 2001:30::1 2001:200::1 \
            2606:4700::1111 2620:4f:8000::1 2a00:1450::1 3ffe::1";
        for address in public.split_whitespace() {
            assert_eq!(block(address), None, "{address}");
        }
    }

    #[test]
    fn a_carried_address_counts() {
        // Teredo holds the client's address with every bit turned round: f5ff:fffe is 10.0.0.1.
        let inside = "::ffff:127.0.0.1 ::ffff:10.1.2.3 ::127.0.0.1 ::ffff:0:10.0.0.1 64:ff9b::192.168.0.1 \
            2002:7f00:1:: 2002:a00:1::1 2001:0:1:2:3:4:f5ff:fffe";
        for address in inside.split_whitespace() {
            assert!(block(address).is_some(), "{address}");
        }
        for address in "::ffff:1.1.1.1 64:ff9b::8.8.8.8 2002:101:101:: 2001:0:1:2:3:4:fefe:fefe".split_whitespace() {
            assert_eq!(block(address), None, "{address}");
        }
    }

    #[test]
    fn the_options_open_addresses_and_networks() {
        let guard = |texts: &[&str]| {
            Guard::new(&texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()).expect("right texts")
        };
        let may = |guard: &Guard, text: &str| guard.check(text.parse().expect("an address")).is_ok();
        let one = guard(&["127.0.0.1"]);
        assert!(may(&one, "127.0.0.1") && may(&one, "::ffff:127.0.0.1") && may(&one, "1.1.1.1"));
        assert!(!may(&one, "127.0.0.2") && !may(&one, "::1"));
        let nets = guard(&["10.0.0.0/8", " fd00::/8 ", "0.0.0.0/0"]);
        assert!(may(&nets, "10.9.8.7") && may(&nets, "fd12::1") && may(&nets, "192.168.0.1"));
        assert!(!may(&nets, "fe80::1"));
        for bad in ["", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/x", "10.0.0/8"] {
            assert!(Network::parse(bad).is_err(), "{bad}");
        }
    }
}
