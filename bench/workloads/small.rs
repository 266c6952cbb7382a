//! Files, and many tasks with little to do.

use crate::{Outcome, Run, uniform};
use nums::Session;

/// Reads the file that `data.py` has made in the current folder.
pub(crate) fn csv(session: &Session, rows: usize, columns: usize) -> Outcome<Run> {
    let (path, session) = (format!("uniform-{rows}x{columns}.csv"), session.clone());
    Ok(Box::new(move || {
        let table = session.read_csv(&path).read().wait()?;
        Ok(table.values().sum().fetch::<f64>().wait()?.sum())
    }))
}

/// A block and a task for each number; nothing is fused with the function, which changes no whole number.
pub(crate) fn tasks(session: &Session, count: usize) -> Outcome<Run> {
    let x = session.arange(0.0, count as f64, 1.0)?.rechunk(&[1])?;
    x.eval().wait()?;
    Ok(Box::new(move || Ok(x.trunc().fetch::<f64>().wait()?.sum())))
}

pub(crate) fn blocks(session: &Session, count: usize, len: usize) -> Outcome<Run> {
    let x = uniform(session, 1, &[count * len])?.rechunk(&[len])?;
    x.eval().wait()?;
    Ok(Box::new(move || Ok((&x + 1.0).fetch::<f64>().wait()?.sum())))
}
