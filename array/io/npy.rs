//! NumPy's `.npy` files: one array of float64, float32, int64, int32 or bool, in C or Fortran order.
//!
//! Source of the format: NumPy Enhancement Proposal 1.

use super::FileError;
use crate::session::SessionInner;
use crate::{DistArray, Error, Index, Pending, Session};
use ndarray_npy::npy::header::{Header, Layout, ReadHeaderError};
use nums_actors::{Block, Buffer};
use nums_lshs::array_op::ArraySpec;
use nums_lshs::{DType, Grid, Shape};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;

/// The longest header; that of an array of numbers is some hundred bytes.
const HEADER_BYTES_MAX: u64 = 4 << 10;
/// The most bytes that are written at a time, unless one row has more.
const BAND_BYTES: u64 = 64 << 20;

impl Session {
    /// Begins to read a `.npy` file, and returns at once. The array has the file's dtype. One in Fortran order is read
    /// in its own order and transposed on the cluster.
    ///
    /// The process of the session reads the file and gives the blocks to the nodes; no node opens a path.
    ///
    /// The `Pending` gives [`FileError::NotNpy`], [`FileError::DType`], [`FileError::Truncated`], and a shape error when
    /// the size in the header overflows.
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
    /// Begins to write the array to a `.npy` file in C order, and returns at once. It comes to the process of the
    /// session a band of rows at a time.
    ///
    /// The `Pending` gives [`FileError::Io`], [`FileError::DType`] for a dtype that is not written, and what goes wrong
    /// on the cluster; then the file is incomplete.
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
        Pending::begin(self.session(), async move { write(&array, &path).await })
    }
}

/// The dtypes of files, and NumPy's codes for them.
const CODES: [(DType, &str); 5] = [
    (DType::Float64, "f8"),
    (DType::Float32, "f4"),
    (DType::Int64, "i8"),
    (DType::Int32, "i4"),
    (DType::Bool, "b1"),
];

/// How NumPy writes a dtype in the byte order of this machine, which is that of blocks.
fn descriptor(code: &str) -> String {
    let order = match code {
        "b1" => '|',
        _ if cfg!(target_endian = "little") => '<',
        _ => '>',
    };
    format!("{order}{code}")
}

fn read(session: &Arc<SessionInner>, path: &Path) -> Result<DistArray, Error> {
    let io = |error: std::io::Error| FileError::io(path, &error);
    let mut file = BufReader::new(File::open(path).map_err(io)?);
    let header = Header::from_reader(&mut file.by_ref().take(HEADER_BYTES_MAX));
    let header = header.map_err(|error| not_npy(path, &error))?;
    let data_start = file.stream_position().map_err(io)?;
    let mut file = file.into_inner();

    let found = header.type_descriptor.as_string();
    let known = CODES.iter().find(|(_, code)| found == Some(&descriptor(code)));
    let Some(&(dtype, _)) = known else {
        let dtype = header.type_descriptor.to_string();
        return Err(FileError::DType { path: path.to_owned(), dtype }.into());
    };
    let fortran = header.layout == Layout::Fortran;
    let mut lengths = header.shape;
    if fortran {
        lengths.reverse();
    }
    let shape = Shape::new(lengths)?;
    let need_bytes = shape.bytes(dtype);
    let have_bytes = file.metadata().map_err(io)?.len().saturating_sub(data_start);
    if have_bytes < need_bytes {
        return Err(FileError::Truncated { path: path.to_owned(), need_bytes, have_bytes }.into());
    }

    let spec = ArraySpec::automatic(&shape, dtype, &session.rule);
    let item = dtype.item_bytes();
    let mut blocks = Vec::with_capacity(spec.grid.blocks());
    for index in 0..spec.grid.blocks() {
        let block = spec.block(index);
        let mut buffer = Buffer::zeroed(block.bytes())?;
        let mut rest = buffer.as_bytes_mut();
        // The stretches of the file that lie in the block, in the order in which it holds them.
        for (start, len) in spec.grid.region(index).runs(&shape) {
            let (run, after) = rest.split_at_mut(len * item as usize);
            file.seek(SeekFrom::Start(data_start + start as u64 * item)).map_err(io)?;
            file.read_exact(run).map_err(io)?;
            rest = after;
        }
        if dtype == DType::Bool {
            buffer.as_bytes_mut().iter_mut().for_each(|byte| *byte = u8::from(*byte != 0));
        }
        let block = Block::from_buffer(block, buffer);
        let block = block.map_err(|error| Error::Internal { story: error.to_string() })?;
        blocks.push((spec.place(index), Arc::new(block)));
    }
    let array = DistArray::from_blocks(session, spec, blocks)?;
    Ok(if fortran { array.t() } else { array })
}

async fn write(array: &DistArray, path: &Path) -> Result<(), Error> {
    let io = |error: std::io::Error| FileError::io(path, &error);
    let Some((_, code)) = CODES.iter().find(|(dtype, _)| *dtype == array.dtype()) else {
        let dtype = array.dtype().to_string();
        return Err(FileError::DType { path: path.to_owned(), dtype }.into());
    };
    let descriptor = format!("'{}'", descriptor(code));
    let internal = |story: String| Error::Internal { story };
    let header = Header {
        type_descriptor: descriptor.parse().map_err(|_| internal(descriptor.clone()))?,
        layout: Layout::Standard,
        shape: array.shape(),
    };
    let mut file = File::create(path).map_err(io)?;
    let header = header.to_bytes().map_err(|error| internal(error.to_string()))?;
    file.write_all(&header).map_err(io)?;
    // What is computed on the way is computed once, and not for every band.
    array.eval().await?;
    for band in bands(array)? {
        let whole = Grid::single(&band.spec().shape());
        let band = band.with_grid(whole).stored();
        band.eval().await?;
        for block in band.session().client().fetch(band.expression.id).await? {
            file.write_all(block.bytes()).map_err(io)?;
        }
    }
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

fn not_npy(path: &Path, error: &ReadHeaderError) -> FileError {
    FileError::NotNpy { path: path.to_owned(), reason: error.to_string() }
}
