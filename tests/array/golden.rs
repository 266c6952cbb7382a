//! What NumPy gives: the files that tests/golden/make.py writes.

use crate::harness::{Comparable, check_close};
use ndarray::{ArrayD, IxDyn};
use nums::{DType, DistArray, Error, Session};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::str::FromStr;

/// The results of one file, by name; `None` is a refusal.
pub(crate) type File = BTreeMap<String, Option<Golden>>;

/// An array as NumPy has it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Golden {
    dtype: String,
    shape: Vec<usize>,
    elements: String,
}

pub(crate) fn read(text: &str) -> File {
    serde_json::from_str(text).unwrap()
}

pub(crate) fn dtype(name: &str) -> DType {
    name.parse().unwrap()
}

impl Golden {
    pub(crate) fn dtype(&self) -> DType {
        dtype(&self.dtype)
    }

    fn elements<T: FromStr>(&self) -> ArrayD<T> {
        let parse = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text}"));
        let elements = self.elements.split_whitespace().map(parse).collect();
        ArrayD::from_shape_vec(IxDyn(&self.shape), elements).unwrap()
    }

    /// The array on a session.
    pub(crate) fn upload(&self, session: &Session) -> Result<DistArray, Error> {
        match self.dtype() {
            DType::Bool => session.from_ndarray(&self.elements::<bool>()),
            DType::Int32 => session.from_ndarray(&self.elements::<i32>()),
            DType::Int64 => session.from_ndarray(&self.elements::<i64>()),
            DType::Float32 => session.from_ndarray(&self.elements::<f32>()),
            _ => session.from_ndarray(&self.elements::<f64>()),
        }
    }

    /// Holds a case against this array, but for a relative error.
    #[track_caller]
    pub(crate) fn check(
        &self,
        story: &str,
        error: f64,
        case: impl Fn(&Session) -> Result<DistArray, Error>,
    ) {
        match self.dtype() {
            DType::Bool => self.check_as::<bool>(story, error, case),
            DType::Int32 => self.check_as::<i32>(story, error, case),
            DType::Int64 => self.check_as::<i64>(story, error, case),
            DType::Float32 => self.check_as::<f32>(story, error, case),
            _ => self.check_as::<f64>(story, error, case),
        }
    }

    #[track_caller]
    fn check_as<T: Comparable + FromStr>(
        &self,
        story: &str,
        error: f64,
        case: impl Fn(&Session) -> Result<DistArray, Error>,
    ) {
        check_close(story, &self.elements::<T>(), error, &|session| {
            let array = case(session)?;
            assert_eq!(array.dtype(), T::DTYPE, "{story}");
            Ok(array)
        });
    }
}
