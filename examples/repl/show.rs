//! Values as text, in two steps: ask for everything that is still in the cluster, then wait.
//!
//! Between the two, other values can be asked for: one `print` of three results waits for three
//! computations at the same time. Of a large array only the corners that are shown are fetched.

use crate::{
    array::Array,
    exception::Exception,
    format::{Corners, EDGE_ITEMS, SUMMARY_THRESHOLD, array_repr, array_str, float_repr},
    scalar::ScalarRequest,
    value::Value,
};
use ndarray::{ArrayD, IxDyn, Slice};
use nums::{Index, Pending};
use std::ops::Range;

/// Python's two ways to show a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// As `print` shows it.
    Str,
    /// As the prompt shows it.
    Repr,
}

/// The text of a value once all of it has arrived.
pub(crate) enum Draft {
    Text(String),
    Scalar(ScalarRequest, Style),
    Array(CornersRequest, Style),
    Sequence { open: &'static str, items: Vec<Draft>, close: &'static str },
}

/// Asks for what is needed to show `value`; does not wait.
pub(crate) fn request(value: &Value, style: Style) -> Result<Draft, Exception> {
    let text = match value {
        Value::None => "None".to_owned(),
        Value::Ellipsis => "Ellipsis".to_owned(),
        Value::Bool(value) => python_bool(*value).to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => float_repr(*value),
        Value::Str(text) if style == Style::Str => text.to_string(),
        Value::Str(text) => str_repr(text),
        Value::NumpyBool(value) if style == Style::Str => python_bool(*value).to_owned(),
        // NumPy's name ends in `_` where Python's is taken.
        Value::NumpyBool(value) => format!("np.{}_", python_bool(*value)),
        Value::DType(dtype) if style == Style::Str => dtype.to_string(),
        Value::DType(dtype) => format!("dtype('{dtype}')"),
        Value::Module(module) => format!("<module '{}'>", module.name),
        Value::Function(function) if function.is_class => format!("<class '{}'>", function.name),
        Value::Function(function) => format!("<built-in function {}>", function.name),
        Value::Method(receiver, function) => {
            format!("<built-in method {} of {} object>", function.name, receiver.type_name())
        }
        Value::Scalar(scalar) => return Ok(Draft::Scalar(scalar.request(), style)),
        Value::Array(array) => return Ok(Draft::Array(CornersRequest::new(array)?, style)),
        Value::Slice(parts) => return sequence("slice(", &parts[..], ")"),
        Value::List(items) => return sequence("[", items, "]"),
        Value::Tuple(items) => {
            return sequence("(", items, if items.len() == 1 { ",)" } else { ")" });
        }
    };
    Ok(Draft::Text(text))
}

/// A container shows its items as the prompt would.
fn sequence(open: &'static str, items: &[Value], close: &'static str) -> Result<Draft, Exception> {
    let items = items.iter().map(|item| request(item, Style::Repr)).collect::<Result<_, _>>()?;
    Ok(Draft::Sequence { open, items, close })
}

impl Draft {
    /// Waits for what was asked for.
    pub(crate) fn write(self) -> Result<String, Exception> {
        match self {
            Draft::Text(text) => Ok(text),
            Draft::Scalar(request, style) => {
                let text = float_repr(request.wait()?);
                Ok(if style == Style::Str { text } else { format!("np.float64({text})") })
            }
            Draft::Array(request, style) => {
                let corners = request.wait()?;
                Ok(if style == Style::Str { array_str(&corners) } else { array_repr(&corners) })
            }
            Draft::Sequence { open, items, close } => {
                let items = items.into_iter().map(Draft::write).collect::<Result<Vec<_>, _>>()?;
                Ok(format!("{open}{}{close}", items.join(", ")))
            }
        }
    }
}

/// The corners of an array, asked for.
pub(crate) struct CornersRequest {
    shape: Vec<usize>,
    /// Elements kept along each axis.
    kept: Vec<usize>,
    pieces: Vec<Piece>,
}

/// One corner: where it belongs among what is kept, and its elements, on their way.
struct Piece {
    place: Vec<Range<usize>>,
    pending: Pending<ArrayD<f64>>,
}

/// A run of indices of one axis that is shown, and where it lands among those kept.
#[derive(Clone)]
struct Run {
    from: Range<usize>,
    to: Range<usize>,
}

impl CornersRequest {
    fn new(array: &Array) -> Result<CornersRequest, Exception> {
        let shape = array.shape().to_vec();
        let summarise = array.size() > SUMMARY_THRESHOLD;
        let axes: Vec<Vec<Run>> = shape.iter().map(|len| runs(*len, summarise)).collect();
        let kept = axes.iter().map(|runs| runs.iter().map(|run| run.to.len()).sum()).collect();
        let array = array.read()?;
        let mut pieces = Vec::new();
        for corner in combinations(&axes) {
            let index: Vec<Index> = corner
                .iter()
                .map(|run| Index::Slice {
                    start: Some(run.from.start as isize),
                    stop: Some(run.from.end as isize),
                    step: 1,
                })
                .collect();
            let whole = std::iter::zip(&corner, &shape).all(|(run, len)| run.from == (0..*len));
            let piece = if whole { array.clone() } else { array.index(&index)? };
            let place = corner.into_iter().map(|run| run.to).collect();
            pieces.push(Piece { place, pending: piece.fetch::<f64>() });
        }
        Ok(CornersRequest { shape, kept, pieces })
    }

    fn wait(self) -> Result<Corners, Exception> {
        let mut values = ArrayD::zeros(IxDyn(&self.kept));
        for Piece { place, pending } in self.pieces {
            let piece = pending.wait()?;
            let mut target =
                values.slice_each_axis_mut(|axis| Slice::from(place[axis.axis.index()].clone()));
            target.assign(&piece);
        }
        Ok(Corners { shape: self.shape, values })
    }
}

/// The indices of an axis that are shown: all, or both ends.
fn runs(len: usize, summarise: bool) -> Vec<Run> {
    if summarise && len > 2 * EDGE_ITEMS {
        vec![
            Run { from: 0..EDGE_ITEMS, to: 0..EDGE_ITEMS },
            Run { from: len - EDGE_ITEMS..len, to: EDGE_ITEMS..2 * EDGE_ITEMS },
        ]
    } else {
        vec![Run { from: 0..len, to: 0..len }]
    }
}

/// One run of each axis, in every combination.
fn combinations(axes: &[Vec<Run>]) -> Vec<Vec<Run>> {
    axes.iter().fold(vec![Vec::new()], |corners, runs| {
        let longer = |corner: &Vec<Run>| -> Vec<Vec<Run>> {
            runs.iter().map(|run| [corner.as_slice(), std::slice::from_ref(run)].concat()).collect()
        };
        corners.iter().flat_map(longer).collect()
    })
}

fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// A string in quotes, double ones when that saves escapes.
fn str_repr(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut result = String::from(quote);
    for character in text.chars() {
        match character {
            '\\' => result += "\\\\",
            '\n' => result += "\\n",
            '\r' => result += "\\r",
            '\t' => result += "\\t",
            _ if character == quote => result.extend(['\\', quote]),
            _ if character.is_ascii_control() => {
                result += &format!("\\x{:02x}", u32::from(character));
            }
            _ => result.push(character),
        }
    }
    result.push(quote);
    result
}
