//! Contractions in Einstein's notation: which axes of the operands are the same, and which stay.

use super::{BlockSpec, OpError, checked, require};
use crate::ShapeError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A product of operands, summed over every label that the output does not have.
///
/// ```
/// use nums_lshs::Einsum;
/// let mttkrp = Einsum::parse("ijk,jf,kf->if")?;
/// assert_eq!(mttkrp.operands().len(), 3);
/// assert_eq!(Einsum::tensordot(3, 3, 2)?.to_string(), "abc,bcd->ad");
/// # Ok::<(), nums_lshs::ShapeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Einsum {
    operands: Vec<Vec<u8>>,
    output: Vec<u8>,
}

impl Einsum {
    /// The subscripts as NumPy's `einsum` takes them, output included: ASCII letters, no spaces, no ellipsis.
    ///
    /// # Errors
    /// [`ShapeError::Einsum`] when there is no arrow, a label is not a letter, an operand or the output names a
    /// label twice, or the output names one that no operand has.
    pub fn parse(subscripts: &str) -> Result<Einsum, ShapeError> {
        let refused = |reason: &str| ShapeError::Einsum {
            subscripts: subscripts.to_owned(),
            reason: reason.to_owned(),
        };
        let (operands, output) =
            subscripts.split_once("->").ok_or_else(|| refused("-> is missing"))?;
        let operands = operands.split(',').map(|labels| labels.as_bytes().to_vec()).collect();
        let einsum = Einsum { operands, output: output.as_bytes().to_vec() };
        einsum.well_formed().map_err(refused)?;
        Ok(einsum)
    }

    /// NumPy's `tensordot`: the last `axes` axes of the left operand are summed with the first ones of the right.
    ///
    /// # Errors
    /// [`ShapeError::Einsum`] when an operand has fewer axes, or both have more than 52 different ones.
    pub fn tensordot(
        left_rank: usize,
        right_rank: usize,
        axes: usize,
    ) -> Result<Einsum, ShapeError> {
        let refused = |reason: &str| ShapeError::Einsum {
            subscripts: format!("tensordot of {left_rank} and {right_rank} axes over {axes}"),
            reason: reason.to_owned(),
        };
        if axes > left_rank.min(right_rank) {
            return Err(refused("an operand has too few axes"));
        }
        let letters: Vec<u8> = (b'a'..=b'z').chain(b'A'..=b'Z').collect();
        let all = (left_rank - axes).saturating_add(right_rank);
        let labels = letters
            .get(..all)
            .ok_or_else(|| refused("there are more than 52 axes, one for each letter"))?;
        let output = [&labels[..left_rank - axes], &labels[left_rank..]].concat();
        let operands = vec![labels[..left_rank].to_vec(), labels[left_rank - axes..].to_vec()];
        Ok(Einsum { operands, output })
    }

    /// The labels of each operand's axes.
    pub fn operands(&self) -> &[Vec<u8>] {
        &self.operands
    }

    /// The labels of the output's axes.
    pub fn output(&self) -> &[u8] {
        &self.output
    }

    /// The labels that are summed over, in the order in which the operands name them.
    pub fn contracted(&self) -> Vec<u8> {
        let mut found = Vec::new();
        for label in self.operands.iter().flatten() {
            if !self.output.contains(label) && !found.contains(label) {
                found.push(*label);
            }
        }
        found
    }

    /// The length that belongs to each label.
    ///
    /// # Errors
    /// When the subscripts are malformed, ranks differ from them, or one label has two lengths.
    pub fn extents(&self, operands: &[&BlockSpec]) -> Result<BTreeMap<u8, usize>, OpError> {
        self.well_formed().map_err(|reason| OpError::Inputs(reason.to_owned()))?;
        if operands.len() != self.operands.len() {
            return Err(OpError::Arity { expected: self.operands.len() });
        }
        let mut extents = BTreeMap::new();
        for (labels, operand) in self.operands.iter().zip(operands) {
            let shape = &operand.shape;
            require(labels.len() == shape.len(), || format!("{self} of a block of {shape}"))?;
            for (&label, &len) in labels.iter().zip(shape.iter()) {
                let known = *extents.entry(label).or_insert(len);
                let letter = char::from(label);
                require(known == len, || format!("{letter} is {known} and {len} in {self}"))?;
            }
        }
        Ok(extents)
    }

    /// The block that blocks of these shapes give.
    pub(super) fn block(&self, operands: &[&BlockSpec]) -> Result<BlockSpec, OpError> {
        let extents = self.extents(operands)?;
        let lengths: Vec<_> = self.output.iter().map(|label| extents[label]).collect();
        Ok(BlockSpec::new(super::common_dtype(operands)?, checked(&lengths)?))
    }

    /// Multiplications and additions of the plain loop over all labels.
    pub(super) fn flops(&self, operands: &[&BlockSpec]) -> u64 {
        let extents = self.extents(operands).unwrap_or_default();
        let steps = extents.values().fold(1, |all: u64, &len| all.saturating_mul(len as u64));
        steps.saturating_mul(self.operands.len() as u64)
    }

    fn well_formed(&self) -> Result<(), &'static str> {
        let distinct = |labels: &[u8]| {
            labels.iter().enumerate().all(|(at, label)| !labels[..at].contains(label))
        };
        let mut all = self.operands.iter().chain([&self.output]);
        if !all.clone().flatten().all(u8::is_ascii_alphabetic) {
            return Err("a label is not a letter");
        }
        // At most 52 letters exist, so distinct labels also bound the work of every check.
        if !all.all(|labels| labels.len() <= 52 && distinct(labels)) {
            return Err("a label stands twice in one term");
        }
        if !self.output.iter().all(|label| self.operands.iter().any(|own| own.contains(label))) {
            return Err("the output has a label that no operand has");
        }
        Ok(())
    }
}

impl fmt::Display for Einsum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, labels) in self.operands.iter().enumerate() {
            f.write_str(if position == 0 { "" } else { "," })?;
            labels.iter().try_for_each(|&label| write!(f, "{}", char::from(label)))?;
        }
        f.write_str("->")?;
        self.output.iter().try_for_each(|&label| write!(f, "{}", char::from(label)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DType, Shape};

    fn block(lengths: &[usize]) -> BlockSpec {
        BlockSpec::new(DType::Float64, Shape::new(lengths).unwrap())
    }

    #[test]
    fn the_output_shape_and_flops_follow_from_the_labels() {
        let mttkrp = Einsum::parse("ijk,jf,kf->if").unwrap();
        let (x, b, c) = (block(&[2, 3, 4]), block(&[3, 5]), block(&[4, 5]));
        assert_eq!(mttkrp.block(&[&x, &b, &c]), Ok(block(&[2, 5])));
        assert_eq!(mttkrp.flops(&[&x, &b, &c]), 3 * 2 * 3 * 4 * 5);
        assert_eq!(mttkrp.contracted(), b"jk");
        assert!(mttkrp.block(&[&x, &c, &b]).is_err());
        assert_eq!(mttkrp.block(&[&x]), Err(OpError::Arity { expected: 3 }));
    }

    #[test]
    fn malformed_subscripts_are_refused() {
        for subscripts in ["ij,jk", "ii->i", "ij->ik", "i j->ij", "i1->i", "é->"] {
            assert!(Einsum::parse(subscripts).is_err(), "{subscripts}");
        }
        assert_eq!(Einsum::parse("i,i->").unwrap().output(), b"");
        assert!(Einsum::tensordot(2, 1, 2).is_err());
        assert!(Einsum::tensordot(usize::MAX, usize::MAX, 1).is_err());
        assert_eq!(Einsum::tensordot(1, 1, 0).unwrap().to_string(), "a,b->ab");
    }
}
