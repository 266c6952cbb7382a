//! `np.ndarray`: a mutable cell around the library's immutable arrays, so that names share it.
//!
//! In NumPy `c = a; c += 1` changes `a`, and a slice, transpose or reshape of `a` sees the change.
//! Here an array is a cell that holds the present [`DistArray`] and a version; a view holds its base
//! and the way from the base to itself, and reads through it. Underneath nothing is ever written.
//!
//! Whether a reshape is a view or a copy depends in NumPy on memory order. The strides kept here are
//! those of C order; results of arithmetic on transposed arrays, which NumPy lays out in the order of
//! their operands, count as C order too.

use crate::{
    context::{Context, lock},
    error::Error,
    kind::Kind,
    number::Number,
    scalar::Elements,
    strides::{contiguous_strides, index_strides, reshape_strides},
};
use ndarray::ArrayD;
use nums::{DType, DistArray, Index};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
};

/// A NumPy array: clones share the cell.
#[derive(Clone)]
pub struct Array(Arc<State>);

struct State {
    context: Context,
    shape: Vec<usize>,
    dtype: DType,
    /// Elements from one index to the next along each axis, in the memory that NumPy would have.
    strides: Vec<isize>,
    storage: Storage,
    /// Whether it may be written to.
    writeable: bool,
}

enum Storage {
    Base {
        present: Mutex<DistArray>,
        version: AtomicU64,
        /// Whether somebody follows the present array already, or need not.
        followed: AtomicBool,
    },
    View {
        base: Array,
        way: Way,
        seen: Mutex<Seen>,
    },
}

/// What a view last computed, and from which version of its base.
struct Seen {
    version: u64,
    array: DistArray,
}

/// From a base to its view.
enum Way {
    Index(Vec<Index>),
    Transpose(Vec<usize>),
    Reshape(Vec<isize>),
    Broadcast(Vec<usize>),
}

impl Way {
    fn follow(&self, base: &DistArray) -> Result<DistArray, Error> {
        Ok(match self {
            Way::Index(index) => base.index(index)?,
            Way::Transpose(axes) => base.try_permuted_axes(axes)?,
            Way::Reshape(shape) => base.reshape(shape)?,
            Way::Broadcast(shape) => base.broadcast_to(shape)?,
        })
    }
}

impl Array {
    /// A new array that shares with no other.
    pub(crate) fn new(context: &Context, array: DistArray) -> Array {
        let shape = array.shape().to_vec();
        let strides = contiguous_strides(&shape);
        let dtype = array.dtype();
        let storage = Storage::Base {
            present: Mutex::new(array),
            version: AtomicU64::new(0),
            followed: AtomicBool::new(false),
        };
        let context = context.clone();
        Array(Arc::new(State { context, shape, dtype, strides, storage, writeable: true }))
    }

    /// The same elements, that cannot be written to.
    pub(crate) fn read_only(&self) -> Array {
        let array = self.broadcast_to(self.shape());
        array.unwrap_or_else(|_| self.clone())
    }

    /// The lengths of the axes.
    pub fn shape(&self) -> &[usize] {
        &self.0.shape
    }

    /// The type of the elements.
    pub fn dtype(&self) -> DType {
        self.0.dtype
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.0.shape.len()
    }

    /// The number of elements.
    pub fn size(&self) -> usize {
        self.0.shape.iter().product()
    }

    /// The context that it was made in.
    pub fn context(&self) -> &Context {
        &self.0.context
    }

    /// `len(array)`.
    ///
    /// # Errors
    /// [`Kind::Type`] for an array without axes.
    pub fn length(&self) -> Result<usize, Error> {
        let first = self.shape().first().copied();
        first.ok_or_else(|| Error::new(Kind::Type, "len() of unsized object"))
    }

    /// How many items `for row in array` goes through.
    ///
    /// # Errors
    /// [`Kind::Type`] for an array without axes.
    pub fn rows(&self) -> Result<usize, Error> {
        let first = self.shape().first().copied();
        first.ok_or_else(|| Error::new(Kind::Type, "iteration over a 0-d array"))
    }

    /// The array as it is now; later changes do not reach what is returned. Runs nothing.
    ///
    /// # Errors
    /// What the library refuses of a view.
    pub fn read(&self) -> Result<DistArray, Error> {
        match &self.0.storage {
            Storage::Base { present, .. } => Ok(lock(present).clone()),
            Storage::View { base, way, seen } => {
                let version = base.version();
                let mut seen = lock(seen);
                if seen.version != version {
                    *seen = Seen { version, array: way.follow(&base.read()?)? };
                }
                Ok(seen.array.clone())
            }
        }
    }

    /// Puts `value`, of the same shape, in the place of all elements: every name and view sees it.
    ///
    /// # Errors
    /// When it is a stretched array or a view of one, of which one element stands for several.
    pub(crate) fn write(&self, value: DistArray) -> Result<(), Error> {
        if !self.0.writeable {
            return Err(Error::new(Kind::Value, "assignment destination is read-only"));
        }
        match &self.0.storage {
            Storage::Base { present, version, followed } => {
                *lock(present) = value;
                followed.store(false, Relaxed);
                version.fetch_add(1, Relaxed);
                Ok(())
            }
            Storage::View { base, way, .. } => match way {
                Way::Index(index) => base.write(base.read()?.assign(index, value)?),
                Way::Transpose(axes) => {
                    let mut back = vec![0; axes.len()];
                    for (to, from) in axes.iter().enumerate() {
                        back[*from] = to;
                    }
                    base.write(value.try_permuted_axes(&back)?)
                }
                Way::Reshape(_) => {
                    let shape: Vec<isize> = base.shape().iter().map(|len| *len as isize).collect();
                    base.write(value.reshape(&shape)?)
                }
                // Never writeable.
                Way::Broadcast(_) => Ok(()),
            },
        }
    }

    /// The part that an index names, as a view.
    pub(crate) fn index(&self, index: Vec<Index>) -> Result<Array, Error> {
        let strides = index_strides(&self.0.strides, &index);
        let way = Way::Index(index);
        let array = way.follow(&self.read()?)?;
        Ok(self.view(way, strides, array))
    }

    /// The axes in another order, as a view.
    pub(crate) fn transpose(&self, axes: &[usize]) -> Result<Array, Error> {
        let array = Way::Transpose(axes.to_vec()).follow(&self.read()?)?;
        let strides = axes.iter().map(|axis| self.0.strides[*axis]).collect();
        Ok(self.view(Way::Transpose(axes.to_vec()), strides, array))
    }

    /// The same elements under another shape: a view where NumPy gives one, otherwise a copy.
    pub(crate) fn reshape(&self, shape: &[isize]) -> Result<Array, Error> {
        let way = Way::Reshape(shape.to_vec());
        let array = way.follow(&self.read()?)?;
        match reshape_strides(&self.0.shape, &self.0.strides, &array.shape()) {
            Some(strides) => Ok(self.view(way, strides, array)),
            None => Ok(self.0.context.array(array)),
        }
    }

    /// The elements along one axis: a view where they lie in C order, and otherwise a copy, as in NumPy.
    pub(crate) fn ravel(&self) -> Result<Array, Error> {
        let flat = self.reshape(&[-1])?;
        let in_order = contiguous_strides(&self.0.shape);
        let strides = self.0.strides.iter().zip(&in_order).zip(&self.0.shape);
        let lies_so = strides.into_iter().all(|((own, wanted), len)| *len == 1 || own == wanted);
        if lies_so { Ok(flat) } else { Ok(self.0.context.array(flat.read()?)) }
    }

    /// The array stretched to a shape, as a view that cannot be written to.
    pub(crate) fn broadcast_to(&self, shape: &[usize]) -> Result<Array, Error> {
        let way = Way::Broadcast(shape.to_vec());
        let array = way.follow(&self.read()?)?;
        let missing = shape.len() - self.ndim();
        let own = |axis: usize| {
            let axis = axis.checked_sub(missing)?;
            (self.shape()[axis] != 1).then_some(self.0.strides[axis])
        };
        let strides = (0..shape.len()).map(|axis| own(axis).unwrap_or(0)).collect();
        Ok(self.view(way, strides, array))
    }

    fn view(&self, way: Way, strides: Vec<isize>, array: DistArray) -> Array {
        let shape = array.shape().to_vec();
        let seen = Mutex::new(Seen { version: self.version(), array });
        let writeable = self.0.writeable && !matches!(way, Way::Broadcast(_));
        let storage = Storage::View { base: self.clone(), way, seen };
        let (context, dtype) = (self.0.context.clone(), self.0.dtype);
        Array(Arc::new(State { context, shape, dtype, strides, storage, writeable }))
    }

    /// The array below, if nobody follows it yet; somebody does from now on.
    pub fn to_follow(&self) -> Option<DistArray> {
        match &self.0.storage {
            Storage::Base { present, followed, .. } => {
                (!followed.swap(true, Relaxed)).then(|| lock(present).clone())
            }
            Storage::View { base, .. } => base.to_follow(),
        }
    }

    /// Whether two names stand for one array.
    pub fn is(&self, other: &Array) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The only element of an array; waits for it.
    ///
    /// # Errors
    /// [`Kind::Value`] for none or several elements.
    pub fn item(&self) -> Result<Number, Error> {
        if self.size() != 1 {
            let message = "can only convert an array of size 1 to a Python scalar";
            return Err(Error::new(Kind::Value, message));
        }
        let elements = self.elements()?;
        elements
            .first()
            .copied()
            .ok_or_else(|| Error::new(Kind::Runtime, "an array of one element came without it"))
    }

    /// All elements; waits for them.
    ///
    /// # Errors
    /// What went wrong in the cluster, and what ends the wait.
    pub(crate) fn elements(&self) -> Result<ArrayD<Number>, Error> {
        Elements::request(self.context(), &self.read()?)?.wait()
    }

    /// How often the cell below has been written.
    fn version(&self) -> u64 {
        match &self.0.storage {
            Storage::Base { version, .. } => version.load(Relaxed),
            Storage::View { base, .. } => base.version(),
        }
    }
}
