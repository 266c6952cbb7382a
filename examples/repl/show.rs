//! Values as text, in two steps: ask for everything that is still in the cluster, then wait.
//!
//! Between the two, other values can be asked for: one `print` of three results waits for three
//! computations at the same time. Of a large array only the corners that are shown are fetched.

use crate::{
    array::Array,
    class::Class,
    exception::{Exception, Kind},
    format::{
        Corners, Options, Specification, Width, array_repr, array_str, float_repr, number_repr,
        number_str,
    },
    random::Generator,
    scalar::{Elements, Number, ScalarRequest},
    value::Value,
};
use ndarray::{ArrayD, IxDyn, Slice};
use nums::{DType, Index};
use std::{
    cell::{Cell, RefCell},
    ops::Range,
};

thread_local! {
    /// How arrays are shown from now on.
    pub(crate) static OPTIONS: Cell<Options> = Cell::default();
}

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
    Sequence { open: &'static str, items: Vec<Draft>, close: &'static str, joint: &'static str },
}

/// Asks for what is needed to show `value`; does not wait.
pub(crate) fn request(value: &Value, style: Style) -> Result<Draft, Exception> {
    let text = match value {
        Value::None => "None".to_owned(),
        Value::Ellipsis => "Ellipsis".to_owned(),
        Value::Bool(value) => python_bool(*value).to_owned(),
        Value::Int(value) => value.to_string(),
        Value::BigInt(value) => value.to_string(),
        Value::Float(value) => float_repr(*value, Width::Double),
        Value::Str(text) if style == Style::Str => text.to_string(),
        Value::Str(text) => str_repr(text),
        Value::DType(dtype) if style == Style::Str => dtype.to_string(),
        Value::DType(dtype) => format!("dtype('{dtype}')"),
        Value::Module(module) => format!("<module '{}'>", module.name),
        Value::Class(class) => format!("<class '{}'>", class.name()),
        Value::Function(function) => format!("<built-in function {}>", function.name),
        Value::Method(receiver, function) => {
            format!("<built-in method {} of {} object>", function.name, receiver.type_name())
        }
        Value::Closure(closure) => format!("<function {}>", closure.name),
        Value::Iterator(_) => format!("<{} object>", value.type_name()),
        Value::Exception(raised) if style == Style::Str => raised.message(),
        Value::Exception(raised) => {
            let name = Class::Exception(raised.kind).short_name();
            let draft = sequence("(", &raised.args, ")")?;
            return Ok(Draft::Sequence { open: name, items: vec![draft], close: "", joint: "" });
        }
        Value::Random(Generator::Generator(_)) => "Generator(Philox)".to_owned(),
        Value::Random(_) => "<numpy.random._philox.Philox object>".to_owned(),
        Value::Estimator(estimator) => format!("{}()", estimator.name()),
        Value::Table(table) => table.text(),
        Value::Range(range) if range.step == 1 => format!("range({}, {})", range.start, range.stop),
        Value::Range(range) => format!("range({}, {}, {})", range.start, range.stop, range.step),
        Value::Scalar(scalar) => return Ok(Draft::Scalar(scalar.request()?, style)),
        Value::Array(array) => return Ok(Draft::Array(CornersRequest::new(array)?, style)),
        Value::Slice(parts) => return sequence("slice(", &parts[..], ")"),
        Value::List(items) => return nested(value, || sequence("[", &items.borrow(), "]")),
        Value::Tuple(items) => {
            return nested(value, || {
                sequence("(", items, if items.len() == 1 { ",)" } else { ")" })
            });
        }
        Value::Set(members) if members.borrow().len() == 0 => "set()".to_owned(),
        Value::Set(members) => return sequence("{", &members.borrow().members(), "}"),
        Value::View(view) => {
            return nested(value, || {
                let mut items = vec![Draft::Text(view.name().to_owned() + "(")];
                items.push(sequence("[", &view.all(), "]")?);
                Ok(Draft::Sequence { open: "", items, close: ")", joint: "" })
            });
        }
        Value::Dict(dict) => {
            return nested(value, || {
                let pair = |(key, value): &(Value, Value)| {
                    let items = vec![request(key, Style::Repr)?, request(value, Style::Repr)?];
                    Ok(Draft::Sequence { open: "", items, close: "", joint: ": " })
                };
                let items = dict.borrow().entries().map(pair).collect::<Result<_, Exception>>()?;
                Ok(Draft::Sequence { open: "{", items, close: "}", joint: ", " })
            });
        }
    };
    Ok(Draft::Text(text))
}

/// A container shows its items as the prompt would.
fn sequence(open: &'static str, items: &[Value], close: &'static str) -> Result<Draft, Exception> {
    let items = items.iter().map(|item| request(item, Style::Repr)).collect::<Result<_, _>>()?;
    Ok(Draft::Sequence { open, items, close, joint: ", " })
}

/// How deep containers are shown; one that holds itself would never end.
const NESTING_MAX: usize = 100;

thread_local! {
    /// The containers that are being shown.
    static OPEN: RefCell<Vec<Value>> = const { RefCell::new(Vec::new()) };
}

/// What a container shows, or `[...]` inside itself.
fn nested(
    container: &Value,
    show: impl FnOnce() -> Result<Draft, Exception>,
) -> Result<Draft, Exception> {
    let (inside_itself, depth) =
        OPEN.with_borrow(|open| (open.iter().any(|outer| outer.is(container)), open.len()));
    if inside_itself {
        let text = if matches!(container, Value::Dict(_)) { "{...}" } else { "[...]" };
        return Ok(Draft::Text(text.to_owned()));
    }
    if depth >= NESTING_MAX {
        return Err(Exception::new(Kind::Recursion, "maximum recursion depth exceeded"));
    }
    OPEN.with_borrow_mut(|open| open.push(container.clone()));
    let draft = show();
    OPEN.with_borrow_mut(|open| drop(open.pop()));
    draft
}

/// The text of a value; waits for what is in the cluster.
pub(crate) fn text(value: &Value, style: Style) -> Result<String, Exception> {
    request(value, style)?.write()
}

/// A value as a format specification asks for it; waits for what is in the cluster.
pub(crate) fn formatted(value: &Value, specification: &str) -> Result<String, Exception> {
    // A number of NumPy is formatted as the number of Python that it gives.
    let number = match value {
        Value::Scalar(scalar) => Some(scalar.value()?),
        Value::Array(array) if array.ndim() == 0 => Some(array.item()?),
        _ => None,
    };
    let value = match number {
        Some(number) => match number.as_i64() {
            Some(_) if number.dtype() == DType::Bool => Value::str(&number_str(number)),
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64()),
        },
        None => value.clone(),
    };
    if specification.is_empty() {
        return text(&value, Style::Str);
    }
    let kind = value.type_name();
    let wrong =
        |error: crate::format::SpecificationError| Exception::new(Kind::Value, error.to_string());
    let read = || Specification::read(specification, kind).map_err(wrong);
    match &value {
        Value::Str(text) => read()?.text(text).map_err(wrong),
        Value::Float(value) => read()?.float(*value, kind).map_err(wrong),
        other => match other.as_big_int() {
            Some(whole) => {
                let read = read()?;
                let negative = num_traits::Signed::is_negative(&whole);
                let magnitude = num_traits::Signed::abs(&whole);
                let digits = match read.form {
                    None | Some('d' | 'n') => magnitude.to_string(),
                    Some('x') => magnitude.to_str_radix(16),
                    Some('X') => magnitude.to_str_radix(16).to_uppercase(),
                    Some('o') => magnitude.to_str_radix(8),
                    Some('b') => magnitude.to_str_radix(2),
                    Some(_) => {
                        let value = value.as_python_float().unwrap_or(f64::INFINITY);
                        return read.float(value, kind).map_err(wrong);
                    }
                };
                read.whole(negative, &digits).map_err(wrong)
            }
            None => {
                let message = format!("unsupported format string passed to {kind}.__format__");
                Err(Exception::new(Kind::Type, message))
            }
        },
    }
}

impl Draft {
    /// Waits for what was asked for.
    pub(crate) fn write(self) -> Result<String, Exception> {
        match self {
            Draft::Text(text) => Ok(text),
            Draft::Scalar(request, style) => {
                let number = request.wait()?;
                Ok(if style == Style::Str { number_str(number) } else { number_repr(number) })
            }
            Draft::Array(request, style) => {
                let corners = request.wait()?;
                Ok(if style == Style::Str { array_str(&corners) } else { array_repr(&corners) })
            }
            Draft::Sequence { open, items, close, joint } => {
                let items = items.into_iter().map(Draft::write).collect::<Result<Vec<_>, _>>()?;
                Ok(format!("{open}{}{close}", items.join(joint)))
            }
        }
    }
}

/// The corners of an array, asked for.
pub(crate) struct CornersRequest {
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
    fn new(array: &Array) -> Result<CornersRequest, Exception> {
        let shape = array.shape().to_vec();
        let options = OPTIONS.get();
        let ends = (array.size() > options.threshold).then_some(options.edge_items);
        let axes: Vec<Vec<Run>> = shape.iter().map(|len| runs(*len, ends)).collect();
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
            pieces.push(Piece { place, elements: Elements::request(&piece)? });
        }
        Ok(CornersRequest { shape, dtype: array.dtype(), kept, pieces, options })
    }

    fn wait(self) -> Result<Corners, Exception> {
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

fn python_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// A string in quotes, double ones when that saves escapes.
pub(crate) fn str_repr(text: &str) -> String {
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
