//! NumPy's conventions as a caller without the prompt meets them.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use nums_numpy::{
    Class, Context, Error, Function, Host, Kind, Object, Place, Plain, Style, Value, assign,
    attribute, call, construct, methods,
    operators::{self, Binary, Comparison},
    subscript, text,
};
use std::{
    any::Any,
    future::Future,
    pin::Pin,
    rc::Rc,
    sync::{Arc, Mutex},
};

fn context() -> Context {
    Context::new(nums::Session::embedded(1).unwrap())
}

fn np(context: &Context, name: &str, arguments: Vec<Value>) -> Result<Value, Error> {
    call(context, "numpy", name, arguments, Vec::new())
}

fn range(context: &Context, len: i64) -> Value {
    np(context, "arange", vec![Value::Int(len)]).unwrap()
}

fn method(owner: &Value, name: &str) -> &'static Function {
    methods(owner).into_iter().find(|method| method.name == name).unwrap()
}

fn slice(start: i64, stop: i64) -> Value {
    Value::Slice(Rc::new([Value::Int(start), Value::Int(stop), Value::None]))
}

fn repr(value: &Value) -> String {
    text(value, Style::Repr).unwrap()
}

#[test]
fn a_view_sees_what_is_written_to_its_base() {
    let context = context();
    let x = range(&context, 6);
    let Value::Array(cell) = &x else { panic!("an array") };
    let shape = Value::list(vec![Value::Int(2), Value::Int(3)]);
    let matrix = np(&context, "reshape", vec![x.clone(), shape]).unwrap();
    assign(cell, &slice(1, 3), &Value::list(vec![Value::Int(10), Value::Float(20.0)])).unwrap();
    assert_eq!(repr(&matrix), "array([[ 0, 10, 20],\n       [ 3,  4,  5]])");
    let part = subscript(&matrix, &Value::tuple([Value::Ellipsis, Value::Int(-1)])).unwrap();
    let Value::Array(last) = &part else { panic!("an array") };
    let doubled = operators::in_place(Binary::Mul, last, &Value::Int(2)).unwrap();
    operators::write_in_place(Binary::Mul, last, &doubled).unwrap();
    assert_eq!(repr(&x), "array([ 0, 10, 40,  3,  4, 10])");
}

#[test]
fn numbers_of_python_count_as_their_kind_and_those_of_numpy_as_what_they_are() {
    let context = context();
    let class = Class::Scalar(nums::DType::Float32);
    let third = construct(&context, class, vec![Value::Float(1.0 / 3.0)], Vec::new()).unwrap();
    let weak = operators::binary(&context, Binary::Add, &third, &Value::Float(1.0)).unwrap();
    assert_eq!(repr(&weak.unwrap()), "np.float32(1.3333334)");
    let x = range(&context, 3);
    let mixed = operators::binary(&context, Binary::Mul, &x, &third).unwrap().unwrap();
    assert_eq!(repr(&attribute(&mixed, "dtype").unwrap().unwrap()), "dtype('float64')");
    let less = operators::compare(&context, Comparison::Less, &x, &Value::Int(2)).unwrap();
    assert_eq!(repr(&less), "array([ True,  True, False])");
    assert_eq!(less.truth().unwrap_err().kind, Kind::Value);
    let item = method(&x, "item").call(&context, vec![x, Value::Int(2)], Vec::new()).unwrap();
    assert!(matches!(item, Value::Int(2)));
}

#[test]
fn errors_have_numpys_kinds_and_words() {
    let context = context();
    let x = range(&context, 6);
    for (outcome, kind, message) in [
        (
            np(&context, "sum", vec![x.clone(), Value::Int(1)]),
            Kind::Axis,
            "axis 1 is out of bounds for array of dimension 1",
        ),
        (
            subscript(&x, &Value::Int(9)),
            Kind::Index,
            "index 9 is out of bounds for axis 0 with size 6",
        ),
        (
            np(&context, "reshape", vec![x.clone(), Value::Int(4)]),
            Kind::Value,
            "cannot reshape array of size 6 into shape (4,)",
        ),
        (
            np(&context, "eye", Vec::new()),
            Kind::Type,
            "eye() missing 1 required positional argument: 'N'",
        ),
        (
            call(
                &context,
                "numpy",
                "ones",
                vec![Value::Int(1)],
                vec![("shap".into(), Value::None)],
            ),
            Kind::Type,
            "ones() got an unexpected keyword argument 'shap'",
        ),
        (
            np(&context, "load", vec![Value::str("/nowhere/x.npy")]),
            Kind::FileNotFound,
            "[Errno 2] No such file or directory: '/nowhere/x.npy'",
        ),
    ] {
        let error = outcome.err().unwrap();
        assert_eq!((error.kind, error.message.as_str()), (kind, message));
    }
    assert_eq!(Kind::Axis.bases(), [Kind::Value, Kind::Index]);
}

/// What fails by its numbers is met where it is begun when the context waits, and otherwise where it is read.
#[test]
fn what_can_fail_is_waited_for_where_it_is_asked_for() {
    let context = context();
    let zeros = np(&context, "zeros", vec![Value::tuple([Value::Int(2), Value::Int(2)])]).unwrap();
    let inverse =
        || call(&context, "numpy.linalg", "inv", vec![zeros.clone()], Vec::new()).unwrap();
    let later = inverse();
    assert!(context.submit(&later).unwrap().is_some());
    assert_eq!(text(&later, Style::Str).unwrap_err().kind, Kind::LinAlg);
    context.set_waits(true);
    let error = context.submit(&inverse()).err().unwrap();
    assert_eq!((error.kind, error.message.as_str()), (Kind::LinAlg, "Singular matrix"));
}

struct Closure;

impl Object for Closure {
    fn class(&self) -> &str {
        "function"
    }

    fn text(&self, _: Style) -> Result<String, Error> {
        Ok("<function f>".to_owned())
    }

    fn truth(&self) -> Result<bool, Error> {
        Ok(true)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[test]
fn an_object_that_numpy_does_not_know_is_refused_by_the_name_of_its_class() {
    let context = context();
    let closure = Value::Other(Rc::new(Closure));
    let sum = np(&context, "sum", vec![closure.clone()]).err().unwrap();
    assert_eq!(sum.message, "'function' object is no array and no number");
    let dtype = vec![("dtype".to_owned(), closure.clone())];
    let zeros = call(&context, "numpy", "zeros", vec![Value::Int(2)], dtype).err().unwrap();
    assert_eq!(zeros.message, "Cannot interpret '<function f>' as a data type");
    for (name, words) in [
        ("concatenate", "The first input argument needs to be a sequence"),
        ("vstack", "arrays to stack must be passed as a \"sequence\" type such as list or tuple."),
    ] {
        let error = np(&context, name, vec![closure.clone()]).err().unwrap();
        assert_eq!((error.kind, error.message.as_str()), (Kind::Type, words));
    }
}

#[test]
fn print_options_are_those_of_their_context() {
    let (context, other) = (context(), context());
    let precision = vec![("precision".to_owned(), Value::Int(2))];
    call(&context, "numpy", "set_printoptions", Vec::new(), precision).unwrap();
    let third = |context: &Context| {
        np(context, "array", vec![Value::list(vec![Value::Float(1.0 / 3.0)])]).unwrap()
    };
    assert_eq!(repr(&third(&context)), "array([0.33])");
    assert_eq!(repr(&third(&other)), "array([0.33333333])");
}

/// A language that keeps its warnings with the number of the line.
#[derive(Default)]
struct Lines(Mutex<Vec<(Option<i32>, Kind)>>);

impl Host for Lines {
    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) -> Result<(), Error> {
        Plain.block_on(future)
    }

    fn warn(&self, place: Option<&Place>, kind: Kind, _: &str) {
        self.0.lock().unwrap().push((place.map(line), kind));
    }
}

fn line(place: &Place) -> i32 {
    *place.downcast_ref().unwrap()
}

#[test]
fn fits_warn_and_fail_with_the_place_where_they_were_begun() {
    let host = Arc::new(Lines::default());
    let session = nums::Session::embedded(1).unwrap();
    let context = Context::with_host(session, 0, host.clone());
    let floats = |values: &[f64]| Value::list(values.iter().copied().map(Value::Float).collect());
    let fit = |model: &str, labels: &[f64], begun_at: i32| {
        let model = call(&context, "nums", model, Vec::new(), Vec::new()).unwrap();
        let rows = [1.0, 2.0, 4.0].map(|value| floats(&[value, 2.0 * value]));
        let arguments = vec![model.clone(), Value::list(rows.to_vec()), floats(labels)];
        method(&model, "fit").call(&context, arguments, Vec::new()).unwrap();
        for begun in context.take_begun() {
            begun.begun_at(Arc::new(begun_at));
        }
        model
    };
    let model = fit("LinearRegression", &[1.0, 2.0, 3.0], 7);
    assert!(attribute(&model, "coef_").is_ok());
    assert_eq!(*host.0.lock().unwrap(), [(Some(7), Kind::Rank)]);
    let model = fit("LogisticRegression", &[1.0, 0.0, 7.0], 9);
    let error = attribute(&model, "coef_").err().unwrap();
    assert_eq!((error.kind, error.place.as_ref().map(line)), (Kind::Value, Some(9)));
    // Where the context waits there is nothing to watch.
    context.set_waits(true);
    let model = fit("LinearRegression", &[1.0, 2.0, 3.0], 11);
    assert!(attribute(&model, "coef_").is_ok());
    assert_eq!(host.0.lock().unwrap().last(), Some(&(None, Kind::Rank)));
}
