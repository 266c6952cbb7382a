//! NumPy's `.npy` files: one array in C or Fortran order.
//!
//! Source of the format: NumPy Enhancement Proposal 1.

mod header;
mod stored;

use super::FileError;
use super::file::{self, Replacement};
use crate::session::SessionInner;
use crate::{DistArray, Error, Index, Pending, Session};
use header::Header;
use nums_actors::{Block, Buffer};
use nums_lshs::array_op::ArraySpec;
use nums_lshs::{DType, Grid, Kind, Shape};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use stored::Stored;

/// The size limit of a header. The header of a numeric array has about a hundred bytes.
const HEADER_BYTES_MAX: u64 = 4 << 10;
/// The size limit of one write, unless a single row is larger.
const BAND_BYTES: u64 = 64 << 20;

impl Session {
    /// Starts to read a `.npy` file and returns at once.
    ///
    /// The array has the dtype of the file, in either byte order. float16, which arrays do not have, is read as float32. A
    /// file in Fortran order is transposed on the cluster.
    ///
    /// The session's process reads the file and sends the blocks to the nodes. No node opens a path.
    ///
    /// The `Pending` gives [`FileError::Io`], [`FileError::NotRegular`], [`FileError::NotNpy`], [`FileError::DType`],
    /// [`FileError::Truncated`], and a shape error when the size in the header overflows.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.arange(0.0, 6.0, 1.0)?.reshape(&[2, 3])?;
    /// x.write_npy(folder.path().join("x.npy")).wait()?;
    /// let y = session.read_npy(folder.path().join("x.npy")).wait()?;
    /// assert_eq!(y.fetch::<f64>().wait()?, x.fetch::<f64>().wait()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn read_npy(&self, path: impl AsRef<Path>) -> Pending<DistArray> {
        let (session, path) = (self.inner.clone(), path.as_ref().to_owned());
        Pending::begin_blocking(&self.inner, move || read(&session, &path))
    }
}

impl DistArray {
    /// Starts to write the array to a `.npy` file in C order and returns at once. The session's process receives the
    /// array in bands of rows.
    ///
    /// The bytes go to a temporary file in the same folder, which replaces the file when all bytes are on the disk. So the
    /// path refers to the old file or to the complete new file, even after a loss of power. If an error occurs, the old
    /// file stays. A process that is killed leaves a file `.nums-*.part`.
    ///
    /// The `Pending` gives [`FileError::Io`], [`FileError::NotRegular`], and errors of the computation.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let session = nums::Session::embedded(2)?;
    /// let path = folder.path().join("x.npy");
    /// session.arange(0, 6, 1)?.write_npy(&path).wait()?;
    /// assert_eq!(std::fs::metadata(&path)?.len(), 128 + 6 * 8);
    /// # Ok(())
    /// # }
    /// ```
    pub fn write_npy(&self, path: impl AsRef<Path>) -> Pending<()> {
        let (array, path) = (self.clone(), path.as_ref().to_owned());
        Pending::begin(self.session_inner(), async move { write(&array, &path).await })
    }
}

/// NumPy's code of a dtype in the byte order of this machine, which is that of blocks.
fn descriptor(dtype: DType) -> String {
    let kind = match dtype.kind() {
        Kind::Bool => 'b',
        Kind::SignedInteger => 'i',
        Kind::UnsignedInteger => 'u',
        Kind::RealFloating => 'f',
        Kind::ComplexFloating => 'c',
    };
    let order = match dtype.item_bytes() {
        1 => '|',
        _ if cfg!(target_endian = "little") => '<',
        _ => '>',
    };
    format!("{order}{kind}{}", dtype.item_bytes())
}

fn read(session: &Arc<SessionInner>, path: &Path) -> Result<DistArray, Error> {
    let io = |error: std::io::Error| FileError::io(path, &error);
    let mut file = BufReader::new(file::open(path)?);
    let header = Header::read(file.by_ref().take(HEADER_BYTES_MAX))
        .map_err(|reason| FileError::NotNpy { path: path.to_owned(), reason })?;
    let data_start = file.stream_position().map_err(io)?;
    let mut file = file.into_inner();

    let Some(stored) = Stored::parse(&header.descr) else {
        return Err(FileError::DType { path: path.to_owned(), dtype: header.descr }.into());
    };
    let dtype = stored.dtype;
    let fortran = header.fortran_order;
    let mut lengths = header.shape;
    if fortran {
        lengths.reverse();
    }
    let shape = Shape::new(lengths)?;
    let item_bytes = stored.item_bytes as u64;
    let need_bytes = shape.elements() as u64 * item_bytes;
    let have_bytes = file.metadata().map_err(io)?.len().saturating_sub(data_start);
    if have_bytes < need_bytes {
        return Err(FileError::Truncated { path: path.to_owned(), need_bytes, have_bytes }.into());
    }

    let spec = ArraySpec::automatic(&shape, dtype, &session.rule);
    let mut blocks = Vec::with_capacity(spec.grid.blocks());
    let mut items = Vec::new();
    for index in 0..spec.grid.blocks() {
        let block = spec.block(index);
        let mut buffer = Buffer::zeroed(block.bytes())?;
        let mut rest = buffer.as_bytes_mut();
        // The stretches of the file that lie in the block, in the order in which it holds them.
        for (start, len) in spec.grid.region(index).runs(&shape) {
            let (run, after) = rest.split_at_mut(len * dtype.item_bytes() as usize);
            file.seek(SeekFrom::Start(data_start + start as u64 * item_bytes)).map_err(io)?;
            if stored.lies_as_in_blocks() {
                file.read_exact(run).map_err(io)?;
            } else {
                items.resize(len * stored.item_bytes, 0);
                file.read_exact(&mut items).map_err(io)?;
                stored.convert(&items, run);
            }
            rest = after;
        }
        let block = Block::from_buffer(block, buffer);
        let block = block.map_err(|error| Error::Internal { reason: error.to_string() })?;
        blocks.push((spec.place(index), Arc::new(block)));
    }
    let array = DistArray::from_blocks(session, spec, blocks)?;
    Ok(if fortran { array.t() } else { array })
}

async fn write(array: &DistArray, path: &Path) -> Result<(), Error> {
    let io = |error: std::io::Error| FileError::io(path, &error);
    let mut replacement = Replacement::begin(path)?;
    let file = replacement.file();
    file.write_all(&Header::to_bytes(&descriptor(array.dtype()), &array.shape())).map_err(io)?;
    // What is computed on the way is computed once, and not for every band.
    array.eval().await?;
    for band in bands(array)? {
        let whole = Grid::single(&band.spec().shape());
        let band = band.with_grid(whole).stored();
        band.eval().await?;
        for block in band.session_inner().client().fetch(band.expression.id).await? {
            file.write_all(block.bytes()).map_err(io)?;
        }
    }
    // To wait for a disk blocks a thread.
    let finish = array.session_inner().runtime().spawn_blocking(move || replacement.finish()).await;
    finish.map_err(|panic| Error::Internal { reason: panic.to_string() })??;
    Ok(())
}

/// The array in bands of whole rows that fit a part of memory, in order.
fn bands(array: &DistArray) -> Result<Vec<DistArray>, Error> {
    let shape = array.spec().shape();
    let Some(&rows) = shape.first() else { return Ok(vec![array.clone()]) };
    if array.size() == 0 {
        return Ok(Vec::new());
    }
    let row_bytes = array.spec().bytes() / rows as u64;
    let height = (BAND_BYTES / row_bytes).clamp(1, rows as u64) as usize;
    let band = |start: usize| {
        let (start, stop) = (Some(start as isize), Some((start + height) as isize));
        array.index(&[Index::Slice { start, stop, step: 1 }])
    };
    (0..rows).step_by(height).map(band).collect()
}
