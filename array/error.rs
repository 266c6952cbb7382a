//! The errors of the array layer.

use crate::FileError;
use nums_actors::{BudgetError, ClusterError, Failure, KernelError, MemberId, OutOfMemory};
use nums_lshs::{DType, PlanError, Shape, ShapeError};
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
    /// Shapes that are too large or cannot be broadcast together.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// Shapes that do not match in an operation.
    #[error("{op}: shapes {left} and {right} do not match")]
    ShapeMismatch {
        /// The operation.
        op: &'static str,
        /// The left operand's shape.
        left: Shape,
        /// The right operand's shape.
        right: Shape,
    },
    /// A reshape to a shape of another size.
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
    /// Another number of axes than one.
    #[error("expected one axis, got {axes:?}")]
    OneAxis {
        /// The axes.
        axes: Vec<usize>,
    },
    /// The only element of an array that has none or several.
    #[error("item: expected an array of one element, got shape {shape}")]
    Item {
        /// The shape of the array.
        shape: Shape,
    },
    /// An array was read with another number of axes.
    #[error("expected an array of {want} axes, got {have}")]
    Dimensions {
        /// The number of axes of the array.
        have: usize,
        /// The requested number of axes.
        want: usize,
    },
    /// A deadline of [`within`](crate::Pending::within) has passed.
    #[error("the deadline of {after:?} has passed; the request was cancelled")]
    Deadline {
        /// How long was allowed.
        after: std::time::Duration,
    },
    /// An axis that is given twice.
    #[error("axis {axis} is given twice")]
    RepeatedAxis {
        /// The axis.
        axis: isize,
    },
    /// A squeeze of an axis whose length is not 1.
    #[error("cannot squeeze axis {axis}: expected length 1, got {len}")]
    Squeeze {
        /// The axis.
        axis: usize,
        /// Its length.
        len: usize,
    },
    /// An order of axes that is not a permutation.
    #[error("expected a permutation of the {ndim} axes of the array, got {axes:?}")]
    Axes {
        /// The order that was asked for.
        axes: Vec<usize>,
        /// The number of axes.
        ndim: usize,
    },
    /// A minimum, maximum or similar reduction of an empty array.
    #[error("{op} of an empty array (shape {shape})")]
    NoElements {
        /// The reduction.
        op: &'static str,
        /// The shape of the array.
        shape: Shape,
    },
    /// An operation on several arrays without an array.
    #[error("{op}: expected at least one array, got none")]
    NoArrays {
        /// The operation.
        op: &'static str,
    },
    /// Arrays that do not match the subscripts of a contraction.
    #[error("einsum subscripts {subscripts:?} do not match arrays of shapes {}", tuples(shapes))]
    Contraction {
        /// The subscripts.
        subscripts: String,
        /// The shape of each array.
        shapes: Vec<Shape>,
    },
    /// Lengths that are not a block shape of the array.
    #[error(
        "invalid block shape {block:?} for an array of shape {shape}: expected one positive length for each axis"
    )]
    BlockShape {
        /// The lengths.
        block: Vec<usize>,
        /// The shape of the array.
        shape: Shape,
    },
    /// A grid or layout for another array or session.
    #[error(
        "expected a grid of shape {shape} and a layout of {} axes on {places} places, \
         got a grid of shape {grid_shape} and a layout of {axes} axes on {layout_places} places",
        shape.len()
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
    /// A slice whose step is zero.
    #[error("slice step cannot be zero")]
    ZeroStep,
    /// A range whose length is not a finite number.
    #[error("arange: cannot compute the length of {start}..{stop} with step {step}")]
    Range {
        /// The start, as text, so that errors can be compared.
        start: String,
        /// The stop.
        stop: String,
        /// The step.
        step: String,
    },
    /// A range without integers.
    #[error("expected low < high, got the empty range {low}..{high}")]
    EmptyRange {
        /// The lowest integer.
        low: i64,
        /// The end, which is not above it.
        high: i64,
    },
    /// Operands of different sessions.
    #[error("{op}: the arrays belong to different sessions")]
    OtherSession {
        /// The operation.
        op: &'static str,
    },
    /// A function that is not defined for a dtype.
    #[error("{op} is not defined for {dtype}")]
    UndefinedFor {
        /// The function.
        op: &'static str,
        /// The dtype that its operands promote to.
        dtype: DType,
    },
    /// A scalar operand that the dtype of the array cannot represent.
    #[error("{value} is out of bounds for {dtype}")]
    ScalarOutOfBounds {
        /// The number, as text, so that errors can be compared.
        value: String,
        /// The dtype.
        dtype: DType,
    },
    /// An integer to a negative power.
    #[error("integers to negative integer powers are not allowed: the exponent is {exponent}")]
    NegativePower {
        /// The exponent.
        exponent: i64,
    },
    /// Elements were read as another type.
    #[error("the array has dtype {have}, not {want}")]
    DType {
        /// The dtype of the array.
        have: DType,
        /// The requested dtype.
        want: DType,
    },
    /// An array that was uploaded and not computed, so it has no plan.
    #[error("this array was not computed by a plan")]
    NoPlan,
    /// `.wait()` was called in async code, whose thread it would block.
    #[error(
        "wait() would block a thread of an async runtime: write `.await` instead, or call wait() inside of \
         tokio::task::spawn_blocking or block_in_place"
    )]
    WaitInRuntime,
    /// A session needs at least one node, one worker and one place.
    #[error("a session needs at least one {what}")]
    Session {
        /// What is missing.
        what: &'static str,
    },
    /// A session with more worker threads than a process may have.
    #[error("expected at most {max} worker threads in a process, got {threads}")]
    TooManyThreads {
        /// The workers of all nodes.
        threads: usize,
        /// The bound.
        max: usize,
    },
    /// A memory budget that cannot be parsed.
    #[error(transparent)]
    Budget(#[from] BudgetError),
    /// An array could not be computed: one of its tasks failed, or a task of an array that it reads.
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
    /// A request to the cluster failed.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// An array that is not a matrix.
    #[error("{op}: expected a matrix, got shape {shape}")]
    NotMatrix {
        /// The operation.
        op: &'static str,
        /// The array's shape.
        shape: Shape,
    },
    /// An array that is not a square matrix.
    #[error("{op}: expected a square matrix, got shape {shape}")]
    NotSquare {
        /// The operation.
        op: &'static str,
        /// The array's shape.
        shape: Shape,
    },
    /// A parameter outside its domain.
    #[error("{name} must be {want}, got {value}")]
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
        "labels must be 0 and 1, with at least one of each: got {zeros} zeros, {ones} ones, {others} other values"
    )]
    Labels {
        /// How many are 0.
        zeros: usize,
        /// How many are 1.
        ones: usize,
        /// How many are neither.
        others: usize,
    },
    /// An array with a different number of columns than in the fit.
    #[error("X has {found} features, but {model} is expecting {expected} features as input")]
    Features {
        /// The model.
        model: &'static str,
        /// The columns of the array.
        found: usize,
        /// The columns that the model was fitted to.
        expected: usize,
    },
    /// NaN in the input of a model or metric.
    #[error("input {input} contains NaN")]
    ContainsNan {
        /// The argument that holds it.
        input: &'static str,
    },
    /// An infinity in the input of a model or metric.
    #[error("input {input} contains infinity, or a value too large for {dtype}")]
    ContainsInfinity {
        /// The argument that holds it.
        input: &'static str,
        /// Its dtype.
        dtype: DType,
    },
    /// A sum of finite numbers overflows.
    #[error("{what} is too large for float64: scale the columns first")]
    Overflow {
        /// What was computed.
        what: &'static str,
    },
    /// An operation that needs at least one row.
    #[error("{op}: expected at least one row, got none")]
    NoRows {
        /// The operation.
        op: &'static str,
    },
    /// A file cannot be read or written, or its contents are wrong.
    #[error(transparent)]
    File(#[from] FileError),
    /// The system has no memory left in this process for elements that the program uploads or reads.
    #[error(transparent)]
    OutOfMemory(#[from] OutOfMemory),
    /// A bug of this library.
    #[error("internal error, please report it: {reason}")]
    Internal {
        /// What went wrong.
        reason: String,
    },
}

impl Error {
    /// The error of the kernel, if a kernel failed: a singular matrix, a negative power of an integer, ...
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

    /// The failure of the task, if a task failed. All arrays that depend on one failed task have the same failure.
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

impl From<PlanError> for Error {
    fn from(error: PlanError) -> Error {
        ClusterError::from(error).into()
    }
}

impl From<nums_lshs::GraphError> for Error {
    /// Operations check their operands when they are called, so a graph that does not build is a bug.
    fn from(error: nums_lshs::GraphError) -> Error {
        Error::Internal { reason: error.to_string() }
    }
}

fn tuples(shapes: &[Shape]) -> String {
    shapes.iter().map(Shape::to_string).collect::<Vec<_>>().join(" ")
}
