//! What a user of ndarray may type and a distributed array does not do, with messages that say what to write.
//!
//! No type implements these traits. They are bounds of methods and implementations, so that the compiler shows their
//! messages instead of an unknown name.

use crate::DistArray;
use std::ops::Index;

/// The bound of closures over elements and blocks.
#[diagnostic::on_unimplemented(
    message = "closures do not run on the nodes of a cluster",
    label = "write the function with methods and operators of arrays",
    note = "for example `x.exp() * 2.0 + 1.0`, `x.greater(0.0).where_(&x, 0.0)`, `x.sum()`, `x.max()`",
    note = "to use a closure, read the elements first: `x.fetch::<f64>().wait()?.mapv(f)`"
)]
pub trait ClosureOfElements {}

/// The bound of an index in brackets.
#[diagnostic::on_unimplemented(
    message = "the elements of a `DistArray` are on the nodes of its cluster: `[]` cannot refer to them",
    label = "write `x.slice(s![0, ..])?` for a part, and `x.slice(s![0])?.item::<f64>().wait()?` for a number",
    note = "`fetch::<f64>().wait()?` reads all elements as an ndarray array, which takes `[]`"
)]
pub trait LocalIndex {}

/// The bound of a comparison that gives one truth value.
#[diagnostic::on_unimplemented(
    message = "`==` compares whole values, and arrays are compared element by element",
    label = "write `x.equal(&y)` for a bool array, and `x.equal(&y).all().item::<bool>().wait()?` for one bool"
)]
pub trait WriteXEqualYInstead {}

/// The bound of arrays that are made without a session.
#[diagnostic::on_unimplemented(
    message = "a `DistArray` cannot be made without a session, which knows the cluster",
    label = "write `session.array(vec)?` or `session.from_iter(iterator)?`",
    note = "`Session::embedded(1)?` starts a cluster in this process"
)]
pub trait MadeWithoutSession {}

impl<T: WriteXEqualYInstead> PartialEq<T> for DistArray {
    fn eq(&self, _: &T) -> bool {
        unreachable!("no type implements the bound")
    }
}

impl<I: LocalIndex> Index<I> for DistArray {
    type Output = DistArray;

    fn index(&self, _: I) -> &DistArray {
        unreachable!("no type implements the bound")
    }
}

impl<T: MadeWithoutSession> From<Vec<T>> for DistArray {
    fn from(_: Vec<T>) -> DistArray {
        unreachable!("no type implements the bound")
    }
}

impl<T: MadeWithoutSession> FromIterator<T> for DistArray {
    fn from_iter<I: IntoIterator<Item = T>>(_: I) -> DistArray {
        unreachable!("no type implements the bound")
    }
}

macro_rules! closures {
    ($($name:ident($($argument:ident),*);)*) => {
        impl DistArray {
            $(
                /// Refused with a message: closures do not run on nodes.
                #[doc(hidden)]
                pub fn $name<$($argument,)* F: ClosureOfElements>(&self, $(_: $argument,)* _: F) -> DistArray {
                    unreachable!("no type implements the bound")
                }
            )*
        }
    };
}

closures! {
    map();
    mapv();
    mapv_into();
    map_inplace();
    map_blocks();
    map_axis(A);
    fold_axis(A, B);
    fold(B);
    for_each();
}
