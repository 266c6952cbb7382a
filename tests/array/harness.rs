//! The one way in which arrays are tested.

use ndarray::ArrayD;
use nums::{DistArray, Element, Error, Session};
use std::fmt::Debug;
use std::sync::{Mutex, OnceLock, PoisonError};

/// The sessions of all cases: they start once, and one case at a time uses each.
fn sessions() -> &'static [(&'static str, Mutex<Session>)] {
    static SESSIONS: OnceLock<Vec<(&'static str, Mutex<Session>)>> = OnceLock::new();
    SESSIONS.get_or_init(|| {
        let start = |name, nodes, tiny: bool| {
            let builder = Session::builder().nodes(nodes).places(64);
            // Three float64 a block; an axis is never cut evenly by that.
            let builder =
                if tiny { builder.block_bytes_min(24).block_bytes_max(24) } else { builder };
            (name, Mutex::new(builder.embedded().unwrap()))
        };
        vec![
            start("1 node", 1, false),
            start("4 nodes", 4, false),
            start("1 node, tiny blocks", 1, true),
            start("4 nodes, tiny blocks", 4, true),
        ]
    })
}

/// An element that can be held against another one.
pub(crate) trait Comparable: Element + Debug {
    /// Whether two elements are the same bits, or both no number.
    fn same(self, other: Self) -> bool;
    /// Whether they are the same but for a relative error.
    fn close(self, other: Self, error: f64) -> bool;
}

macro_rules! comparable {
    (exact $($exact:ty),*; float $($float:ty),*) => {
        $(
            impl Comparable for $exact {
                fn same(self, other: $exact) -> bool {
                    self == other
                }
                fn close(self, other: $exact, _: f64) -> bool {
                    self == other
                }
            }
        )*
        $(
            impl Comparable for $float {
                fn same(self, other: $float) -> bool {
                    self.to_bits() == other.to_bits() || (self.is_nan() && other.is_nan())
                }
                fn close(self, other: $float, error: f64) -> bool {
                    let difference = f64::from(self) - f64::from(other);
                    self.same(other) || difference.abs() <= error * f64::from(other).abs()
                }
            }
        )*
    };
}

comparable!(exact bool, i32, i64; float f32, f64);

/// What a case computes on a session.
pub(crate) type Case<'a> = &'a dyn Fn(&Session) -> Result<DistArray, Error>;

/// Every element is the expected one, to the bit.
#[track_caller]
pub(crate) fn check<T: Comparable>(story: &str, expected: &ArrayD<T>, case: Case) {
    run(story, expected, case, &T::same);
}

/// Every element is the expected one but for a relative error; the bits are those of the same blocks on other nodes.
#[track_caller]
pub(crate) fn check_close<T: Comparable>(
    story: &str,
    expected: &ArrayD<T>,
    error: f64,
    case: Case,
) {
    run(story, expected, case, &|found, wanted| found.close(wanted, error));
}

#[track_caller]
fn run<T: Comparable>(story: &str, expected: &ArrayD<T>, case: Case, holds: &dyn Fn(T, T) -> bool) {
    let mut before: Option<ArrayD<T>> = None;
    for (index, (name, session)) in sessions().iter().enumerate() {
        let session = session.lock().unwrap_or_else(PoisonError::into_inner);
        let array = case(&session).unwrap_or_else(|error| panic!("{story} on {name}: {error}"));
        // What a case reads on its way, as the counts of a mask, is not the result.
        let received = session.bytes_received();
        let found = array.fetch::<T>().wait();
        let found = found.unwrap_or_else(|error| panic!("{story} on {name}: {error}"));
        let received = session.bytes_received() - received;
        assert!(received <= array.nbytes(), "{story} on {name}: {received} bytes came");
        assert_eq!(array.shape(), found.shape(), "{story} on {name}");
        assert_eq!(found.shape(), expected.shape(), "{story} on {name}");
        for (at, (&found, &wanted)) in found.iter().zip(expected).enumerate() {
            assert!(holds(found, wanted), "{story} on {name}: {found:?} for {wanted:?} at {at}");
        }
        // The number of nodes changes no bit.
        if let Some(before) = before.take().filter(|_| index % 2 == 1) {
            let same = found.iter().zip(&before).all(|(&left, &right)| left.same(right));
            assert!(same, "{story}: {before:?} on one node, {found:?} on four");
        }
        before = Some(found);
    }
}

/// Each session refuses the case with this message.
#[track_caller]
pub(crate) fn check_error(message: &str, case: Case) {
    for (name, session) in sessions() {
        let session = session.lock().unwrap_or_else(PoisonError::into_inner);
        let result = case(&session).and_then(|array| array.eval().wait());
        assert_eq!(result.unwrap_err().to_string(), message, "on {name}");
    }
}
