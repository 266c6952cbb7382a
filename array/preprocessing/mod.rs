//! What is done to data before a model is fitted.

mod scaler;
mod split;

pub use scaler::{FittedScaler, StandardScaler};
pub(crate) use scaler::{check_features, is_constant};
pub use split::{Split, train_test_split};
