//! Preparing data for models.

mod scaler;
mod split;

pub use scaler::{FittedScaler, StandardScaler};
pub(crate) use scaler::{check_features, is_constant};
pub use split::{Split, train_test_split};
