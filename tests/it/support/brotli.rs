//! Brotli streams made by hand, as no encoder is among the dependencies (RFC 7932 names the fields).

/// Bits are packed from the lowest.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: usize,
}

impl Bits {
    fn put(&mut self, value: u32, bits: usize) -> &mut Self {
        for bit in 0..bits {
            if self.used.is_multiple_of(8) {
                self.bytes.push(0);
            }
            let last = self.bytes.last_mut().expect("a byte was just pushed");
            *last |= u8::from(value >> bit & 1 == 1) << (self.used % 8);
            self.used += 1;
        }
        self
    }

    fn align(&mut self) -> &mut Self {
        self.used = self.bytes.len() * 8;
        self
    }

    /// WBITS for a window of 4 MiB.
    fn window(&mut self) -> &mut Self {
        self.put(1, 1).put(5, 3)
    }

    /// ISLAST and ISLASTEMPTY.
    fn end(mut self) -> Vec<u8> {
        self.put(3, 2);
        self.bytes
    }
}

/// The bytes as they are, in a valid stream.
pub fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.window();
    for chunk in bytes.chunks(1 << 16) {
        let length = u32::try_from(chunk.len() - 1).expect("at most 64 KiB");
        // Not last, four nibbles of length, uncompressed.
        bits.put(0, 1).put(0, 2).put(length, 16).put(1, 1).align();
        bits.bytes.extend(chunk);
        bits.align();
    }
    bits.end()
}

/// `megabytes16` times 16 MiB of one letter, in 13 bytes each.
pub fn bomb(megabytes16: usize) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.window();
    for _ in 0..megabytes16 {
        // Not last, six nibbles of length 2^24, compressed.
        bits.put(0, 1).put(2, 2).put((1 << 24) - 1, 24).put(0, 1);
        // One block type each; no postfix, no direct distances; context mode; one tree each.
        bits.put(0, 3).put(0, 2).put(0, 4).put(0, 2).put(0, 2);
        // Simple codes of one symbol: the letter, `insert 1 and copy long`, and a distance of 1 or 2.
        bits.put(1, 2).put(0, 2).put(u32::from(b'a'), 8);
        bits.put(1, 2).put(0, 2).put(384 + 8 + 7, 10);
        bits.put(1, 2).put(0, 2).put(16, 6);
        // One command: its copy length beyond 2118, and distance 1.
        bits.put((1 << 24) - 1 - 2118, 24).put(0, 1);
    }
    bits.end()
}
