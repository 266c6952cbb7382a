//! Values as text, in two steps: ask for everything that is still in the cluster, then wait.
//!
//! Between the two, other values can be asked for: one `print` of three results waits for three
//! computations at the same time. Of a large array only the corners that are shown are fetched.

use crate::{
    array::Array,
    class::Class,
    error::Error,
    format::{
        Corners, Options, Width, array_repr, array_str, complex_repr, float_repr, number_repr,
        number_str,
    },
    functions::Generator,
    number::Number,
    scalar::{Elements, ScalarRequest},
    value::Value,
};
use ndarray::{ArrayD, IxDyn, Slice};
use nums::{DType, Index};
use std::ops::Range;

/// Python's two ways to show a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As `print` shows it.
    Str,
    /// As the prompt shows it.
    Repr,
}

/// The text of a value once all of it has arrived.
pub struct Draft(Part);

enum Part {
    Text(String),
    Scalar(ScalarRequest, Style),
    Array(CornersRequest, Style),
    Sequence { open: &'static str, items: Vec<Draft>, close: &'static str, joint: &'static str },
}

/// Asks for what is needed to show `value`; does not wait.
///
/// # Errors
/// What the library refuses, and what goes wrong in the language around.
pub fn request(value: &Value, style: Style) -> Result<Draft, Error> {
    let text = match value {
        Value::None => "None".to_owned(),
        Value::Ellipsis => "Ellipsis".to_owned(),
        Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Value::Int(value) => value.to_string(),
        Value::BigInt(value) => value.to_string(),
        Value::Float(value) => float_repr(*value, Width::Double),
        Value::Complex(value) => complex_repr(*value, Width::Double),
        Value::Str(text) if style == Style::Str => text.to_string(),
        Value::Str(text) => str_repr(text),
        Value::DType(dtype) if style == Style::Str => dtype.to_string(),
        Value::DType(dtype) => format!("dtype('{dtype}')"),
        Value::Class(class) => format!("<class '{}'>", Class::name(*class)),
        Value::Random(Generator::Generator(_)) => "Generator(Philox)".to_owned(),
        Value::Random(_) => "<numpy.random._philox.Philox object>".to_owned(),
        Value::Estimator(estimator) => format!("{}()", estimator.name()),
        Value::Table(table) => table.text(),
        Value::Record(record) => record.text()?,
        Value::Range(range) if range.step == 1 => format!("range({}, {})", range.start, range.stop),
        Value::Range(range) => format!("range({}, {}, {})", range.start, range.stop, range.step),
        Value::Scalar(scalar) => return Ok(Draft(Part::Scalar(scalar.request()?, style))),
        Value::Array(array) => {
            return Ok(Draft(Part::Array(CornersRequest::new(array)?, style)));
        }
        Value::Slice(parts) => return sequence("slice(", &parts[..], ")"),
        Value::List(items) => return sequence("[", items, "]"),
        Value::Tuple(items) => {
            return sequence("(", items, if items.len() == 1 { ",)" } else { ")" });
        }
        Value::Dict(entries) => {
            let pair = |(name, value): &(&'static str, Value)| {
                let name = Draft(Part::Text(str_repr(name) + ": "));
                let items = vec![name, request(value, Style::Repr)?];
                Ok(Draft(Part::Sequence { open: "", items, close: "", joint: "" }))
            };
            let items = entries.iter().map(pair).collect::<Result<_, Error>>()?;
            return Ok(Draft(Part::Sequence { open: "{", items, close: "}", joint: ", " }));
        }
        Value::Other(object) => object.text(style)?,
    };
    Ok(Draft(Part::Text(text)))
}

/// A container shows its items as the prompt would.
fn sequence(open: &'static str, items: &[Value], close: &'static str) -> Result<Draft, Error> {
    let items = items.iter().map(|item| request(item, Style::Repr)).collect::<Result<_, _>>()?;
    Ok(Draft(Part::Sequence { open, items, close, joint: ", " }))
}

/// The text of a value; waits for what is in the cluster.
///
/// # Errors
/// What went wrong in the cluster, and what ends the wait.
pub fn text(value: &Value, style: Style) -> Result<String, Error> {
    request(value, style)?.write()
}

impl Draft {
    /// Waits for what was asked for.
    ///
    /// # Errors
    /// What went wrong in the cluster, and what ends the wait.
    pub fn write(self) -> Result<String, Error> {
        match self.0 {
            Part::Text(text) => Ok(text),
            Part::Scalar(request, style) => {
                let number = request.wait()?;
                Ok(if style == Style::Str { number_str(number) } else { number_repr(number) })
            }
            Part::Array(request, style) => {
                let corners = request.wait()?;
                Ok(if style == Style::Str { array_str(&corners) } else { array_repr(&corners) })
            }
            Part::Sequence { open, items, close, joint } => {
                let items = items.into_iter().map(Draft::write).collect::<Result<Vec<_>, _>>()?;
                Ok(format!("{open}{}{close}", items.join(joint)))
            }
        }
    }
}

/// What of an array is shown by other options than those of its context; waits for it.
pub(crate) fn corners(array: &Array, options: Options) -> Result<Corners, Error> {
    CornersRequest::with(array, options)?.wait()
}

/// The corners of an array, asked for.
struct CornersRequest {
    shape: Vec<usize>,
    dtype: DType,
    /// Elements kept along each axis.
    kept: Vec<usize>,
    pieces: Vec<Piece>,
    options: Options,
}

/// One corner: where it belongs among what is kept, and its elements, on their way.
struct Piece {
    place: Vec<Range<usize>>,
    elements: Elements,
}

/// A run of indices of one axis that is shown, and where it lands among those kept.
#[derive(Clone)]
struct Run {
    from: Range<usize>,
    to: Range<usize>,
}

impl CornersRequest {
    fn new(array: &Array) -> Result<CornersRequest, Error> {
        CornersRequest::with(array, array.context().options())
    }

    fn with(array: &Array, options: Options) -> Result<CornersRequest, Error> {
        let shape = array.shape().to_vec();
        let ends = (array.size() > options.threshold).then_some(options.edge_items);
        let axes: Vec<Vec<Run>> = shape.iter().map(|len| runs(*len, ends)).collect();
        let kept = axes.iter().map(|runs| runs.iter().map(|run| run.to.len()).sum()).collect();
        let context = array.context();
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
            pieces.push(Piece { place, elements: Elements::request(context, &piece)? });
        }
        Ok(CornersRequest { shape, dtype: array.dtype(), kept, pieces, options })
    }

    fn wait(self) -> Result<Corners, Error> {
        let mut values = ArrayD::from_elem(IxDyn(&self.kept), Number::Bool(false));
        for Piece { place, elements } in self.pieces {
            let piece = elements.wait()?;
            let mut target =
                values.slice_each_axis_mut(|axis| Slice::from(place[axis.axis.index()].clone()));
            target.assign(&piece);
        }
        Ok(Corners { shape: self.shape, values, dtype: self.dtype, options: self.options })
    }
}

/// The indices of an axis that are shown: all, or so many at both ends.
fn runs(len: usize, ends: Option<usize>) -> Vec<Run> {
    match ends {
        Some(ends) if len > 2 * ends => vec![
            Run { from: 0..ends, to: 0..ends },
            Run { from: len - ends..len, to: ends..2 * ends },
        ],
        _ => vec![Run { from: 0..len, to: 0..len }],
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

/// A string in quotes, double ones when that saves escapes.
pub fn str_repr(text: &str) -> String {
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
