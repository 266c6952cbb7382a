//! What a computation would cost, what it did cost, and where blocks lie.

use crate::lower::lower;
use crate::{DistArray, Error, Pending, Session};
use nums_actors::{Measured, PlanReport};
use nums_lshs::{NodeId, draw_layout, node_of_place};
use std::fmt::Write;

impl DistArray {
    /// The plan that [`eval`](Self::eval) would run, as text: for each task its node, its inputs and what they move,
    /// then the loads of each node. An array that is computed already needs no tasks.
    ///
    /// # Errors
    /// When no plan can be made, and [`Error::WaitInRuntime`] on a thread of an async runtime.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let text = session.arange(0.0, 1e6, 1.0)?.sum().explain()?;
    /// assert!(text.starts_with("plan policy=lshs nodes=2 tasks="));
    /// # Ok(())
    /// # }
    /// ```
    pub fn explain(&self) -> Result<String, Error> {
        let session = self.session().clone();
        let graph = {
            let temporary = *session.submission();
            lower(std::slice::from_ref(&self.expression), &mut temporary.clone())?.graph
        };
        let runtime = session.runtime().clone();
        Pending::new(&runtime, async move { Ok(session.client().explain(graph).await?) }).wait()
    }

    /// Computes the array and tells, node by node, what its plan was predicted to cost beside what was measured. An
    /// array that is on the cluster already tells of the plan that made it.
    ///
    /// # Errors
    /// What went wrong on the cluster, [`Error::WaitInRuntime`] on a thread of an async runtime, and
    /// [`Error::NoPlan`] for an array that no plan has made.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let text = session.arange(0.0, 1e6, 1.0)?.sum().explain_analyze()?;
    /// assert!(text.contains("node-1"), "{text}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn explain_analyze(&self) -> Result<String, Error> {
        self.eval().wait()?;
        let plans = Session { inner: self.session().clone() }.plans().wait()?;
        let made = plans.iter().rev().find(|plan| plan.makes.contains(&self.expression.id));
        made.map(analysis).ok_or(Error::NoPlan)
    }

    /// A drawing of which node holds which block: lines separate blocks of different nodes. Of an array that is not
    /// computed yet it shows the nodes that own the places of its layout.
    ///
    /// # Errors
    /// What went wrong with the array, and [`Error::WaitInRuntime`] on a thread of an async runtime.
    ///
    /// ```
    /// # fn main() -> Result<(), nums::Error> {
    /// let session = nums::Session::embedded(2)?;
    /// let x = session.zeros(&[400, 400])?;
    /// let drawing = x.layout()?;
    /// assert_eq!(drawing.lines().nth(1), Some("│ 0   0   0   0 │"), "{drawing}");
    /// assert_eq!(drawing.lines().nth(3), Some("├───────────────┤"), "{drawing}");
    /// # Ok(())
    /// # }
    /// ```
    pub fn layout(&self) -> Result<String, Error> {
        let session = self.session().clone();
        let (grid, spec, id) = (self.grid(), self.spec(), self.expression.id);
        if self.expression.operation().is_some() {
            let nodes = session.nodes();
            let node = |index| node_of_place(spec.place(index), spec.layout.places(), nodes);
            return Ok(draw_layout(&grid.counts(), node));
        }
        let runtime = session.runtime().clone();
        let located = Pending::new(&runtime, async move {
            let located = session.client().wait(vec![id]).await?;
            let status = session.client().status().await?;
            let number = |member: &str| status.iter().position(|node| node.name == member);
            let nodes = located.iter().map(|(_, member)| number(member.as_str()).unwrap_or(0));
            Ok(nodes.map(|node| NodeId(node as u32)).collect::<Vec<_>>())
        });
        let nodes = located.wait()?;
        let node = |index: usize| nodes.get(index).copied().unwrap_or(NodeId(0));
        Ok(draw_layout(&grid.counts(), node))
    }
}

/// A table of predicted and measured numbers, a line a node.
fn analysis(plan: &PlanReport) -> String {
    type Column = (&'static str, fn(&Measured) -> u64);
    const COLUMNS: [Column; 4] = [
        ("tasks", |cost| cost.tasks),
        ("bytes in", |cost| cost.bytes_in),
        ("bytes out", |cost| cost.bytes_out),
        ("peak bytes", |cost| cost.peak_bytes),
    ];
    let mut text = format!("plan policy={}, predicted / measured\n", plan.policy);
    let name_len = plan.nodes.iter().map(|(node, ..)| node.as_str().len()).max().unwrap_or(0);
    // Writing to a string cannot fail.
    let _ = write!(text, "{:name_len$}", "");
    for (title, _) in COLUMNS {
        let _ = write!(text, "  {title:>27}");
    }
    text.push('\n');
    for (node, predicted, measured) in &plan.nodes {
        let _ = write!(text, "{:name_len$}", node.as_str());
        for (_, number) in COLUMNS {
            let _ = write!(text, "  {:>12} / {:>12}", number(predicted), number(measured));
        }
        text.push('\n');
    }
    text
}
