//! Predicted and measured costs of a computation, and the locations of blocks.

use crate::lower::lower;
use crate::{DistArray, Error, Pending};
use nums_actors::{Measured, PlanReport, Span};
use nums_lshs::{NodeId, draw_layout, node_of_place};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

impl DistArray {
    /// The plan that [`eval`](Self::eval) would run, as text. It shows the node, the inputs and the transferred bytes of
    /// each task, then the loads of each node, and the most bytes that each node can hold. Nodes run tasks ahead of plan
    /// order when they can, so they can hold more than the peak in plan order. An array that is already computed has a plan
    /// without tasks.
    ///
    /// The `Pending` gives an error when the policy finds no plan.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let text = session.arange(0.0, 1e6, 1.0)?.sum().explain().wait()?;
    /// assert!(text.starts_with("plan policy=lshs nodes=2 tasks="));
    /// assert!(text.contains("node 1: holds at most"), "{text}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn explain(&self) -> Pending<String> {
        let session = self.session_inner().clone();
        let lowered = {
            let temporary = session.submission();
            let roots = session.together(vec![self.expression.stored()]);
            lower(&roots, &mut temporary.clone())
        };
        Pending::begin(&session.clone(), async move {
            Ok(session.client().explain(lowered?.graph).await?)
        })
    }

    /// Computes the array and shows the predicted and measured cost of its plan for each node, and when each node worked.
    /// For an array that is already computed, it shows the plan that computed it.
    ///
    /// The `Pending` gives errors of the computation, and [`Error::NoPlan`] for an uploaded array.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let text = session.arange(0.0, 1e8, 1.0)?.sum().explain_analyze().wait()?;
    /// assert!(text.contains("node-1"), "{text}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn explain_analyze(&self) -> Pending<String> {
        let own = self.stored();
        let computed = own.eval().cancel_on_drop();
        Pending::begin(self.session_inner(), async move {
            computed.await?;
            let plans = own.session_inner().client().plans().await?;
            let made = plans.iter().rev().find(|plan| plan.makes.contains(&own.expression.id));
            let made = made.map(std::slice::from_ref);
            made.map(analysis).ok_or(Error::NoPlan)
        })
    }

    /// A drawing that shows which node holds which block. Lines separate blocks of different nodes. For an array that is
    /// not computed yet, it shows the nodes that own the places of its layout.
    ///
    /// # Errors
    /// Errors of the computation, and [`Error::WaitInRuntime`] on a thread of an async runtime.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::builder().nodes(2).block_bytes_min(64 << 10).embedded()?;
    /// let x = session.zeros(&[400, 400])?;
    /// let drawing = x.layout().wait()?;
    /// assert_eq!(drawing.lines().nth(1), Some("│ 0   0   0   0 │"), "{drawing}");
    /// assert_eq!(drawing.lines().nth(3), Some("├───────────────┤"), "{drawing}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn layout(&self) -> Pending<String> {
        let session = self.session_inner().clone();
        let (counts, spec, id) = (self.grid().counts(), self.spec(), self.expression.id);
        let planned = self.expression.lazy().is_some().then(|| {
            let nodes = session.nodes();
            let node = |index| node_of_place(spec.place(index), spec.layout.places(), nodes);
            draw_layout(&counts, node)
        });
        Pending::begin(&session.clone(), async move {
            if let Some(drawing) = planned {
                return Ok(drawing);
            }
            let located = session.client().wait(vec![id]).await?;
            let status = session.client().status().await?;
            let number = |member: &str| status.iter().position(|node| node.name == member);
            let nodes = located.iter().map(|placed| number(placed.node.as_str()).unwrap_or(0));
            let nodes: Vec<_> = nodes.map(|node| NodeId(node as u32)).collect();
            let node = |index: usize| nodes.get(index).copied().unwrap_or(NodeId(0));
            Ok(draw_layout(&counts, node))
        })
    }
}

/// The predicted and measured costs of plans, with one line for each node, and a timeline of when each node worked on
/// which plan. For several plans, bytes and tasks are sums, and the peak is the maximum.
///
/// ```
/// # fn main() -> Result<(), nums::Error> {
/// let session = nums::Session::embedded(2)?;
/// session.arange(0.0, 1e6, 1.0)?.sum().eval().wait()?;
/// let text = nums::analysis(&session.plans().wait()?);
/// assert!(text.contains("predicted / measured") && text.contains("timeline"), "{text}");
/// # Ok(())
/// # }
/// ```
pub fn analysis(plans: &[PlanReport]) -> String {
    let mut text = match plans {
        [] => return "no plan was run\n".to_owned(),
        [plan] => format!("plan policy={}, predicted / measured\n", plan.policy),
        many => format!("{} plans, predicted / measured\n", many.len()),
    };
    text += &costs(plans);
    text += &timeline(plans);
    text
}

/// A table of predicted and measured numbers, with one line for each node.
fn costs(plans: &[PlanReport]) -> String {
    type Column = (&'static str, fn(&Measured) -> u64, fn(u64, u64) -> u64);
    const COLUMNS: [Column; 5] = [
        ("tasks", |cost| cost.tasks, u64::saturating_add),
        ("bytes in", |cost| cost.bytes_in, u64::saturating_add),
        ("bytes out", |cost| cost.bytes_out, u64::saturating_add),
        ("peak bytes", |cost| cost.peak_bytes, u64::max),
        ("microseconds", |cost| cost.time_us, u64::saturating_add),
    ];
    let mut nodes: BTreeMap<&str, [(u64, u64); COLUMNS.len()]> = BTreeMap::new();
    for (node, predicted, measured) in plans.iter().flat_map(|plan| &plan.nodes) {
        let totals = nodes.entry(node.as_str()).or_default();
        for ((_, number, join), total) in COLUMNS.iter().zip(totals) {
            *total = (join(total.0, number(predicted)), join(total.1, number(measured)));
        }
    }
    let titles = COLUMNS.map(|(title, ..)| title.to_owned());
    let both = |totals: &[(u64, u64); COLUMNS.len()]| {
        totals.map(|(predicted, measured)| format!("{predicted} / {measured}"))
    };
    let name = |node: &str| node.to_owned();
    let rows: Vec<_> = nodes.iter().map(|(node, totals)| (name(node), both(totals))).collect();
    let text = table(&titles, &rows);
    if text.lines().all(|line| line.chars().count() <= LINE_MAX) {
        return text;
    }
    // Predicted above measured.
    let row =
        |what: String, totals: [u64; COLUMNS.len()]| (what, totals.map(|own| own.to_string()));
    let rows = nodes.iter().flat_map(|(node, totals)| {
        let predicted = row(format!("{node} predicted"), totals.map(|own| own.0));
        [predicted, row("measured".to_owned(), totals.map(|own| own.1))]
    });
    table(&titles, &rows.collect::<Vec<_>>())
}

/// A table whose columns fit their contents. Names are left-aligned and numbers right-aligned.
fn table<const N: usize>(titles: &[String; N], rows: &[(String, [String; N])]) -> String {
    let name_len = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(|column| {
        let cells = rows.iter().map(|(_, cells)| cells[column].len());
        cells.chain([titles[column].len()]).max().unwrap_or(0)
    });
    let line = |name: &str, cells: &[String; N]| {
        let cells = cells.iter().zip(widths).map(|(cell, width)| format!("  {cell:>width$}"));
        format!("{name:name_len$}{}\n", cells.collect::<String>())
    };
    let head = line("", titles);
    rows.iter().fold(head, |text, (name, cells)| text + &line(name, cells))
}

/// The longest line of a table, where the names of nodes leave room for one.
const LINE_MAX: usize = 120;

/// The most lines of a timeline.
const LINES_MAX: usize = 100;

/// A bar for each plan and node, from the start of the first task to the end of the last task.
fn timeline(plans: &[PlanReport]) -> String {
    const WIDTH_MAX: usize = 48;
    let spans = plans.iter().flat_map(|plan| &plan.spans);
    let Some(first) = spans.clone().map(|span| span.from).min() else { return String::new() };
    let last = spans.map(|span| span.to).max().unwrap_or(first);
    let whole = (last - first).as_secs_f64();
    let name_len =
        plans.iter().flat_map(|plan| &plan.nodes).map(|(node, ..)| node.as_str().len()).max();
    let name_len = name_len.unwrap_or(0);
    let beside = "plan 12345   ".len() + name_len + format!("  {whole:.6} to {whole:.6} s").len();
    let width = LINE_MAX.saturating_sub(beside).clamp(1, WIDTH_MAX);
    let cell = |time: Duration| {
        let share = (time - first).as_secs_f64() / whole.max(f64::MIN_POSITIVE);
        ((share * width as f64) as usize).min(width - 1)
    };
    let mut text = format!("timeline of {whole:.6} s");
    if plans.len() > 1 {
        let shared = shared(plans).as_secs_f64();
        let _ = write!(text, ", several plans at work at once for {shared:.6} s");
    }
    text.push('\n');
    let mut lines = 0;
    let mut plans: Vec<&PlanReport> = plans.iter().collect();
    plans.sort_by_key(|plan| plan.number);
    for plan in plans {
        for ((node, ..), span) in plan.nodes.iter().zip(&plan.spans) {
            lines += 1;
            if lines > LINES_MAX {
                continue;
            }
            let (from, to) = (cell(span.from), cell(span.to));
            let bar: String = (0..width)
                .map(|at| if (from..=to).contains(&at) { '\u{2588}' } else { '\u{b7}' })
                .collect();
            let since = |time: Duration| (time - first).as_secs_f64();
            let (start, end) = (since(span.from), since(span.to));
            let (number, node) = (plan.number, node.as_str());
            let _ = writeln!(
                text,
                "plan {number:<5} {node:name_len$}  {bar}  {start:.6} to {end:.6} s"
            );
        }
    }
    if lines > LINES_MAX {
        let _ = writeln!(text, "and {} lines more", lines - LINES_MAX);
    }
    text
}

/// The time during which at least two plans ran.
fn shared(plans: &[PlanReport]) -> Duration {
    let mut edges: Vec<(Duration, i32)> = Vec::new();
    for plan in plans {
        // A plan is at work while any of its nodes is.
        let mut spans = plan.spans.clone();
        spans.sort_by_key(|span| span.from);
        let mut merged: Vec<Span> = Vec::new();
        for span in spans {
            match merged.last_mut().filter(|last| span.from <= last.to) {
                Some(last) => last.to = last.to.max(span.to),
                None => merged.push(span),
            }
        }
        edges.extend(merged.iter().flat_map(|span| [(span.from, 1), (span.to, -1)]));
    }
    // Where one plan ends as another begins, they share no time.
    edges.sort_unstable();
    let (mut shared, mut running, mut since) = (Duration::ZERO, 0, Duration::ZERO);
    for (at, change) in edges {
        if running >= 2 {
            shared += at - since;
        }
        running += change;
        since = at;
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::{analysis, shared, timeline};
    use nums_actors::{Measured, MemberId, PlanReport, Span};
    use std::time::Duration;

    fn plan(number: u64, spans: &[(u64, u64)]) -> PlanReport {
        let time = Duration::from_millis;
        let node = |node: usize| {
            let name = MemberId::new(format!("node-{node}"));
            (name, Measured::default(), Measured::default())
        };
        PlanReport {
            number,
            policy: "lshs".to_owned(),
            makes: Vec::new(),
            nodes: (0..spans.len()).map(node).collect(),
            spans: spans
                .iter()
                .map(|&(from, to)| Span { from: time(from), to: time(to) })
                .collect(),
        }
    }

    #[test]
    fn time_is_shared_by_plans_and_not_by_the_nodes_of_one() {
        let both = [plan(1, &[(0, 40), (30, 60)]), plan(2, &[(50, 100)])];
        assert_eq!(shared(&both), Duration::from_millis(10));
        assert_eq!(shared(&both[..1]), Duration::ZERO);
        assert_eq!(shared(&[plan(1, &[(0, 5)]), plan(2, &[(5, 9)])]), Duration::ZERO);
    }

    #[test]
    fn no_line_of_a_table_is_longer_than_120_characters() {
        for (name, number) in
            [("node-0", 7), ("node-0", u64::MAX), ("n".repeat(52).as_str(), 1 << 30)]
        {
            let mut own = plan(70_000, &[(0, 5), (3, 99_000_000)]);
            let cost = Measured {
                bytes_in: number,
                bytes_out: number,
                tasks: 99_999,
                peak_bytes: number,
                time_us: 99_000_000,
            };
            for node in &mut own.nodes {
                *node = (MemberId::new(name), cost, cost);
            }
            let text = analysis(&[own]);
            assert!(text.lines().all(|line| line.chars().count() <= 120), "{text}");
            assert!(text.contains("\u{2588}") && text.contains(&number.to_string()), "{text}");
        }
    }

    #[test]
    fn bars_begin_and_end_where_the_work_does() {
        let text = timeline(&[plan(1, &[(10, 20)]), plan(2, &[(15, 30)])]);
        let mut lines = text.lines();
        let title = "timeline of 0.020000 s, several plans at work at once for 0.005000 s";
        assert_eq!(lines.next(), Some(title));
        let bars: Vec<&str> = lines.filter_map(|line| line.split_whitespace().nth(3)).collect();
        assert!(bars[0].starts_with('\u{2588}') && bars[0].ends_with('\u{b7}'), "{text}");
        assert!(bars[1].starts_with('\u{b7}') && bars[1].ends_with('\u{2588}'), "{text}");
    }
}
