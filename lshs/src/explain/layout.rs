//! A drawing of which node holds which block, after JAX's `visualize_array_sharding`.

use crate::{ArrayId, NodeId, Plan, TaskGraph};
use std::collections::BTreeMap;

/// Longer axes are cut off, with a note of how much is missing.
const DRAWN_MAX: usize = 64;

/// The longest line; rows of more blocks are drawn in stretches, one below the other.
const LINE_MAX: usize = 120;

/// Draws the nodes that hold the blocks of an array with some counts of blocks an axis; `node` gives that of each
/// block in C order. Lines separate blocks of different nodes. Axes before the last two are drawn slice by slice, and rows
/// that are longer than 120 characters in stretches.
///
/// ```
/// use nums_lshs::{NodeId, draw_layout};
/// let drawing = draw_layout(&[2, 4], |index| NodeId((index % 4 / 2) as u32));
/// assert_eq!(drawing, "\
/// ┌───────┬───────┐
/// │ 0   0 │ 1   1 │
/// │ 0   0 │ 1   1 │
/// └───────┴───────┘
/// ");
/// ```
pub fn draw_layout(counts: &[usize], node: impl Fn(usize) -> NodeId) -> String {
    let (outer, inner) = counts.split_at(counts.len().saturating_sub(2));
    let [rows, columns] = match *inner {
        [] => [1, 1],
        [columns] => [1, columns],
        [rows, columns, ..] => [rows, columns],
    };
    let slices = outer.iter().product::<usize>();
    let mut text = String::new();
    for slice in 0..slices.min(DRAWN_MAX) {
        if !outer.is_empty() {
            let mut at = vec![0; outer.len()];
            let mut rest = slice;
            for (axis, &count) in outer.iter().enumerate().rev() {
                at[axis] = rest % count;
                rest /= count;
            }
            let at: Vec<_> = at.iter().map(usize::to_string).collect();
            text.push_str(&format!("[{}, :, :]\n", at.join(", ")));
        }
        let first = slice * rows * columns;
        draw_slice(rows, columns, |row, column| node(first + row * columns + column), &mut text);
    }
    if slices > DRAWN_MAX {
        text.push_str(&format!("and {} slices more\n", slices - DRAWN_MAX));
    }
    text
}

impl Plan {
    /// Which node holds each source and each result, array by array: a drawing where the block counts of the array are
    /// given, else runs of blocks in C order.
    pub fn explain_layout(
        &self,
        graph: &TaskGraph,
        block_counts: &BTreeMap<ArrayId, Vec<usize>>,
    ) -> String {
        let mut arrays: BTreeMap<_, BTreeMap<usize, NodeId>> = BTreeMap::new();
        for vertex in graph.vertices().filter(|&vertex| graph.is_kept(vertex)) {
            let name = graph.name(vertex);
            let blocks = arrays.entry((!graph.is_source(vertex), name.array)).or_default();
            blocks.insert(name.index as usize, self.nodes[vertex.index()]);
        }
        let mut text = String::new();
        for ((computed, array), blocks) in arrays {
            let what = if computed { "result" } else { "source" };
            text.push_str(&format!("{what} a{}:", array.0));
            match block_counts.get(&array) {
                Some(counts) if counts.iter().product::<usize>() == blocks.len() => {
                    text.push('\n');
                    let node = |index| blocks.get(&index).copied().unwrap_or(NodeId(0));
                    text.push_str(&draw_layout(counts, node));
                }
                _ => text.push_str(&runs(&blocks)),
            }
        }
        text
    }
}

/// Runs of blocks on one node.
fn runs(blocks: &BTreeMap<usize, NodeId>) -> String {
    let blocks: Vec<_> = blocks.iter().map(|(&index, &node)| (index, node)).collect();
    let runs = blocks.chunk_by(|left, right| left.1 == right.1).map(|run| {
        let (first, last) = (run[0].0, run[run.len() - 1].0);
        let range = if first == last { first.to_string() } else { format!("{first}-{last}") };
        format!(" {range} {}", run[0].1)
    });
    runs.collect::<Vec<_>>().join(",") + "\n"
}

fn draw_slice(
    rows: usize,
    columns: usize,
    node: impl Fn(usize, usize) -> NodeId,
    text: &mut String,
) {
    let (drawn_rows, drawn_columns) = (rows.min(DRAWN_MAX), columns.min(DRAWN_MAX));
    let cells = (0..drawn_rows).flat_map(|row| (0..drawn_columns).map(move |column| (row, column)));
    let largest = cells.map(|(row, column)| node(row, column).0).max().unwrap_or(0);
    let width = largest.to_string().len() + 2;
    let fit = (LINE_MAX - 1) / (width + 1);
    // Also when there are no columns.
    for first in (0..drawn_columns.max(1)).step_by(fit) {
        let stretch = fit.min(drawn_columns - first);
        if drawn_columns > fit {
            text.push_str(&format!("columns {first} to {}\n", first + stretch - 1));
        }
        draw_stretch([drawn_rows, stretch], width, |row, column| node(row, first + column), text);
    }
    if (drawn_rows, drawn_columns) != (rows, columns) {
        text.push_str(&format!("{drawn_rows} x {drawn_columns} of {rows} x {columns} blocks\n"));
    }
}

fn draw_stretch(
    [rows, columns]: [usize; 2],
    width: usize,
    node: impl Fn(usize, usize) -> NodeId,
    text: &mut String,
) {
    // `None` is outside, so that the border is where nodes differ too.
    let at = |row: usize, column: usize| {
        let inside = (1..=rows).contains(&row) && (1..=columns).contains(&column);
        inside.then(|| node(row - 1, column - 1))
    };
    for row in 0..=rows {
        let mut border = String::new();
        for column in 0..=columns {
            let [above_left, above] = [at(row, column), at(row, column + 1)];
            let [below_left, below] = [at(row + 1, column), at(row + 1, column + 1)];
            let (up, down) = (above_left != above, below_left != below);
            let (left, right) = (above_left != below_left, above != below);
            border.push(corner(up, right, down, left));
            border.extend(std::iter::repeat_n(if right { '─' } else { ' ' }, width));
        }
        // Rows between blocks of the same nodes hold no line.
        if border.contains('─') {
            text.push_str(border.trim_end());
            text.push('\n');
        }
        if row == rows {
            break;
        }
        for column in 0..=columns {
            let [left, here] = [at(row + 1, column), at(row + 1, column + 1)];
            text.push(if left == here { ' ' } else { '│' });
            if let Some(node) = here {
                text.push_str(&format!("{:^width$}", node.0));
            }
        }
        text.push('\n');
    }
}

/// The corner where lines in some directions meet.
fn corner(up: bool, right: bool, down: bool, left: bool) -> char {
    const CORNERS: [char; 16] =
        [' ', '╵', '╶', '└', '╷', '│', '┌', '├', '╴', '┘', '─', '┴', '┐', '┤', '┬', '┼'];
    let bits = [up, right, down, left].map(usize::from);
    CORNERS[bits[0] + 2 * bits[1] + 4 * bits[2] + 8 * bits[3]]
}
