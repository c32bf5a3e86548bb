//! Making a damaged segment what it was.

use std::fs::File;
use std::path::Path;

use reed_solomon_simd::ReedSolomonDecoder;

use super::coding;
use super::layout::Layout;
use super::look::{Look, Sidecar, block, each_block, sound_until};
use crate::archive::care::repair::set_aside;
use crate::archive::folder::{Seg, Store};
use crate::archive::segments::Segments;
use crate::archive::storage::{Disk, DiskFile, read_at};
use crate::archive::{ArchiveError, Result};

const COPY_BYTES: usize = 1 << 20;

/// Puts what was covered in the damaged segment's place, once every byte of it is known to be as it was: by its SHA-256. What
/// was written behind that since stays as it is. `false` where that cannot be.
pub(super) fn mend(segments: &Segments, store: Store, seg: Seg) -> Result<bool> {
    let folder = &segments.folder;
    let Some(sidecar) = Sidecar::open(folder, store, seg)? else { return Ok(false) };
    let look = sidecar.look(folder, store, seg)?;
    if !look.mends(&sidecar.head.layout) {
        return Ok(false);
    }
    let path = folder.segment(store, seg);
    let part = path.with_extension("part");
    let sound = sound_until(segments, store, seg)?;
    let mended = make(segments, &path, &part, &sidecar, &look).and_then(|made| {
        // Where the index was lost with the end, other captures may stand there since, and are not overwritten.
        let made = made && sound.map_or(Ok(true), |end| begin_alike(&folder.disk, &path, &part, end))?;
        if made {
            set_aside(folder, store, seg)?;
            segments.forget(store, seg);
            folder.disk.rename(&part, &path)?;
        }
        Ok(made)
    });
    if !matches!(mended, Ok(true)) {
        let _ = std::fs::remove_file(&part);
    }
    mended
}

/// Writes the segment as it was, durably. `false` where it is not what it was.
fn make(segments: &Segments, path: &Path, part: &Path, sidecar: &Sidecar, look: &Look) -> Result<bool> {
    let (disk, layout) = (&segments.folder.disk, &sidecar.head.layout);
    let source = disk.open_read(path)?;
    let file = disk.open_segment(part)?;
    file.cut(0)?;
    copy(&source, path, &file)?;
    for group in 0..layout.groups {
        restore_group(&source, path, (sidecar, look), group, &file)?;
    }
    let hash = each_block(&file.file, part, layout, |_, _| ())?;
    file.sync()?;
    Ok(hash == sidecar.head.hash)
}

/// Whether two files begin with the same so many bytes.
fn begin_alike(disk: &Disk, one: &Path, other: &Path, end: u64) -> Result<bool> {
    let (first, second) = (disk.open_read(one)?, disk.open_read(other)?);
    let (mut here, mut there, mut at) = (vec![0; COPY_BYTES], vec![0; COPY_BYTES], 0);
    while at < end {
        let wanted = (end - at).min(COPY_BYTES as u64) as usize;
        let read = |file: &File, buffer: &mut [u8], path: &Path| {
            read_at(file, buffer, at).map_err(|error| ArchiveError::io(path, "read", error))
        };
        let (own, others) = (read(&first, &mut here[..wanted], one)?, read(&second, &mut there[..wanted], other)?);
        if own != wanted || others != wanted || here[..wanted] != there[..wanted] {
            return Ok(false);
        }
        at += wanted as u64;
    }
    Ok(true)
}

fn copy(source: &File, path: &Path, file: &DiskFile) -> Result<()> {
    let (mut buffer, mut at) = (vec![0; COPY_BYTES], 0);
    loop {
        let read = read_at(source, &mut buffer, at).map_err(|error| ArchiveError::io(path, "read", error))?;
        if read == 0 {
            return Ok(());
        }
        file.write_at(at, &buffer[..read])?;
        at += read as u64;
    }
}

/// Writes the blocks of a group that are damaged, from those that are not and as many recovery blocks.
fn restore_group(
    source: &File,
    path: &Path,
    (sidecar, look): (&Sidecar, &Look),
    group: u32,
    file: &DiskFile,
) -> Result<()> {
    let layout: &Layout = &sidecar.head.layout;
    let failed = |error| coding(error, path);
    let numbers: Vec<u64> = layout.blocks_of(group).collect();
    let bad = numbers.iter().filter(|number| look.bad.contains(number)).count();
    if bad == 0 {
        return Ok(());
    }
    let (recovery, block_bytes) = (layout.recovery as usize, layout.block_bytes as usize);
    let mut decoder = ReedSolomonDecoder::new(numbers.len(), recovery, block_bytes).map_err(failed)?;
    for (index, &number) in numbers.iter().enumerate().filter(|(_, number)| !look.bad.contains(number)) {
        decoder.add_original_shard(index, block(source, path, layout, number)?).map_err(failed)?;
    }
    for &n in look.spare[group as usize].iter().take(bad) {
        if let Some(bytes) = sidecar.recovery(group, n)? {
            decoder.add_recovery_shard(n as usize, bytes).map_err(failed)?;
        }
    }
    let decoded = decoder.decode().map_err(failed)?;
    for (index, bytes) in decoded.restored_original_iter() {
        let (at, length) = layout.place(numbers[index]);
        file.write_at(at, &bytes[..length])?;
    }
    Ok(())
}
