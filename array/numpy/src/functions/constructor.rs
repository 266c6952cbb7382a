//! `np.array`: arrays out of nested lists, and copies.

use super::{
    arguments::{array_of, to_array},
    dtype_of,
};
use crate::{
    array::Array,
    context::Context,
    element::{element, scalar_element},
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    number::Number,
    operators::as_number,
    scalar::ScalarRequest,
    value::Value,
    wording::shape_text,
};
use ndarray::{ArrayD, IxDyn};
use nums::{Complex, DType, DistArray, Element};

const ASARRAY: &[Parameter] = &[
    Parameter::required("a"),
    Parameter::optional("dtype"),
    Parameter::keyword("device"),
    Parameter::keyword("copy"),
];
const CONTIGUOUS: &[Parameter] = &[Parameter::required("a"), Parameter::optional("dtype")];

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "array",
        parameters: &[
            Parameter::required("object"),
            Parameter::optional("dtype"),
            Parameter::keyword("copy"),
            Parameter::keyword("ndmin"),
        ],
        body: |context, arguments| {
            let dtype = dtype_of(arguments.get("dtype"))?;
            let object = arguments.get("object");
            let array = match object {
                Value::Array(array) => context.array(cast(array.read()?, dtype)?),
                other => array_from(context, other, dtype)?,
            };
            let ndmin = match arguments.given("ndmin") {
                Some(ndmin) => usize::try_from(ndmin.as_int()?).unwrap_or(0),
                None => 0,
            };
            if array.ndim() >= ndmin {
                return Ok(Value::Array(array));
            }
            let mut shape = vec![1; ndmin - array.ndim()];
            shape.extend(array.shape().iter().map(|len| *len as isize));
            Ok(Value::Array(context.array(array.read()?.reshape(&shape)?)))
        },
    },
    Function { name: "asanyarray", parameters: ASARRAY, body: as_array },
    Function { name: "asarray", parameters: ASARRAY, body: as_array },
    Function { name: "ascontiguousarray", parameters: CONTIGUOUS, body: as_array },
    Function {
        name: "copy",
        parameters: &[Parameter::required("a")],
        body: |context, arguments| {
            Ok(Value::Array(context.array(to_array(context, arguments.get("a"))?)))
        },
    },
];

/// The array itself where it is one of the right type, and otherwise a new one.
fn as_array(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let dtype = dtype_of(arguments.get("dtype"))?;
    let copy = match arguments.get("copy") {
        Value::None => None,
        copy => Some(copy.truth()?),
    };
    match arguments.get("a") {
        Value::Array(array)
            if copy != Some(true) && dtype.is_none_or(|dtype| dtype == array.dtype()) =>
        {
            Ok(Value::Array(array.clone()))
        }
        _ if copy == Some(false) => {
            let message = "Unable to avoid copy while creating an array as requested.\nIf \
                           using `np.array(obj, copy=False)` replace it with \
                           `np.asarray(obj)` to allow a copy when needed (no behavior change \
                           in NumPy 1.x).\nFor more details, see \
                           https://numpy.org/devdocs/numpy_2_0_migration_guide.html#adapting-to-changes-in-the-copy-keyword.";
            Err(Error::new(Kind::Value, message))
        }
        Value::Array(array) => Ok(Value::Array(context.array(cast(array.read()?, dtype)?))),
        other => Ok(Value::Array(array_from(context, other, dtype)?)),
    }
}

pub(super) static METHODS: &[Function] = &[
    Function {
        name: "astype",
        parameters: &[
            Parameter::positional("a"),
            Parameter::required("dtype"),
            Parameter::keyword("copy"),
        ],
        body: |context, arguments| {
            let dtype = dtype_of(arguments.get("dtype"))?;
            let cast = cast(to_array(context, arguments.get("a"))?, dtype)?;
            Ok(match arguments.get("a") {
                Value::Array(_) => Value::Array(context.array(cast)),
                _ => context.computed(cast),
            })
        },
    },
    Function {
        name: "copy",
        parameters: &[Parameter::positional("a")],
        body: |context, arguments| match arguments.get("a") {
            Value::Array(array) => Ok(Value::Array(context.array(array.read()?))),
            other => Ok(other.clone()),
        },
    },
    Function {
        name: "fill",
        parameters: &[Parameter::positional("a"), Parameter::required("value")],
        body: |context, arguments| {
            let array = array_of(context, arguments.get("a"))?;
            crate::subscript::assign(&array, &Value::Ellipsis, arguments.get("value"))?;
            Ok(Value::None)
        },
    },
    Function {
        name: "item",
        parameters: &[Parameter::positional("a"), Parameter::rest("index")],
        body: item,
    },
    Function {
        name: "tolist",
        parameters: &[Parameter::positional("a")],
        body: |_, arguments| match arguments.get("a") {
            Value::Array(array) => {
                let elements = array.elements()?;
                Ok(nested(elements.view()))
            }
            Value::Scalar(scalar) => Ok(Value::python(scalar.value()?)),
            other => Ok(other.clone()),
        },
    },
];

/// `a.item()`: the only element, or that of an index, as a number of Python. Waits.
fn item(_: &Context, arguments: Arguments) -> Result<Value, Error> {
    let owner = arguments.get("a");
    let index = super::arguments::one_or_many(&arguments);
    let found = match (&index, owner) {
        (Value::None, Value::Array(array)) => return Ok(Value::python(array.item()?)),
        (Value::None, other) => other.clone(),
        (Value::Int(_), Value::Array(array)) if array.ndim() > 1 => {
            let flat = Value::Array(array.reshape(&[-1])?);
            crate::subscript::subscript(&flat, &index)?
        }
        _ => crate::subscript::subscript(owner, &index)?,
    };
    match found {
        Value::Scalar(scalar) => Ok(Value::python(scalar.value()?)),
        other => Ok(other),
    }
}

/// The elements as lists in lists.
fn nested(elements: ndarray::ArrayViewD<'_, Number>) -> Value {
    match elements.ndim() {
        0 => elements.first().map_or(Value::None, |number| Value::python(*number)),
        _ => Value::list(elements.outer_iter().map(nested).collect()),
    }
}

fn cast(array: DistArray, dtype: Option<DType>) -> Result<DistArray, Error> {
    match dtype {
        Some(dtype) => Ok(array.astype(dtype)?),
        None => Ok(array),
    }
}

/// A new array of what a value holds: a number, or lists of numbers in lists. Numbers must fit the type, elements of
/// arrays are cast to it. Waits for elements that are in the cluster.
pub(crate) fn array_from(
    context: &Context,
    value: &Value,
    dtype: Option<DType>,
) -> Result<Array, Error> {
    if let Value::Array(array) = value {
        return Ok(context.array(cast(array.read()?, dtype)?));
    }
    let mut leaves = Vec::new();
    let shape = collect(value, 0, &mut leaves)?;
    let dtype = match dtype {
        Some(dtype) => dtype,
        None => common(&leaves)?.unwrap_or(DType::Float64),
    };
    // A scalar that stands alone is an array already, and cast as one.
    let alone = shape.is_empty() && matches!(value, Value::Scalar(_));
    let element = |leaf: Leaf| match (leaf, alone) {
        (Leaf::Sent(_, request), true) => Leaf::Element(request.wait()?).element(dtype),
        (leaf, _) => leaf.element(dtype),
    };
    let numbers = leaves.into_iter().map(element).collect::<Result<Vec<Number>, Error>>()?;
    upload(context, &shape, numbers, dtype)
}

/// The elements of lists of numbers in lists, here.
pub(crate) struct Local {
    pub(crate) shape: Vec<usize>,
    pub(crate) numbers: Vec<Number>,
    /// The type that holds them all.
    pub(crate) dtype: DType,
}

/// What a value holds, as [`array_from`] takes it, without an array of it.
pub(crate) fn local(value: &Value) -> Result<Local, Error> {
    let mut leaves = Vec::new();
    let shape = collect(value, 0, &mut leaves)?;
    let dtype = common(&leaves)?.unwrap_or(DType::Float64);
    let numbers = leaves.into_iter().map(|leaf| leaf.element(dtype)).collect::<Result<_, _>>()?;
    Ok(Local { shape, numbers, dtype })
}

/// An element of an array to be.
enum Leaf {
    /// A number of Python.
    Python(Value),
    /// A scalar of NumPy.
    Sent(DType, ScalarRequest),
    /// An element of an array.
    Element(Number),
}

impl Leaf {
    fn dtype(&self) -> Result<DType, Error> {
        match self {
            Leaf::Python(value) => match as_number(value) {
                Some(number) => Ok(number.dtype()),
                None => Err(Error::unsupported("an array of ints beyond 64 bits is")),
            },
            Leaf::Sent(dtype, _) => Ok(*dtype),
            Leaf::Element(number) => Ok(number.dtype()),
        }
    }

    /// The number as an element of a type.
    fn element(self, dtype: DType) -> Result<Number, Error> {
        let unknown = || Error::unsupported(format!("an array of {dtype} is"));
        match self {
            Leaf::Python(value) => element(&value, dtype)?.ok_or_else(unknown),
            Leaf::Sent(_, request) => scalar_element(request.wait()?, dtype),
            Leaf::Element(number) => Ok(number.cast(dtype)),
        }
    }
}

/// The type that holds all elements; none of no elements.
fn common(leaves: &[Leaf]) -> Result<Option<DType>, Error> {
    let mut common = None;
    for leaf in leaves {
        let dtype = leaf.dtype()?;
        common = Some(common.map_or(dtype, |common| nums::result_type(common, dtype)));
    }
    Ok(common)
}

/// Collects the elements of nested lists in order, and gives their shape.
fn collect(value: &Value, depth: usize, leaves: &mut Vec<Leaf>) -> Result<Vec<usize>, Error> {
    const DEPTH_MAX: usize = 64;
    if depth > DEPTH_MAX {
        let message = "setting an array element with a sequence: the lists are nested too deeply";
        return Err(Error::new(Kind::Value, message));
    }
    let items = match value {
        Value::List(items) | Value::Tuple(items) => items.to_vec(),
        Value::Range(range) => (0..range.len()).map(|at| Value::Int(range.at(at))).collect(),
        Value::Array(array) => {
            let elements = array.elements()?;
            leaves.extend(elements.iter().map(|number| Leaf::Element(*number)));
            return Ok(array.shape().to_vec());
        }
        Value::Scalar(scalar) => {
            leaves.push(Leaf::Sent(scalar.dtype(), scalar.request()?));
            return Ok(Vec::new());
        }
        Value::Bool(_) | Value::Int(_) | Value::BigInt(_) | Value::Float(_) | Value::Complex(_) => {
            leaves.push(Leaf::Python(value.clone()));
            return Ok(Vec::new());
        }
        other => {
            let what = format!("an array of '{}' objects is", other.type_name());
            return Err(Error::unsupported(what));
        }
    };
    let mut inner: Option<Vec<usize>> = None;
    for item in &items {
        let shape = collect(item, depth + 1, leaves)?;
        match &inner {
            Some(first) if *first != shape => return Err(ragged(items.len(), depth)),
            _ => inner = Some(shape),
        }
    }
    let mut shape = vec![items.len()];
    shape.extend(inner.unwrap_or_default());
    Ok(shape)
}

fn ragged(len: usize, depth: usize) -> Error {
    let message = format!(
        "setting an array element with a sequence. The requested array has an inhomogeneous shape \
         after {} dimensions. The detected shape was {} + inhomogeneous part.",
        depth + 1,
        shape_text(&[len])
    );
    Error::new(Kind::Value, message)
}

/// An array of numbers that are here.
fn upload(
    context: &Context,
    shape: &[usize],
    numbers: Vec<Number>,
    dtype: DType,
) -> Result<Array, Error> {
    fn of<T: Element>(
        context: &Context,
        shape: &[usize],
        numbers: Vec<Number>,
        element: impl Fn(Number) -> T,
    ) -> Result<Array, Error> {
        let elements = numbers.into_iter().map(element).collect();
        let local = ArrayD::from_shape_vec(IxDyn(shape), elements)
            .map_err(|error| Error::new(Kind::Value, error.to_string()))?;
        Ok(context.made(context.session().from_ndarray(&local)?))
    }
    // The cast wraps an integer into the dtype, so that the conversion here loses nothing.
    macro_rules! integers {
        ($type:ty) => {
            of(context, shape, numbers, |number| {
                number.cast(dtype).as_integer().unwrap_or(0) as $type
            })
        };
    }
    match dtype {
        DType::Bool => of(context, shape, numbers, Number::truth),
        DType::Int8 => integers!(i8),
        DType::Int16 => integers!(i16),
        DType::Int32 => integers!(i32),
        DType::Int64 => integers!(i64),
        DType::UInt8 => integers!(u8),
        DType::UInt16 => integers!(u16),
        DType::UInt32 => integers!(u32),
        DType::UInt64 => integers!(u64),
        DType::Float32 => of(context, shape, numbers, |number| number.cast(dtype).as_f64() as f32),
        DType::Float64 => of(context, shape, numbers, Number::as_f64),
        DType::Complex64 => of(context, shape, numbers, |number| {
            let value = number.as_complex();
            Complex::new(value.re as f32, value.im as f32)
        }),
        DType::Complex128 => of(context, shape, numbers, Number::as_complex),
    }
}
