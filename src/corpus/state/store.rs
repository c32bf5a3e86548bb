//! A file of records of one length.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use crate::corpus::CorpusError;

/// A file of records of one length, each followed by its checksum, after a line that names what they are.
pub struct Store<const BYTES: usize> {
    path: PathBuf,
    file: BufWriter<File>,
    header_bytes: u64,
    pub count: u32,
}

impl<const BYTES: usize> Store<BYTES> {
    const LENGTH: u64 = BYTES as u64 + 4;

    pub fn open(path: PathBuf, header: &str, mut visit: impl FnMut(&[u8; BYTES])) -> Result<Self, CorpusError> {
        let failed = || CorpusError::io("read", &path);
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = options.map_err(failed())?;
        let mut start = vec![0; header.len()];
        let whole = file.read_exact(&mut start).is_ok() && start == header.as_bytes();
        let mut count = 0;
        if whole {
            let mut reader = BufReader::with_capacity(1 << 20, &file);
            let mut record = [0; BYTES];
            while read_record(&mut reader, &mut record) {
                visit(&record);
                count += 1;
            }
        }
        let header_bytes = header.len() as u64;
        file.set_len(if whole { header_bytes + u64::from(count) * Self::LENGTH } else { 0 }).map_err(failed())?;
        file.seek(SeekFrom::End(0)).map_err(failed())?;
        let mut file = BufWriter::new(file);
        if !whole {
            file.write_all(header.as_bytes()).map_err(failed())?;
        }
        Ok(Self { path, file, header_bytes, count })
    }

    pub fn append(&mut self, record: &[u8; BYTES]) -> Result<(), CorpusError> {
        let written = self.file.write_all(record).and_then(|()| self.file.write_all(&checksum(record)));
        written.map_err(CorpusError::io("write", &self.path))?;
        self.count += 1;
        Ok(())
    }

    /// Writes the file anew with what is kept of it; it is not to be used after.
    pub fn retain(&mut self, keep: impl Fn(&[u8]) -> bool) -> Result<(), CorpusError> {
        self.flush()?;
        let failed = || CorpusError::io("write", &self.path);
        let mut old = BufReader::new(File::open(&self.path).map_err(failed())?);
        let mut header = vec![0; self.header_bytes as usize];
        old.read_exact(&mut header).map_err(failed())?;
        let path = self.path.with_extension("new");
        let mut new = BufWriter::new(File::create(&path).map_err(failed())?);
        new.write_all(&header).map_err(failed())?;
        let mut record = [0; BYTES];
        while read_record(&mut old, &mut record) {
            if keep(&record) {
                new.write_all(&record).and_then(|()| new.write_all(&checksum(&record))).map_err(failed())?;
            }
        }
        let whole = new.flush().and_then(|()| new.get_ref().sync_all());
        whole.and_then(|()| fs::rename(&path, &self.path)).map_err(failed())
    }

    pub fn flush(&mut self) -> Result<(), CorpusError> {
        self.file.flush().map_err(CorpusError::io("write", &self.path))
    }

    /// Reads the records at these places, which are in order.
    pub fn read(&mut self, wanted: &[(u32, usize)], mut visit: impl FnMut(usize, &[u8])) -> Result<(), CorpusError> {
        self.flush()?;
        let failed = || CorpusError::io("read", &self.path);
        let mut reader = BufReader::with_capacity(1 << 16, File::open(&self.path).map_err(failed())?);
        let mut at = 0;
        let mut record = [0; BYTES];
        for &(place, slot) in wanted {
            let start = self.header_bytes + u64::from(place) * Self::LENGTH;
            reader.seek_relative(start as i64 - at as i64).map_err(failed())?;
            reader.read_exact(&mut record).map_err(failed())?;
            at = start + BYTES as u64;
            visit(slot, &record);
        }
        Ok(())
    }
}

/// Whether a whole record could be read.
fn read_record(reader: &mut impl Read, record: &mut [u8]) -> bool {
    let mut sum = [0; 4];
    reader.read_exact(record).and_then(|()| reader.read_exact(&mut sum)).is_ok() && sum == checksum(record)
}

/// What stands behind each record, to know it by.
pub fn checksum(record: &[u8]) -> [u8; 4] {
    crc32c::crc32c(record).to_le_bytes()
}
