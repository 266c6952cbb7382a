//! Coordinates of grids, and arrays that are broadcast together.

use super::{
    arguments::{arrays_of, misfit, shape_argument, text_or, to_array, truth_or},
    dtype_of,
};
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
};
use nums::{DType, DistArray};

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "broadcast_arrays",
        parameters: &[Parameter::rest("args")],
        body: |context, arguments| {
            let arrays = arguments.rest.iter().map(|array| to_array(context, array));
            let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
            let shape = common_shape(&arrays.iter().map(DistArray::shape).collect::<Vec<_>>())?;
            let views = std::iter::zip(&arguments.rest, &arrays).map(|(given, array)| {
                let own = match given {
                    Value::Array(own) => own.clone(),
                    _ => context.array(array.clone()),
                };
                if own.shape() == shape {
                    return Ok(Value::Array(own));
                }
                own.broadcast_to(&shape).map(Value::Array)
            });
            Ok(Value::tuple(views.collect::<Result<Vec<_>, Error>>()?))
        },
    },
    Function {
        name: "broadcast_shapes",
        parameters: &[Parameter::rest("args")],
        body: |_, arguments| {
            let shapes = arguments.rest.iter().map(shape_argument);
            let shapes = shapes.collect::<Result<Vec<_>, _>>()?;
            let shape = common_shape(&shapes).map_err(|_| mismatch(&shapes))?;
            Ok(Value::shape(&shape))
        },
    },
    Function {
        name: "indices",
        parameters: &[
            Parameter::required("dimensions"),
            Parameter::defaulted("dtype", "int"),
            Parameter::defaulted("sparse", "False"),
        ],
        body: |context, arguments| {
            let shape = shape_argument(arguments.get("dimensions"))?;
            let dtype = dtype_of(arguments.get("dtype"))?.unwrap_or(DType::Int64);
            let session = context.session();
            if truth_or(&arguments, "sparse", false)? {
                let lines = shape.iter().enumerate().map(|(axis, len)| {
                    let mut lengths = vec![1; shape.len()];
                    lengths[axis] = -1;
                    let line = session.arange(0, *len, 1)?.astype(dtype)?.reshape(&lengths)?;
                    Ok(Value::Array(context.made(line)))
                });
                return Ok(Value::tuple(lines.collect::<Result<Vec<_>, Error>>()?));
            }
            let grids = session.indices(&shape)?;
            let grids = grids.iter().map(|grid| grid.astype(dtype));
            let grids = grids.collect::<Result<Vec<_>, nums::Error>>()?;
            let made = match grids.is_empty() {
                true => session.full_dtype([0], 0, dtype)?,
                false => nums::stack(&grids, 0)?,
            };
            Ok(Value::Array(context.made(made)))
        },
    },
    Function {
        name: "meshgrid",
        parameters: &[
            Parameter::rest("xi"),
            Parameter::keyword_defaulted("copy", "True"),
            Parameter::keyword_defaulted("sparse", "False"),
            Parameter::keyword_defaulted("indexing", "'xy'"),
        ],
        body: meshgrid,
    },
    Function {
        name: "unstack",
        parameters: &[Parameter::positional("x"), Parameter::keyword_defaulted("axis", "0")],
        body: |context, arguments| {
            let array = to_array(context, arguments.get("x"))?;
            if array.ndim() == 0 {
                return Err(Error::new(Kind::Value, "Input array must be at least 1-d."));
            }
            let axis = arguments.given("axis").map_or(Ok(0), super::arguments::one_axis)?;
            let axis = super::arguments::axis_of(axis, array.ndim())?;
            let moved = array.moveaxis(axis, 0)?;
            let part = |part| context.array(part);
            let parts = moved.outer_iter().map(|row| Value::Array(part(row)));
            Ok(Value::tuple(parts.collect::<Vec<_>>()))
        },
    },
];

/// The shape that shapes are broadcast to.
pub(super) fn common_shape(shapes: &[Vec<usize>]) -> Result<Vec<usize>, Error> {
    let ndim = shapes.iter().map(Vec::len).max().unwrap_or(0);
    let mut common = vec![1; ndim];
    for shape in shapes {
        for (own, len) in common[ndim - shape.len()..].iter_mut().zip(shape) {
            match (*own, *len) {
                (own, len) if own == len => {}
                (_, 1) => {}
                (1, len) => *own = len,
                _ => return Err(misfit(shapes)),
            }
        }
    }
    Ok(common)
}

/// NumPy's words for shapes of which two do not fit: those two.
fn mismatch(shapes: &[Vec<usize>]) -> Error {
    for later in 1..shapes.len() {
        if let Some(earlier) = (0..later).find(|earlier| {
            common_shape(&[shapes[*earlier].clone(), shapes[later].clone()]).is_err()
        }) {
            // As Python writes a tuple.
            let text = |at: usize| {
                let shape = crate::wording::shape_text(&shapes[at]);
                shape.replace(',', ", ").replace(", )", ",)")
            };
            let message = format!(
                "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is \
                 between arg {earlier} with shape {} and arg {later} with shape {}.",
                text(earlier),
                text(later)
            );
            return Error::new(Kind::Value, message);
        }
    }
    misfit(shapes)
}

fn meshgrid(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let by_column = match text_or(&arguments, "indexing", "xy")?.as_str() {
        "xy" => true,
        "ij" => false,
        _ => {
            let message = "Valid values for `indexing` are 'xy' and 'ij'.";
            return Err(Error::new(Kind::Value, message));
        }
    };
    let sparse = truth_or(&arguments, "sparse", false)?;
    let mut lines = arrays_of(context, &Value::list(arguments.rest.clone()))?;
    let ndim = lines.len();
    for line in &mut lines {
        *line = line.ravel();
    }
    // By column the first line runs along the second axis.
    let axis_of = |at: usize| match at {
        0 if by_column && ndim > 1 => 1,
        1 if by_column => 0,
        at => at,
    };
    let mut shape = vec![0; ndim];
    for (at, line) in lines.iter().enumerate() {
        shape[axis_of(at)] = line.size();
    }
    let grids = lines.iter().enumerate().map(|(at, line)| {
        let mut lengths = vec![1; ndim];
        lengths[axis_of(at)] = -1;
        let line = line.reshape(&lengths)?;
        Ok(Value::Array(context.array(if sparse { line } else { line.broadcast_to(&shape)? })))
    });
    Ok(Value::tuple(grids.collect::<Result<Vec<_>, Error>>()?))
}
