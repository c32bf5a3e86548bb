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

    fn holds(&self, address: IpAddr) -> bool {
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
