//! A zstd frame that is compressed a piece at a time, by threads of its own.

use std::io;

use zstd::zstd_safe::{CCtx, CParameter, InBuffer, OutBuffer, get_error_name};

use super::HashedFile;
use crate::corpus::CorpusError;

/// Level 3 writes four times as fast as level 9 and is a tenth larger. Level 2 is half again as fast, which spares 6 to 12 % of
/// an export, and 5 % larger: what is written once is kept for years.
pub const LEVEL: u32 = 3;
/// Higher ones need memory for tables that no level up to it does, of readers too.
pub const LEVEL_MAX: u32 = 19;
/// A piece lies in one stretch of memory, where matches are found a fifth faster than in a ring that is written over …
const PIECE_BYTES: u32 = 2 << 20;
/// … and sees so much of the one before it: of four bytes that a match may reach back, one.
const OVERLAP: u32 = 7;
/// One thread hands over what so many compress.
const THREADS_MAX: usize = 8;

/// One frame, which every reader of zstd reads to its end: not all go on with a second one. Its bytes depend on neither
/// the number of threads nor the sizes of what is put in.
pub struct Pack {
    context: CCtx<'static>,
    file: HashedFile,
    packed: Vec<u8>,
    /// Bytes of the piece that is not full yet, where it is to be waited for.
    waits_at: Option<u64>,
}

impl Pack {
    /// With one thread, what puts something in waits until it is compressed.
    pub fn new(file: HashedFile, level: u32, threads: usize) -> Result<Self, CorpusError> {
        let parameters = [
            CParameter::CompressionLevel(level.clamp(1, LEVEL_MAX) as i32),
            CParameter::ChecksumFlag(true),
            CParameter::NbWorkers(threads.clamp(1, THREADS_MAX) as u32),
            CParameter::JobSize(PIECE_BYTES),
            CParameter::OverlapSizeLog(OVERLAP),
        ];
        let mut context = CCtx::create();
        let set = parameters.into_iter().try_for_each(|parameter| context.set_parameter(parameter).map(drop));
        set.map_err(|code| failed(&file, code))?;
        let packed = Vec::with_capacity(CCtx::out_size());
        Ok(Self { context, file, packed, waits_at: (threads <= 1).then_some(0) })
    }

    pub fn put(&mut self, bytes: &[u8]) -> Result<(), CorpusError> {
        let mut left = InBuffer::around(bytes);
        while left.pos() < bytes.len() {
            self.step(&mut left)?;
        }
        let Some(at) = self.waits_at.map(|at| at + bytes.len() as u64) else { return Ok(()) };
        self.waits_at = Some(at % u64::from(PIECE_BYTES));
        if at >= u64::from(PIECE_BYTES) { self.wait() } else { Ok(()) }
    }

    /// Takes what it has room for, and writes what is ready.
    fn step(&mut self, input: &mut InBuffer<'_>) -> Result<(), CorpusError> {
        self.packed.clear();
        let taken = self.context.compress_stream(&mut OutBuffer::around(&mut self.packed), input);
        taken.map_err(|code| failed(&self.file, code))?;
        self.file.put(&self.packed)
    }

    /// Until no piece is compressed any more.
    fn wait(&mut self) -> Result<(), CorpusError> {
        while self.context.get_frame_progression().nbActiveWorkers > 0 {
            self.step(&mut InBuffer::around(&[]))?;
        }
        Ok(())
    }

    /// Ends the frame; the file is not yet on disk.
    pub fn finish(mut self) -> Result<HashedFile, CorpusError> {
        loop {
            self.packed.clear();
            let left = self.context.end_stream(&mut OutBuffer::around(&mut self.packed));
            let left = left.map_err(|code| failed(&self.file, code))?;
            self.file.put(&self.packed)?;
            if left == 0 {
                return Ok(self.file);
            }
        }
    }
}

fn failed(file: &HashedFile, code: usize) -> CorpusError {
    CorpusError::io("write", file.path())(io::Error::other(get_error_name(code)))
}

#[cfg(test)]
mod tests {
    use zstd::zstd_safe::find_frame_compressed_size;

    use super::*;

    /// So many bytes that are neither all alike nor all different.
    fn bytes(count: usize) -> Vec<u8> {
        (0..count as u64).map(|at| (((at * at) >> 9) ^ (at >> 3)) as u8 & 0x5f).collect()
    }

    fn packed(bytes: &[u8], part: usize, (level, threads): (u32, usize)) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let mut pack = Pack::new(HashedFile::create(folder.path(), "a").unwrap(), level, threads).unwrap();
        bytes.chunks(part).for_each(|part| pack.put(part).unwrap());
        pack.finish().unwrap().finish(0).unwrap();
        std::fs::read(folder.path().join("a")).unwrap()
    }

    #[test]
    fn one_frame_is_the_same_whoever_packs_it_and_however_it_comes() {
        let piece = PIECE_BYTES as usize;
        for count in [0, 1, piece - 1, piece, piece + 1, 4 * piece + 7] {
            let bytes = bytes(count);
            let expected = packed(&bytes, count.max(1), (LEVEL, 1));
            assert_eq!(find_frame_compressed_size(&expected), Ok(expected.len()), "{count}");
            assert!(zstd::decode_all(&expected[..]).unwrap() == bytes, "{count}");
            for (part, threads) in [(3001, 1), (3001, 2), (piece, 8), (piece / 3, 2)] {
                assert!(packed(&bytes, part, (LEVEL, threads)) == expected, "{count} by {part} on {threads}");
            }
        }
    }

    #[test]
    fn at_every_level_one_frame_is_the_same_whoever_packs_it() {
        let bytes = bytes(PIECE_BYTES as usize * 5 / 2);
        let lengths = [1, 3, 9, LEVEL_MAX].map(|level| {
            let expected = packed(&bytes, bytes.len(), (level, 1));
            assert!(zstd::decode_all(&expected[..]).unwrap() == bytes, "level {level}");
            assert!(packed(&bytes, 300_001, (level, 2)) == expected, "level {level} on two threads");
            assert!(packed(&bytes, 300_001, (level, 8)) == expected, "level {level} on eight");
            expected.len()
        });
        assert!(lengths[3] < lengths[0], "{lengths:?}");
    }
}
