//! The policies by name.

use super::{BottomUp, DataLocal, Lshs, LshsPaper, OwnerComputes, Policy, Random, RoundRobin};
use crate::PlanError;
use std::fmt;
use std::str::FromStr;

macro_rules! policies {
    ($($(#[$doc:meta])* $variant:ident $name:literal $make:expr;)*) => {
        /// A placement policy. `Display` and `FromStr` use its name.
        ///
        /// ```
        /// use nums_lshs::policy::PolicyName;
        /// assert_eq!("data-local".parse(), Ok(PolicyName::DataLocal));
        /// assert_eq!(PolicyName::default().to_string(), "lshs");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
        #[non_exhaustive]
        pub enum PolicyName {
            $(
                $(#[$doc])*
                $variant,
            )*
        }

        /// The names of all policies: `lshs`, its published form, and the others.
        pub const NAMES: [&str; [$($name),*].len()] = [$($name),*];

        impl PolicyName {
            /// The name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(PolicyName::$variant => $name,)*
                }
            }

            /// The policy itself.
            pub fn policy(self) -> Box<dyn Policy + Send + Sync> {
                match self {
                    $(PolicyName::$variant => Box::new($make),)*
                }
            }
        }

        impl FromStr for PolicyName {
            type Err = PlanError;

            fn from_str(name: &str) -> Result<PolicyName, PlanError> {
                match name {
                    $($name => Ok(PolicyName::$variant),)*
                    _ => {
                        let known = NAMES.join(", ");
                        Err(PlanError::UnknownPolicy { name: name.to_owned(), known })
                    }
                }
            }
        }
    };
}

policies! {
    /// Load-simulated hierarchical scheduling: the best of several whole placements, refined.
    #[default]
    Lshs "lshs" Lshs;
    /// LSHS as it was published.
    LshsPaper "lshs-paper" LshsPaper;
    /// Each task runs on the node that owns the place of its result.
    OwnerComputes "owner-computes" OwnerComputes;
    /// Each task runs on the node that holds most bytes of its inputs.
    DataLocal "data-local" DataLocal;
    /// Dynamic placement from the inputs up.
    BottomUp "bottom-up" BottomUp;
    /// Tasks go to the nodes in turn.
    RoundRobin "round-robin" RoundRobin;
    /// Tasks go to random nodes, always the same.
    Random "random" Random::default();
}

impl fmt::Display for PolicyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
