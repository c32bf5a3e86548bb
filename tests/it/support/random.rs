//! Numbers that are random enough and the same in every run.

pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    /// Bytes as they might come after an accident: some changed, some lost, some doubled, the end cut off.
    pub fn damaged(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..1 + self.below(8) {
            let at = self.below(bytes.len());
            match self.below(5) {
                0 if !bytes.is_empty() => bytes[at] = self.next() as u8,
                1 => bytes.truncate(at),
                2 => bytes.insert(at, b"<>&;\"'/%\0\xff]["[self.below(12)]),
                3 => {
                    let end = at + self.below(64).min(bytes.len() - at);
                    let piece = bytes[at..end].to_vec();
                    for _ in 0..self.below(16) {
                        bytes.splice(at..at, piece.iter().copied());
                    }
                }
                _ => drop(bytes.drain(at..at + self.below(16).min(bytes.len() - at))),
            }
            if bytes.is_empty() {
                break;
            }
        }
        bytes
    }
}
