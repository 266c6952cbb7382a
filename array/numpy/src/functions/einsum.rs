//! Einstein notation as NumPy reads it: without an output, with `...`, and with letters that an operand repeats.

use super::arguments::to_array;
use crate::{
    context::Context,
    error::Error,
    function::{Arguments, Function, Parameter},
    kind::Kind,
    value::Value,
};
use nums::DistArray;

pub(super) static FUNCTIONS: &[Function] = &[Function {
    name: "einsum",
    parameters: &[
        Parameter::positional("subscripts"),
        Parameter::rest("operands"),
        Parameter::keyword("optimize"),
    ],
    body: einsum,
}];

fn refused(message: impl Into<String>) -> Error {
    Error::new(Kind::Value, message.into())
}

fn einsum(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let Value::Str(subscripts) = arguments.get("subscripts") else {
        let message = "einsum takes its subscripts as a string first";
        return Err(Error::new(Kind::Type, message));
    };
    let arrays = arguments.rest.iter().map(|operand| to_array(context, operand));
    let arrays = arrays.collect::<Result<Vec<_>, _>>()?;
    let text: String = subscripts.chars().filter(|letter| !letter.is_whitespace()).collect();
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs, Some(output)),
        None => (text.as_str(), None),
    };
    let inputs: Vec<&str> = inputs.split(',').collect();
    if inputs.len() != arrays.len() {
        let message = match inputs.len() < arrays.len() {
            true => {
                "more operands provided to einstein sum function than specified in the \
                     subscripts string"
            }
            false => {
                "fewer operands provided to einstein sum function than specified in the \
                      subscripts string"
            }
        };
        return Err(refused(message));
    }
    // Letters that no subscript has stand for the axes of `...`.
    let mut spare = ('a'..='z').chain('A'..='Z').filter(|letter| !text.contains(*letter));
    let broadcast = inputs.iter().zip(&arrays).map(|(labels, array)| {
        let named = labels.replace("...", "").chars().count();
        if labels.contains("...") { array.ndim().saturating_sub(named) } else { 0 }
    });
    let most = broadcast.max().unwrap_or(0);
    let spread: Vec<char> = spare.by_ref().take(most).collect();
    if spread.len() < most {
        return Err(refused("too many subscripts in einsum"));
    }
    let mut operands = Vec::with_capacity(arrays.len());
    for (labels, array) in inputs.iter().zip(&arrays) {
        operands.push(Labelled::new(labels, array, &spread)?);
    }
    let implied = implied_output(&text, &operands, &spread);
    let output: Vec<char> = match output {
        None => implied,
        Some(output) => {
            let spread: String = spread.iter().collect();
            let output = match output.matches("...").count() {
                0 if most > 0 => {
                    let message = "output has more dimensions than subscripts given in einstein sum, \
                                   but no '...' ellipsis provided to broadcast the extra dimensions.";
                    return Err(refused(message));
                }
                0 | 1 => output.replace("...", &spread),
                _ => return Err(refused("einstein sum subscripts string contains two '...'")),
            };
            output.chars().collect()
        }
    };
    for (at, letter) in output.iter().enumerate() {
        if !letter.is_ascii_alphabetic() {
            let message = format!(
                "invalid subscript '{letter}' in einstein sum subscripts string, subscripts must be \
                 letters"
            );
            return Err(refused(message));
        }
        if output[..at].contains(letter) {
            let message = format!(
                "einstein sum subscripts string includes output subscript '{letter}' multiple times"
            );
            return Err(refused(message));
        }
        if !operands.iter().any(|operand| operand.labels.contains(letter)) {
            let message = format!(
                "einstein sum subscripts string included output subscript '{letter}' which never \
                 appeared in an input"
            );
            return Err(refused(message));
        }
    }
    // An axis of length 1 beside a longer one is repeated: it is left out, and the sum does not see it.
    let longest =
        |letter: char| operands.iter().filter_map(|operand| operand.len(letter)).max().unwrap_or(1);
    let lengths: Vec<(char, usize)> = operands
        .iter()
        .flat_map(|operand| operand.labels.iter().copied())
        .map(|letter| (letter, longest(letter)))
        .collect();
    let mut narrowed = Vec::with_capacity(operands.len());
    for operand in &operands {
        narrowed.push(operand.without_ones(&lengths)?);
    }
    let subscripts: Vec<String> =
        narrowed.iter().map(|operand| operand.labels.iter().collect()).collect();
    let output: String = output.iter().collect();
    let spec = format!("{}->{output}", subscripts.join(","));
    let result = nums::einsum(&spec, narrowed.iter().map(|operand| &operand.array));
    Ok(context.computed(result.map_err(|error| refused(error.to_string()))?))
}

/// Without an output it has the letters that occur once, in order, behind the axes of `...`.
fn implied_output(text: &str, operands: &[Labelled], spread: &[char]) -> Vec<char> {
    let inputs = text.split("->").next().unwrap_or(text);
    let mut letters: Vec<char> = operands
        .iter()
        .flat_map(|operand| operand.labels.iter().copied())
        .filter(|letter| inputs.matches(*letter).count() == 1)
        .collect();
    letters.sort_unstable();
    letters.dedup();
    spread.iter().copied().chain(letters).collect()
}

/// An operand whose axes have letters, each once.
struct Labelled {
    labels: Vec<char>,
    array: DistArray,
}

impl Labelled {
    fn new(labels: &str, array: &DistArray, spread: &[char]) -> Result<Labelled, Error> {
        let named = labels.replace("...", "");
        if let Some(wrong) = named.chars().find(|letter| !letter.is_ascii_alphabetic()) {
            let message = format!(
                "invalid subscript '{wrong}' in einstein sum subscripts string, subscripts must be \
                 letters"
            );
            return Err(refused(message));
        }
        let count = named.chars().count();
        let misfit = |what: &str| {
            let message =
                format!("einstein sum subscripts string contains {what} subscripts for operand 0");
            refused(message)
        };
        if count > array.ndim() {
            return Err(misfit("too many"));
        }
        let more = array.ndim() - count;
        if more > 0 && !labels.contains("...") {
            let message = "operand has more dimensions than subscripts given in einstein sum, but no \
                           '...' ellipsis provided to broadcast the extra dimensions.";
            return Err(refused(message));
        }
        let own: String = spread[spread.len() - more.min(spread.len())..].iter().collect();
        let labels: Vec<char> = labels.replace("...", &own).chars().collect();
        let mut operand = Labelled { labels, array: array.clone() };
        operand.take_diagonals()?;
        Ok(operand)
    }

    fn len(&self, letter: char) -> Option<usize> {
        let axis = self.labels.iter().position(|own| *own == letter)?;
        Some(self.array.shape()[axis])
    }

    /// Two axes of one letter become the diagonal between them.
    fn take_diagonals(&mut self) -> Result<(), Error> {
        while let Some((first, second)) = self.repeated() {
            let letter = self.labels[first];
            let shape = self.array.shape();
            if shape[first] != shape[second] {
                let message = format!(
                    "dimensions in single operand for collapsing index '{letter}' don't match \
                     ({} != {})",
                    shape[first], shape[second]
                );
                return Err(refused(message));
            }
            self.array = self.array.diagonal(0, (first as isize, second as isize))?;
            self.labels.remove(second);
            self.labels.remove(first);
            self.labels.push(letter);
        }
        Ok(())
    }

    fn repeated(&self) -> Option<(usize, usize)> {
        let mut axes = self.labels.iter().enumerate();
        axes.find_map(|(second, letter)| {
            self.labels[..second].iter().position(|own| own == letter).map(|first| (first, second))
        })
    }

    fn without_ones(&self, lengths: &[(char, usize)]) -> Result<Labelled, Error> {
        let shape = self.array.shape();
        let longer = |axis: usize| {
            let letter = self.labels[axis];
            shape[axis] == 1 && lengths.iter().any(|known| known.0 == letter && known.1 > 1)
        };
        let kept: Vec<usize> = (0..shape.len()).filter(|axis| !longer(*axis)).collect();
        let lengths: Vec<usize> = kept.iter().map(|axis| shape[*axis]).collect();
        let labels = kept.iter().map(|axis| self.labels[*axis]).collect();
        Ok(Labelled { labels, array: self.array.reshape(&lengths)? })
    }
}
