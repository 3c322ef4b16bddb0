//! The blocks of a file, wherever in it they are.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use super::block::{self, BLOCK_HEADER_BYTES, FILE_HEADER_BYTES, Kind};
use super::error::LoadError;

/// A file of this format and version. Several threads may read it.
pub(super) struct BlockFile {
    pub(super) path: PathBuf,
    file: File,
    pub(super) bytes: u64,
}

/// Where a block is, as it says itself.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) kind: Kind,
    number: u32,
    offset: u64,
    /// With its header.
    bytes: u64,
}

impl BlockFile {
    pub(super) fn open(path: &Path) -> Result<Self, LoadError> {
        let path = path.to_owned();
        let opened = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (bytes, file) = match opened {
            Ok(opened) => opened,
            Err(error) => return Err(LoadError::File { path, error }),
        };
        let file = Self { path, file, bytes };
        let mut header = [0; FILE_HEADER_BYTES];
        file.read(&mut header, 0)?;
        match block::version(&header) {
            Some(Ok(())) => Ok(file),
            Some(Err(found)) => Err(LoadError::Version { path: file.path, found }),
            None => Err(file.damaged(0)),
        }
    }

    /// All blocks. None of them is read.
    pub(super) fn blocks(&self) -> Result<Vec<Block>, LoadError> {
        let mut blocks = Vec::new();
        let mut offset = size(FILE_HEADER_BYTES);
        for number in 0.. {
            if offset == self.bytes {
                break;
            }
            let block = self.block(number, offset)?;
            offset = offset.saturating_add(block.bytes);
            blocks.push(block);
        }
        Ok(blocks)
    }

    /// Reads a block into `buffer`; its payload.
    pub(super) fn payload<'a>(
        &self,
        block: &Block,
        buffer: &'a mut Vec<u8>,
    ) -> Result<&'a [u8], LoadError> {
        let damaged = || self.damaged(block.offset);
        buffer.resize(usize::try_from(block.bytes).map_err(|_| damaged())?, 0);
        self.read(buffer, block.offset)?;
        let (header, payload) = buffer.split_first_chunk().ok_or_else(damaged)?;
        block::whole(block.number, header, payload).then_some(payload).ok_or_else(damaged)
    }

    pub(super) fn damaged(&self, offset: u64) -> LoadError {
        LoadError::Damaged { path: self.path.clone(), offset }
    }

    fn block(&self, number: u32, offset: u64) -> Result<Block, LoadError> {
        let mut header = [0; BLOCK_HEADER_BYTES];
        self.read(&mut header, offset)?;
        let (kind, length) = block::claim(&header).ok_or_else(|| self.damaged(offset))?;
        let bytes = size(BLOCK_HEADER_BYTES).saturating_add(u64::from(length));
        // What it claims is bounded by the file, and with it the memory that it is read into.
        if offset.saturating_add(bytes) > self.bytes {
            return Err(self.damaged(offset));
        }
        Ok(Block { kind, number, offset, bytes })
    }

    fn read(&self, buffer: &mut [u8], offset: u64) -> Result<(), LoadError> {
        self.file.read_exact_at(buffer, offset).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.damaged(offset),
            _ => LoadError::File { path: self.path.clone(), error },
        })
    }
}

#[cfg(test)]
impl Block {
    /// Where it is in the file.
    pub(super) fn place(&self) -> std::ops::Range<usize> {
        let [start, bytes] = [self.offset, self.bytes].map(|it| usize::try_from(it).unwrap());
        start..start + bytes
    }
}

fn size(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
