//! A whole array as text: brackets, line breaks and the `...` of a large one.
//!
//! Source: NumPy 2's `numpy/_core/arrayprint.py`, whose layout this follows line by line.

use super::{Options, column::Columns, number_str};
use crate::number::Number;
use ndarray::{ArrayD, ArrayViewD, Axis};
use nums::DType;

/// What of an array is shown.
#[derive(Debug)]
pub struct Corners {
    /// The array's whole shape.
    pub shape: Vec<usize>,
    /// All elements, or, when there are more than [`Options::threshold`], only the first and last
    /// [`Options::edge_items`] of each axis that has more than both together.
    pub values: ArrayD<Number>,
    /// The type of the elements.
    pub dtype: DType,
    /// How arrays are shown.
    pub options: Options,
}

impl Corners {
    fn size(&self) -> usize {
        self.shape.iter().product()
    }

    fn summarises(&self, axis: usize) -> bool {
        self.size() > self.options.threshold && self.shape[axis] > 2 * self.options.edge_items
    }
}

/// What `print(a)` shows.
pub fn array_str(corners: &Corners) -> String {
    match corners.values.first() {
        // An array without axes looks like a scalar: all its digits.
        Some(only) if corners.shape.is_empty() => number_str(*only),
        _ => Layout::new(corners, " ", corners.options.line_width).write(" "),
    }
}

/// What a bare `a` shows at the prompt.
pub fn array_repr(corners: &Corners) -> String {
    const OPEN: &str = "array(";
    let indent = " ".repeat(OPEN.len() + 1);
    let line_width = corners.options.line_width;
    let list = Layout::new(corners, ", ", line_width.saturating_sub(1)).write(&indent);

    let mut extras = Vec::new();
    let size = corners.size();
    if (size == 0 && corners.shape != [0]) || size > corners.options.threshold {
        extras.push(format!("shape={}", shape_text(&corners.shape)));
    }
    // The types that Python's own numbers become go without saying.
    let implied =
        matches!(corners.dtype, DType::Bool | DType::Int64 | DType::Float64 | DType::Complex128);
    if size == 0 || !implied {
        extras.push(format!("dtype={}", corners.dtype));
    }
    if extras.is_empty() {
        return format!("{OPEN}{list})");
    }
    let text = format!("{OPEN}{list},");
    let extras = extras.join(", ") + ")";
    let last_line = text.rsplit('\n').next().map_or(0, str::len);
    if last_line + extras.len() + 1 > line_width {
        format!("{text}\n{}{extras}", " ".repeat(OPEN.len()))
    } else {
        format!("{text} {extras}")
    }
}

/// What `np.array2string` gives: the list alone, with a separator, behind a prefix of a length.
pub(crate) fn array_string(corners: &Corners, separator: &'static str, prefix: usize) -> String {
    match corners.values.first() {
        Some(only) if corners.shape.is_empty() => number_str(*only),
        _ => {
            let indent = " ".repeat(prefix + 1);
            Layout::new(corners, separator, corners.options.line_width).write(&indent)
        }
    }
}

/// A shape as Python writes a tuple.
fn shape_text(shape: &[usize]) -> String {
    match shape {
        [only] => format!("({only},)"),
        _ => format!("({})", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// The brackets and lines of one array.
struct Layout<'a> {
    corners: &'a Corners,
    columns: Columns,
    separator: &'static str,
    line_width: usize,
}

impl<'a> Layout<'a> {
    fn new(corners: &'a Corners, separator: &'static str, line_width: usize) -> Layout<'a> {
        let columns = Columns::measure(corners);
        Layout { corners, columns, separator, line_width }
    }

    /// The text; `indent` stands before every line but the first.
    fn write(&self, indent: &str) -> String {
        if self.corners.size() == 0 {
            return "[]".to_owned();
        }
        self.write_part(self.corners.values.view(), 0, indent, self.line_width)
    }

    /// The part of the array below `axis`; `width` shrinks by one for each bracket that will close
    /// on the same line.
    fn write_part(
        &self,
        part: ArrayViewD<'_, Number>,
        axis: usize,
        indent: &str,
        width: usize,
    ) -> String {
        match part.ndim() {
            0 => part.first().map_or(String::new(), |value| self.columns.write(*value)),
            1 => self.write_row(part, axis, indent, width),
            _ => self.write_rows(part, axis, indent, width),
        }
    }

    /// The last axis: words side by side, wrapped where the next would not fit.
    fn write_row(
        &self,
        row: ArrayViewD<'_, Number>,
        axis: usize,
        indent: &str,
        width: usize,
    ) -> String {
        let width = width.saturating_sub(self.separator.trim_end().len().max("]".len()));
        let mut words: Vec<String> = row.iter().map(|value| self.columns.write(*value)).collect();
        if self.corners.summarises(axis) {
            words.insert(self.corners.options.edge_items, "...".to_owned());
        }
        let (mut text, mut line) = (String::new(), indent.to_owned());
        let last = words.len() - 1;
        for (position, word) in words.iter().enumerate() {
            // A line that holds nothing yet is not broken: that would not help.
            if line.len() + word.len() > width && line.len() > indent.len() {
                text += line.trim_end();
                text += "\n";
                line = indent.to_owned();
            }
            line += word;
            if position < last {
                line += self.separator;
            }
        }
        text += &line;
        format!("[{}]", &text[indent.len()..])
    }

    /// Any other axis: one part below the other, with a blank line more for each axis beneath.
    fn write_rows(
        &self,
        rows: ArrayViewD<'_, Number>,
        axis: usize,
        indent: &str,
        width: usize,
    ) -> String {
        let inner = format!("{indent} ");
        let mut parts: Vec<String> = rows
            .axis_iter(Axis(0))
            .map(|part| self.write_part(part, axis + 1, &inner, width.saturating_sub(1)))
            .collect();
        if self.corners.summarises(axis) {
            parts.insert(self.corners.options.edge_items, "...".to_owned());
        }
        let line_break = self.separator.trim_end().to_owned() + &"\n".repeat(rows.ndim() - 1);
        format!("[{}]", parts.join(&format!("{line_break}{indent}")))
    }
}
