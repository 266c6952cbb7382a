//! `np.mgrid`, `np.r_` and their kin: objects whose index is a description of an array.

use crate::{
    context::Context, error::Error, functions::to_array, kind::Kind, numbers::to_float,
    value::Value,
};
use nums::{DType, DistArray};

/// An object of NumPy's that makes something of what stands between brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indexer {
    /// `np.mgrid`: the coordinates of a grid, in one array.
    Mesh,
    /// `np.ogrid`: the coordinates of a grid, each along its axis.
    OpenMesh,
    /// `np.r_`: arrays, numbers and ranges joined along the first axis.
    Rows,
    /// `np.c_`: arrays as columns side by side.
    Columns,
    /// `np.s_`: the index itself.
    Slice,
    /// `np.index_exp`: the index as a tuple.
    Expression,
}

impl Indexer {
    /// All of them.
    pub(crate) const ALL: [Indexer; 6] = [
        Indexer::Mesh,
        Indexer::OpenMesh,
        Indexer::Rows,
        Indexer::Columns,
        Indexer::Slice,
        Indexer::Expression,
    ];

    /// The name in the module.
    pub fn name(self) -> &'static str {
        match self {
            Indexer::Mesh => "mgrid",
            Indexer::OpenMesh => "ogrid",
            Indexer::Rows => "r_",
            Indexer::Columns => "c_",
            Indexer::Slice => "s_",
            Indexer::Expression => "index_exp",
        }
    }

    /// What an index stands for.
    ///
    /// # Errors
    /// What NumPy raises for parts that do not fit.
    pub fn get(self, context: &Context, index: &Value) -> Result<Value, Error> {
        match self {
            Indexer::Slice => Ok(index.clone()),
            Indexer::Expression => Ok(match index {
                Value::Tuple(_) => index.clone(),
                one => Value::tuple([one.clone()]),
            }),
            Indexer::Mesh | Indexer::OpenMesh => mesh(context, index, self == Indexer::OpenMesh),
            Indexer::Rows | Indexer::Columns => joined(context, index, self == Indexer::Columns),
        }
    }
}

/// The numbers of a slice: at equal distances, or as many as an imaginary step says, both ends included.
struct Scale {
    start: f64,
    step: f64,
    len: usize,
    whole: bool,
}

impl Scale {
    fn new(value: &Value) -> Result<Scale, Error> {
        let Value::Slice(parts) = value else {
            let message = format!("expected a slice, got '{}'", value.type_name());
            return Err(Error::new(Kind::Type, message));
        };
        let number = |value: &Value, default: f64| match value {
            Value::None => Ok(default),
            other => to_float(other)?.ok_or_else(|| {
                let message = format!("a number is needed in a slice, not '{}'", other.type_name());
                Error::new(Kind::Type, message)
            }),
        };
        let [start, stop, step] = &**parts;
        if let Value::None = stop {
            return Err(Error::new(Kind::Type, "a slice of a grid needs a stop"));
        }
        let (first, last) = (number(start, 0.0)?, number(stop, 0.0)?);
        if let Value::Complex(count) = step {
            let len = count.norm() as usize;
            let step = if len > 1 { (last - first) / (len - 1) as f64 } else { last - first };
            return Ok(Scale { start: first, step, len, whole: false });
        }
        let by = number(step, 1.0)?;
        if by == 0.0 {
            return Err(Error::new(Kind::ZeroDivision, "division by zero"));
        }
        let is_whole = |value: &Value| !matches!(value, Value::Float(_) | Value::Complex(_));
        let len = ((last - first) / by).ceil().max(0.0) as usize;
        Ok(Scale {
            start: first,
            step: by,
            len,
            whole: [start, stop, step].into_iter().all(is_whole),
        })
    }

    fn line(&self, context: &Context, whole: bool) -> Result<DistArray, Error> {
        let at = context.session().arange(0, self.len, 1)?;
        Ok(match whole {
            true => at.try_mul(self.step as i64)?.try_add(self.start as i64)?,
            false => at.try_mul(self.step)?.try_add(self.start)?,
        })
    }
}

fn mesh(context: &Context, index: &Value, open: bool) -> Result<Value, Error> {
    let Value::Tuple(slices) = index else {
        let scale = Scale::new(index)?;
        return Ok(Value::Array(context.array(scale.line(context, scale.whole)?)));
    };
    let scales = slices.iter().map(Scale::new).collect::<Result<Vec<_>, _>>()?;
    let whole = scales.iter().all(|scale| scale.whole);
    let shape: Vec<usize> = scales.iter().map(|scale| scale.len).collect();
    let lines = scales.iter().enumerate().map(|(axis, scale)| {
        let mut lengths = vec![1; shape.len()];
        lengths[axis] = -1;
        Ok(scale.line(context, whole)?.reshape(&lengths)?)
    });
    let lines = lines.collect::<Result<Vec<_>, Error>>()?;
    if open {
        let lines = lines.into_iter().map(|line| Value::Array(context.array(line)));
        return Ok(Value::tuple(lines.collect::<Vec<_>>()));
    }
    let grids = lines.iter().map(|line| line.broadcast_to(&shape));
    let grids = grids.collect::<Result<Vec<_>, nums::Error>>()?;
    Ok(Value::Array(context.array(nums::stack(&grids, 0)?)))
}

fn joined(context: &Context, index: &Value, columns: bool) -> Result<Value, Error> {
    let parts = match index {
        Value::Tuple(parts) => parts.to_vec(),
        one => vec![one.clone()],
    };
    let mut arrays = Vec::with_capacity(parts.len());
    let mut weak = Vec::new();
    for part in &parts {
        let array = match part {
            Value::Str(text) => {
                let message =
                    format!("the directive '{text}' of `{}` is", if columns { "c_" } else { "r_" });
                return Err(Error::unsupported(message));
            }
            Value::Slice(_) => {
                let scale = Scale::new(part)?;
                scale.line(context, scale.whole)?
            }
            other => to_array(context, other)?,
        };
        weak.push(matches!(part, Value::Bool(_) | Value::Int(_) | Value::Float(_)));
        arrays.push(match (columns, array.ndim()) {
            (false, 0) => array.ravel(),
            (true, 0 | 1) => array.ravel().expand_dims(1)?,
            _ => array,
        });
    }
    // A number of Python counts as its kind only.
    let given = |which: bool| {
        let chosen = arrays.iter().zip(&weak).filter(move |(_, weak)| **weak == which);
        nums::common_type(chosen.map(|(array, _)| array.dtype()))
    };
    let dtype = match (given(false), given(true)) {
        (Some(strong), Some(weak)) => crate::operators::with_weak(strong, weak),
        (Some(dtype), None) | (None, Some(dtype)) => dtype,
        (None, None) => DType::Float64,
    };
    let arrays = arrays.iter().map(|array| array.astype(dtype));
    let arrays = arrays.collect::<Result<Vec<_>, nums::Error>>()?;
    let joined = nums::concatenate(&arrays, if columns { 1 } else { 0 })
        .map_err(|error| Error::new(Kind::Value, error.to_string()))?;
    Ok(Value::Array(context.array(joined)))
}
