//! A block put together from boxes of other blocks.

use crate::Block;
use crate::block::{Word, with_word};
use crate::copy::{Axis, copy, strides};
use crate::crew::{Crew, PART_LEN, Shares};
use nums_lshs::{Piece, Shape};

/// Copies every piece from its input to its place in the working shape.
pub(crate) fn gather(
    working: &Shape,
    pieces: &[Piece],
    inputs: &[&Block],
    crew: &dyn Crew,
    result: &mut Block,
) {
    let boxes = Boxes { pieces, inputs, step: &vec![1; working.len()] };
    with_word!(result.spec().dtype, W => boxes.copy::<W>(working, crew, result.words_mut()));
}

/// Boxes of blocks that go to boxes of a target.
pub(crate) struct Boxes<'a> {
    pub(crate) pieces: &'a [Piece],
    pub(crate) inputs: &'a [&'a Block],
    /// How far apart the elements of a box are on each axis of the target, at least 1.
    pub(crate) step: &'a [usize],
}

impl Boxes<'_> {
    /// Copies the boxes, one after the other in every band of the target: they may overlap, and threads share the bands.
    pub(crate) fn copy<W: Word>(&self, shape: &[usize], crew: &dyn Crew, target: &mut [W]) {
        let bands = bands(shape, target);
        crew.run(bands.len(), &|band| {
            let band = &mut *bands.of(band);
            self.pieces.iter().for_each(|piece| self.copy_piece(piece, shape, band));
        });
    }

    /// Copies what of a piece lies in a band.
    fn copy_piece<W: Word>(&self, piece: &Piece, shape: &[usize], band: &mut Band<'_, W>) {
        let input = self.inputs[piece.input as usize];
        let own = &input.spec().shape;
        // An input with fewer axes counts as one with axes of length 1 in front.
        let missing = shape.len() - own.len();
        let from: Vec<_> = vec![0; missing].into_iter().chain(strides(own)).collect();
        let to = strides(shape);
        let (mut axes, mut start) = (Vec::with_capacity(shape.len()), (0, 0));
        for axis in 0..shape.len() {
            let (first, step) = (piece.target_start[axis], self.step[axis]);
            let begin = band.start[axis];
            // How many elements of the piece lie before a place.
            let before =
                |place: usize| place.saturating_sub(first).div_ceil(step).min(piece.len[axis]);
            let (skipped, end) = (before(begin), before(begin + band.len[axis]));
            if skipped == end {
                return;
            }
            let source_step = piece.source_step[axis] * from[axis] as isize;
            axes.push(Axis {
                len: end - skipped,
                from: source_step,
                to: step.saturating_mul(to[axis]),
            });
            start.0 += (piece.source_start[axis] * from[axis]) as isize;
            start.0 += skipped as isize * source_step;
            start.1 += (first + skipped * step - begin) * to[axis];
        }
        copy((input.words(), start.0 as usize), (&mut *band.elements, start.1), &axes);
    }
}

/// A box of a target whose elements lie in a row.
struct Band<'a, W> {
    start: Vec<usize>,
    len: Vec<usize>,
    elements: &'a mut [W],
}

/// Cuts a block into bands: rows of an axis at one place of the axes before it.
fn bands<'a, W>(shape: &[usize], elements: &'a mut [W]) -> Shares<Band<'a, W>> {
    let row = |axis: usize| shape[axis + 1..].iter().product::<usize>();
    // The first axis whose rows are short enough; the rows of the last one are elements.
    let Some(axis) = (0..shape.len()).find(|&axis| row(axis) <= PART_LEN) else {
        return [Band { start: Vec::new(), len: Vec::new(), elements }].into_iter().collect();
    };
    let (row, to) = (row(axis), strides(shape));
    let rows = (PART_LEN / row.max(1)).max(1);
    // Of no elements there are no bands.
    let wholes = elements.chunks_mut((shape[axis] * row).max(1)).enumerate();
    let bands = wholes.flat_map(|(whole, elements)| {
        let first = whole * shape[axis] * row;
        let to = &to;
        elements.chunks_mut(rows * row).enumerate().map(move |(band, elements)| {
            let at = |axis: usize| first / to[axis] % shape[axis];
            let mut start: Vec<usize> = (0..shape.len()).map(at).collect();
            let mut len = shape.to_vec();
            len[..axis].fill(1);
            start[axis] = band * rows;
            len[axis] = elements.len() / row;
            Band { start, len, elements }
        })
    });
    bands.collect()
}
