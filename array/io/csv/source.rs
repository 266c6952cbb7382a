//! Dividing a file into chunks of whole rows for several threads.
//!
//! A plain file is cut into ranges of bytes that are read at once. Its first pass, [`Source::open`], finds the rows of
//! each range; the ranges then begin and end at rows. A gzip stream can only be read from its beginning: the thread that
//! takes the next chunk inflates it, and parses it while another thread inflates the next one.

use super::super::file;
use super::scan::{Dialect, Scan, is_newline, row_end, scan};
use crate::FileError;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes of a chunk: enough to be worth a turn, few enough to stay in a cache that two threads share.
const CHUNK_BYTES: u64 = 1 << 20;
/// The longest row; beyond it the file is thought to be something else.
const ROW_BYTES_MAX: u64 = 64 << 20;
/// How much is read at a time where the end of a line is looked for.
const PEEK_BYTES: usize = 64 << 10;
/// The first bytes of a gzip stream.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// The byte order mark that some programs put before a text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A file whose rows have been found.
pub(super) struct Source {
    pub(super) path: PathBuf,
    dialect: Dialect,
    /// Where the rows of data begin in the text, behind skipped lines and header.
    data_start: u64,
    /// The ranges of a plain file; `None` for a gzip stream.
    ranges: Option<Vec<Range>>,
    threads: usize,
    chunk_bytes: u64,
}

/// Whole rows of a plain file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    start: u64,
    end: u64,
    rows: usize,
}

/// Whole rows that are being worked on.
pub(super) struct Chunk<'a> {
    /// Its number in the order of the file.
    pub(super) index: usize,
    /// Where it begins in the text.
    pub(super) offset: u64,
    /// How many rows it has.
    pub(super) rows: usize,
    pub(super) bytes: &'a [u8],
}

/// The first row, and where it lies in the text.
pub(super) struct Head {
    pub(super) row: Vec<u8>,
    /// Its line, from 1.
    pub(super) line: u64,
    start: u64,
    end: u64,
}

impl Head {
    /// Reads the first row behind some lines.
    pub(super) fn read(
        path: &Path,
        dialect: Dialect,
        skip_lines: usize,
    ) -> Result<Head, FileError> {
        let mut text = open_text(path)?;
        let mut bytes = Vec::new();
        loop {
            let (before, want) = (bytes.len(), bytes.len().max(PEEK_BYTES));
            let read = text.by_ref().take(want as u64).read_to_end(&mut bytes);
            read.map_err(|error| FileError::io(path, &error))?;
            let at_end = bytes.len() - before < want;
            let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
            let skipped = match skip_lines {
                0 => Some(mark),
                lines => memchr::memchr_iter(b'\n', &bytes).nth(lines - 1).map(|end| end + 1),
            };
            let start = skipped.map_or(bytes.len(), |skipped| {
                let blank = bytes[skipped..].iter().take_while(|&&byte| is_newline(byte));
                skipped + blank.count()
            });
            if start == bytes.len() && at_end {
                return Err(FileError::Empty { path: path.to_owned() });
            }
            let line = || 1 + newlines(&bytes[..start]);
            match row_end(&bytes[start..], 0, Some(0), dialect) {
                Some(len) if at_end || start + len < bytes.len() => {
                    let row = bytes[start..start + len].to_vec();
                    let (line, start, end) = (line(), start as u64, (start + len) as u64);
                    return Ok(Head { row, line, start, end });
                }
                None if at_end => {
                    return Err(FileError::OpenQuote { path: path.to_owned(), line: line() });
                }
                _ if (bytes.len() - start) as u64 > ROW_BYTES_MAX => {
                    let (path, line, max) = (path.to_owned(), line(), ROW_BYTES_MAX);
                    return Err(FileError::RowTooLong { path, line, max });
                }
                _ => {}
            }
        }
    }
}

impl Source {
    /// Finds the rows of a file behind its header, or from its first row on.
    pub(super) fn open(
        path: &Path,
        dialect: Dialect,
        head: &Head,
        header: bool,
        threads: usize,
    ) -> Result<Source, FileError> {
        let data_start = if header { head.end } else { head.start };
        Source::cut(path, dialect, data_start, threads, CHUNK_BYTES)
    }

    fn cut(
        path: &Path,
        dialect: Dialect,
        data_start: u64,
        threads: usize,
        chunk_bytes: u64,
    ) -> Result<Source, FileError> {
        let path = path.to_owned();
        let mut source = Source { path, dialect, data_start, ranges: None, threads, chunk_bytes };
        if !is_gzip(&source.path)? {
            source.ranges = Some(source.find_ranges()?);
        }
        Ok(source)
    }

    /// Whether the numbers of rows are known before the chunks are read.
    pub(super) fn rows(&self) -> Option<Vec<usize>> {
        Some(self.ranges.as_ref()?.iter().map(|range| range.rows).collect())
    }

    /// The line of a byte of the text, from 1. It reads the file again up to there: for errors.
    pub(super) fn line_at(&self, offset: u64) -> Result<u64, FileError> {
        let error = |error: std::io::Error| FileError::io(&self.path, &error);
        let mut text = open_text(&self.path)?.take(offset);
        let mut bytes = vec![0; PEEK_BYTES];
        let mut line = 1;
        loop {
            match text.read(&mut bytes).map_err(error)? {
                0 => return Ok(line),
                read => line += newlines(&bytes[..read]),
            }
        }
    }

    /// Gives every chunk to `work`, on several threads, and returns the results in the order of the file. The error is
    /// that of the first chunk that has one, so it does not depend on timing.
    pub(super) fn each<S: Default, T: Send>(
        &self,
        work: impl Fn(&mut S, &Chunk<'_>) -> Result<T, FileError> + Sync,
    ) -> Result<Vec<T>, FileError> {
        match &self.ranges {
            Some(ranges) => {
                let next = Mutex::new(ranges.iter().copied().enumerate());
                self.run(|bytes, state: &mut (Option<File>, S)| {
                    let Some((index, range)) = lock(&next).next() else { return Ok(None) };
                    let read = || -> Result<T, FileError> {
                        self.read_range(&mut state.0, range.start, range.end, bytes)?;
                        let Range { start: offset, rows, .. } = range;
                        work(&mut state.1, &Chunk { index, offset, rows, bytes })
                    };
                    Ok(Some((index, { read }())))
                })
            }
            None => {
                let stream = Mutex::new(Stream::new(self)?);
                self.run(|bytes, state: &mut S| {
                    let Some((index, offset, rows)) = lock(&stream).next(bytes)? else {
                        return Ok(None);
                    };
                    Ok(Some((index, work(state, &Chunk { index, offset, rows, bytes }))))
                })
            }
        }
    }

    /// Runs `step` on all threads until it has nothing left, and puts the results in order.
    fn run<S: Default, T: Send>(
        &self,
        step: impl Fn(&mut Vec<u8>, &mut S) -> Result<Option<(usize, Result<T, FileError>)>, FileError>
        + Sync,
    ) -> Result<Vec<T>, FileError> {
        let results = Mutex::new(Vec::new());
        let failed = std::sync::atomic::AtomicBool::new(false);
        let worker = || {
            let (mut bytes, mut state) = (Vec::new(), S::default());
            while !failed.load(std::sync::atomic::Ordering::Relaxed) {
                match step(&mut bytes, &mut state) {
                    Ok(None) => break,
                    Ok(Some((index, result))) => {
                        failed.fetch_or(result.is_err(), std::sync::atomic::Ordering::Relaxed);
                        lock(&results).push((index, result));
                    }
                    // What the taking of a chunk finds is behind every chunk that was taken.
                    Err(error) => {
                        failed.store(true, std::sync::atomic::Ordering::Relaxed);
                        lock(&results).push((usize::MAX, Err(error)));
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..self.threads {
                scope.spawn(worker);
            }
            worker();
        });
        let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }

    /// Cuts a plain file behind newlines, and finds the rows of each stretch.
    fn find_ranges(&self) -> Result<Vec<Range>, FileError> {
        let stretches = self.stretches()?;
        let both =
            Source { ranges: Some(stretches), ..self.same() }.each(|_: &mut (), chunk| {
                let outside = scan(chunk.bytes, self.dialect, false);
                let quotes = self
                    .dialect
                    .quote
                    .filter(|&quote| memchr::memchr(quote, chunk.bytes).is_some());
                // Without a quote a stretch that begins inside a field also ends inside it.
                let inside = match quotes {
                    Some(_) => scan(chunk.bytes, self.dialect, true),
                    None => Scan { open: true, ..Scan::default() },
                };
                let end = chunk.offset + chunk.bytes.len() as u64;
                Ok((chunk.offset, end, [outside, inside]))
            })?;
        let mut ranges: Vec<Range> = Vec::with_capacity(both.len());
        let (mut open, mut last_row) = (false, self.data_start);
        for (offset, end, scans) in both {
            let found = scans[usize::from(open)];
            open = found.open;
            let first = found.first_row.map(|at| offset + at as u64);
            if let Some(previous) = ranges.last_mut() {
                previous.end = first.unwrap_or(end);
            }
            if let Some(start) = first {
                ranges.push(Range { start, end, rows: found.rows });
            }
            last_row = found.last_row.map_or(last_row, |at| offset + at as u64);
        }
        if open {
            let line = self.line_at(last_row)?;
            return Err(FileError::OpenQuote { path: self.path.clone(), line });
        }
        for range in &ranges {
            self.check_len(range.start, range.end - range.start)?;
        }
        Ok(ranges)
    }

    /// Stretches of about a chunk that begin behind a newline.
    fn stretches(&self) -> Result<Vec<Range>, FileError> {
        let error = |error: std::io::Error| FileError::io(&self.path, &error);
        let mut file = file::open(&self.path)?;
        let len = file.metadata().map_err(error)?.len();
        let mut stretches = Vec::new();
        let mut start = self.data_start;
        let mut peek = vec![0; PEEK_BYTES];
        while start < len {
            let mut end = (start + self.chunk_bytes).min(len);
            file.seek(SeekFrom::Start(end)).map_err(error)?;
            loop {
                let read = file.read(&mut peek).map_err(error)?;
                let newline = memchr::memchr(b'\n', &peek[..read]);
                end += newline.map_or(read, |at| at + 1) as u64;
                if newline.is_some() || read == 0 {
                    break;
                }
                self.check_len(start, end - start)?;
            }
            stretches.push(Range { start, end, rows: 0 });
            start = end;
        }
        Ok(stretches)
    }

    /// Refuses rows that no memory should be given for.
    fn check_len(&self, start: u64, len: u64) -> Result<(), FileError> {
        if len <= ROW_BYTES_MAX + self.chunk_bytes {
            return Ok(());
        }
        let (path, line) = (self.path.clone(), self.line_at(start)?);
        Err(FileError::RowTooLong { path, line, max: ROW_BYTES_MAX })
    }

    fn read_range(
        &self,
        file: &mut Option<File>,
        start: u64,
        end: u64,
        bytes: &mut Vec<u8>,
    ) -> Result<(), FileError> {
        let mut read = || {
            let file = match file {
                Some(file) => file,
                None => file.insert(File::open(&self.path)?),
            };
            file.seek(SeekFrom::Start(start))?;
            bytes.resize((end - start) as usize, 0);
            file.read_exact(bytes)
        };
        read().map_err(|error| FileError::io(&self.path, &error))
    }

    fn same(&self) -> Source {
        Source { path: self.path.clone(), ranges: None, ..*self }
    }
}

/// A gzip stream that is cut into whole rows as it is inflated.
struct Stream<'a> {
    source: &'a Source,
    text: MultiGzDecoder<BufReader<File>>,
    /// The beginning of a row whose end was not inflated yet.
    rest: Vec<u8>,
    offset: u64,
    index: usize,
    ended: bool,
}

impl<'a> Stream<'a> {
    fn new(source: &'a Source) -> Result<Stream<'a>, FileError> {
        let error = |error: std::io::Error| FileError::io(&source.path, &error);
        let file = BufReader::new(file::open(&source.path)?);
        let mut text = MultiGzDecoder::new(file);
        let offset = source.data_start;
        std::io::copy(&mut text.by_ref().take(offset), &mut std::io::sink()).map_err(error)?;
        Ok(Stream { source, text, rest: Vec::new(), offset, index: 0, ended: false })
    }

    /// Inflates the next whole rows into `bytes`; their number in the stream, offset and count.
    fn next(&mut self, bytes: &mut Vec<u8>) -> Result<Option<(usize, u64, usize)>, FileError> {
        bytes.clear();
        bytes.append(&mut self.rest);
        let Source { path, dialect, chunk_bytes, .. } = self.source;
        while !self.ended {
            let before = bytes.len();
            let read = self.text.by_ref().take(*chunk_bytes).read_to_end(bytes);
            read.map_err(|error| FileError::io(path, &error))?;
            self.ended = ((bytes.len() - before) as u64) < *chunk_bytes;
            let found = scan(bytes, *dialect, false);
            let offset = self.offset;
            if self.ended {
                if found.open {
                    let row = found.last_row.unwrap_or(0) as u64;
                    let line = self.source.line_at(offset + row)?;
                    return Err(FileError::OpenQuote { path: path.clone(), line });
                }
                return Ok(self.taken(bytes.len(), found.rows));
            }
            // The last row may go on in what is not inflated yet.
            if let Some(last) = found.last_row.filter(|_| found.rows > 1) {
                self.rest.extend_from_slice(&bytes[last..]);
                bytes.truncate(last);
                return Ok(self.taken(last, found.rows - 1));
            }
            self.source.check_len(offset, bytes.len() as u64)?;
        }
        Ok(None)
    }

    fn taken(&mut self, len: usize, rows: usize) -> Option<(usize, u64, usize)> {
        let taken = (self.index, self.offset, rows);
        self.index += 1;
        self.offset += len as u64;
        Some(taken)
    }
}

fn is_gzip(path: &Path) -> Result<bool, FileError> {
    let mut magic = Vec::new();
    let read = file::open(path)?.take(2).read_to_end(&mut magic);
    read.map_err(|error| FileError::io(path, &error))?;
    Ok(magic == GZIP_MAGIC)
}

/// The text of a file, inflated where it is compressed.
fn open_text(path: &Path) -> Result<Box<dyn Read>, FileError> {
    let file = BufReader::new(file::open(path)?);
    Ok(if is_gzip(path)? { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) })
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
