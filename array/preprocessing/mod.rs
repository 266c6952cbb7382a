//! What is done to data before a model is fitted.

mod scaler;

pub use scaler::{FittedScaler, StandardScaler};
