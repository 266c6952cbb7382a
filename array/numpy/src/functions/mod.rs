//! The functions of NumPy on the array library.
//!
//! One file for each kind of function; a method of an array is the function of the same name with the array as its
//! first argument. `arguments` reads what the functions take.

mod arguments;
mod calculus;
mod choice;
mod closeness;
mod complex;
mod constructor;
mod creation;
mod device;
mod dtype;
mod editing;
mod einsum;
mod elementwise;
mod files;
mod flip;
mod join;
mod linear;
mod mesh;
mod pad;
mod polynomial;
mod printing;
mod random;
mod reduction;
mod selection;
mod sets;
mod shape;
mod statistics;
mod triangle;
mod types;
mod vectors;
mod windows;

pub(crate) use arguments::{shape_argument, to_array};
pub(crate) use complex::{imaginary, real};
pub(crate) use constructor::{Local, array_from, local};
pub(crate) use device::{DEVICE, check_device};
pub use dtype::{construct, dtype_of};
pub(crate) use dtype::{dtype_class, dtype_kind, scalar_names, unsupported_dtype};
pub(crate) use elementwise::absolute;
pub use elementwise::round as round_array;
pub use random::Generator;
pub(crate) use shape::{matrix_transposed, transposed};
pub(crate) use types::can_cast;

use crate::function::Function;

/// The functions of `numpy`.
pub(crate) fn numpy() -> impl Iterator<Item = &'static Function> {
    [
        calculus::FUNCTIONS,
        choice::FUNCTIONS,
        closeness::FUNCTIONS,
        complex::FUNCTIONS,
        constructor::FUNCTIONS,
        creation::FUNCTIONS,
        editing::FUNCTIONS,
        einsum::FUNCTIONS,
        elementwise::FUNCTIONS,
        files::FUNCTIONS,
        flip::FUNCTIONS,
        join::FUNCTIONS,
        linear::FUNCTIONS,
        mesh::FUNCTIONS,
        pad::FUNCTIONS,
        polynomial::FUNCTIONS,
        printing::FUNCTIONS,
        reduction::FUNCTIONS,
        selection::FUNCTIONS,
        sets::FUNCTIONS,
        shape::FUNCTIONS,
        statistics::FUNCTIONS,
        triangle::FUNCTIONS,
        types::FUNCTIONS,
        vectors::FUNCTIONS,
        windows::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// The functions of `numpy.linalg`.
pub(crate) fn linalg() -> impl Iterator<Item = &'static Function> {
    [linear::LINALG, triangle::LINALG, vectors::LINALG].into_iter().flatten()
}

/// The functions of `numpy.random`.
pub(crate) fn random() -> impl Iterator<Item = &'static Function> {
    random::FUNCTIONS.iter()
}

/// The methods of arrays.
pub(crate) fn methods() -> impl Iterator<Item = &'static Function> {
    [
        choice::METHODS,
        complex::METHODS,
        constructor::METHODS,
        device::METHODS,
        elementwise::METHODS,
        linear::METHODS,
        reduction::METHODS,
        selection::METHODS,
        shape::METHODS,
        triangle::METHODS,
    ]
    .into_iter()
    .flatten()
}

/// The methods of `numpy.random.Generator`.
pub(crate) fn generator() -> impl Iterator<Item = &'static Function> {
    random::METHODS.iter()
}
