//! What can go wrong with an array expression, by whose fault it is.

use crate::FileError;
use nums_actors::{BudgetError, ClusterError, Failure, KernelError, MemberId, OutOfMemory};
use nums_lshs::{DType, Shape, ShapeError};
use thiserror::Error;

/// An error of the array layer.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(1)?;
/// let refused = session.ones(&[2, 3])?.try_dot(&session.ones(&[2])?).unwrap_err();
/// assert!(matches!(refused, nums::Error::ShapeMismatch { .. }), "{refused}");
/// assert!(refused.to_string().contains("(2, 3) and (2,)"), "{refused}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Error {
    /// Shapes that do not exist or cannot be broadcast together.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// Shapes that do not fit an operation.
    #[error("{op}: shapes {left} and {right} do not fit")]
    ShapeMismatch {
        /// The operation.
        op: &'static str,
        /// The left operand's shape.
        left: Shape,
        /// The right operand's shape.
        right: Shape,
    },
    /// A shape of another size.
    #[error("cannot reshape array of size {size} into shape {into:?}")]
    Reshape {
        /// The number of elements.
        size: usize,
        /// The shape that was asked for.
        into: Vec<isize>,
    },
    /// An axis that the array does not have.
    #[error("axis {axis} is out of bounds for array of dimension {ndim}")]
    AxisOutOfRange {
        /// The axis.
        axis: isize,
        /// The number of axes.
        ndim: usize,
    },
    /// An axis that is named twice.
    #[error("axis {axis} is named twice")]
    RepeatedAxis {
        /// The axis.
        axis: isize,
    },
    /// An axis that is to disappear and is longer than 1.
    #[error("cannot squeeze axis {axis} of length {len}")]
    Squeeze {
        /// The axis.
        axis: usize,
        /// Its length.
        len: usize,
    },
    /// An order of axes that is no permutation.
    #[error("axes {axes:?} are no permutation of the axes of an array of dimension {ndim}")]
    Axes {
        /// The order that was asked for.
        axes: Vec<usize>,
        /// The number of axes.
        ndim: usize,
    },
    /// An extreme of no elements.
    #[error("{op} of no elements, in an array of shape {shape}, does not exist")]
    NoElements {
        /// The reduction.
        op: &'static str,
        /// The shape of the array.
        shape: Shape,
    },
    /// An operation on several arrays was given none.
    #[error("{op} needs at least one array")]
    NoArrays {
        /// The operation.
        op: &'static str,
    },
    /// Arrays that do not fit the subscripts of a contraction.
    #[error("einsum {subscripts:?} does not fit arrays of shapes {}", tuples(shapes))]
    Contraction {
        /// The subscripts.
        subscripts: String,
        /// The shape of each array.
        shapes: Vec<Shape>,
    },
    /// Lengths that are no block shape.
    #[error("blocks of {block:?} cannot cut an array of shape {shape}")]
    BlockShape {
        /// The lengths.
        block: Vec<usize>,
        /// The shape of the array.
        shape: Shape,
    },
    /// A grid or layout for another array or session.
    #[error(
        "an array of shape {shape} on {places} places cannot have a grid of shape {grid_shape} \
         and a layout of {axes} axes on {layout_places} places"
    )]
    Layout {
        /// The shape of the array.
        shape: Shape,
        /// The shape of the grid.
        grid_shape: Shape,
        /// The axes of the layout.
        axes: usize,
        /// The places of the layout.
        layout_places: u32,
        /// The places of the session.
        places: u32,
    },
    /// An index outside its axis.
    #[error("index {index} is out of bounds for axis {axis} with size {len}")]
    IndexOutOfBounds {
        /// The index.
        index: isize,
        /// The axis.
        axis: usize,
        /// Its length.
        len: usize,
    },
    /// More indices than axes.
    #[error("too many indices for array: array is {ndim}-dimensional, but {given} were indexed")]
    TooManyIndices {
        /// The number of axes.
        ndim: usize,
        /// The number of axes that were indexed.
        given: usize,
    },
    /// More than one ellipsis.
    #[error("an index can only have a single ellipsis ('...')")]
    RepeatedEllipsis,
    /// A slice that does not move.
    #[error("slice step cannot be zero")]
    ZeroStep,
    /// A range whose length is not a number.
    #[error("arange: cannot compute length of {start}..{stop} by {step}")]
    Range {
        /// The start, as text, so that errors can be compared.
        start: String,
        /// The stop.
        stop: String,
        /// The step.
        step: String,
    },
    /// A range without integers.
    #[error("there are no integers in {low}..{high}")]
    EmptyRange {
        /// The lowest integer.
        low: i64,
        /// The end, which is not above it.
        high: i64,
    },
    /// Two arrays of different sessions cannot meet.
    #[error("{op}: the arrays belong to different sessions")]
    OtherSession {
        /// The operation.
        op: &'static str,
    },
    /// A function has no meaning for a dtype.
    #[error("{op} is not defined for {dtype}")]
    UndefinedFor {
        /// The function.
        op: &'static str,
        /// The dtype that its operands promote to.
        dtype: DType,
    },
    /// A number beside an array that the array's dtype does not hold.
    #[error("{value} is out of bounds for {dtype}")]
    ScalarOutOfBounds {
        /// The number, as text, so that errors can be compared.
        value: String,
        /// The dtype.
        dtype: DType,
    },
    /// An integer to a power below 0 is no integer.
    #[error("integers to negative integer powers are not allowed: the exponent is {exponent}")]
    NegativePower {
        /// The exponent.
        exponent: i64,
    },
    /// Elements were asked for as another type.
    #[error("the array holds {have}, not {want}")]
    DType {
        /// The dtype of the array.
        have: DType,
        /// The dtype that was asked for.
        want: DType,
    },
    /// An array that was given to the cluster rather than computed there has no plan to tell of.
    #[error("no plan has made this array")]
    NoPlan,
    /// `.wait()` was called on a thread of an async runtime, which it would block.
    #[error("wait() would block a thread of an async runtime: await the Pending instead")]
    WaitInRuntime,
    /// A session needs at least one node, one worker and one place.
    #[error("a session needs at least one {what}")]
    Session {
        /// What is missing.
        what: &'static str,
    },
    /// A process cannot have so many threads; beyond its limit a system may end it rather than refuse.
    #[error("a session of {threads} worker threads is refused: at most {max} fit a process")]
    TooManyThreads {
        /// The workers of all nodes.
        threads: usize,
        /// The bound.
        max: usize,
    },
    /// A budget of memory that was written so that it cannot be read.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// An array that was waited for could not be computed: a task of it failed, or of what it reads.
    #[error("{failure} (for an array of shape {shape} and dtype {dtype}, on {node})")]
    Task {
        /// The shape of the array.
        shape: Shape,
        /// The dtype of the array.
        dtype: DType,
        /// The node that ran the task.
        node: MemberId,
        /// What happened.
        failure: Box<Failure>,
    },
    /// The cluster could not do it.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// An array that is no matrix where one is needed.
    #[error("{op}: an array of shape {shape} is no matrix")]
    NotMatrix {
        /// The operation.
        op: &'static str,
        /// The array's shape.
        shape: Shape,
    },
    /// An array that is no square matrix where one is needed.
    #[error("{op}: an array of shape {shape} is no square matrix")]
    NotSquare {
        /// The operation.
        op: &'static str,
        /// The array's shape.
        shape: Shape,
    },
    /// A parameter that makes no sense.
    #[error("{name} of {value}: it must be {want}")]
    Parameter {
        /// The parameter.
        name: &'static str,
        /// Its value, as text.
        value: String,
        /// What it must be.
        want: &'static str,
    },
    /// The labels of a classification are not 0 and 1, with some of both.
    #[error(
        "labels must be 0 and 1, with some of both: {zeros} are 0, {ones} are 1, {others} are neither"
    )]
    Labels {
        /// How many are 0.
        zeros: usize,
        /// How many are 1.
        ones: usize,
        /// How many are neither.
        others: usize,
    },
    /// An array with another number of columns than a model was fitted to.
    #[error("X has {found} features, but {model} is expecting {expected} features as input")]
    Features {
        /// The model.
        model: &'static str,
        /// The columns of the array.
        found: usize,
        /// The columns that the model was fitted to.
        expected: usize,
    },
    /// NaN where there must be numbers.
    #[error("input {input} contains NaN")]
    ContainsNan {
        /// The argument that holds it.
        input: &'static str,
    },
    /// Infinities where there must be numbers.
    #[error("input {input} contains infinity, or a value too large for {dtype}")]
    ContainsInfinity {
        /// The argument that holds it.
        input: &'static str,
        /// Its dtype.
        dtype: DType,
    },
    /// A sum over numbers that are finite is not.
    #[error("{what} is too large for float64: the columns must be scaled first")]
    Overflow {
        /// What was computed.
        what: &'static str,
    },
    /// An operation that has no answer without rows.
    #[error("{op}: there are no rows")]
    NoRows {
        /// The operation.
        op: &'static str,
    },
    /// A file cannot be read or written, or does not hold what it should.
    #[error(transparent)]
    File(#[from] FileError),
    /// The system has no memory left in this process for elements that come from or go to its caller.
    #[error(transparent)]
    OutOfMemory(#[from] OutOfMemory),
    /// A bug of this library.
    #[error("internal error, please report: {story}")]
    Internal {
        /// What should not have happened.
        story: String,
    },
}

impl Error {
    /// What a kernel refused, where that is what went wrong: a singular matrix, a negative power of an integer, ...
    ///
    /// ```
    /// use nums::{KernelError, linalg::inv};
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let refused = inv(&session.zeros(&[2, 2])?)?.eval().wait().unwrap_err();
    /// assert_eq!(refused.kernel(), Some(&KernelError::Singular { pivot: 0 }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn kernel(&self) -> Option<&KernelError> {
        match self.failure()? {
            Failure::Kernel { error, .. } => Some(error),
            _ => None,
        }
    }

    /// What went wrong with a task, where that is what went wrong. Whoever waits for what one task was to make, or for
    /// what follows from it, hears the same.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(1)?;
    /// let inverse = nums::linalg::inv(&session.zeros(&[2, 2])?)?;
    /// let own = inverse.eval().wait().unwrap_err();
    /// let later = (&inverse + 1.0).sum().eval().wait().unwrap_err();
    /// assert!(own.failure().is_some() && own.failure() == later.failure());
    /// # Ok(())
    /// # }
    /// ```
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Error::Task { failure, .. } => Some(failure),
            Error::Cluster(ClusterError::Task { failure, .. }) => Some(failure),
            _ => None,
        }
    }
}

impl From<nums_lshs::GraphError> for Error {
    /// Expressions are checked at the caller's line, so a graph that does not build is a bug.
    fn from(error: nums_lshs::GraphError) -> Error {
        Error::Internal { story: error.to_string() }
    }
}

fn tuples(shapes: &[Shape]) -> String {
    shapes.iter().map(Shape::to_string).collect::<Vec<_>>().join(" ")
}
