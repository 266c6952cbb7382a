//! Between the prompt and NumPy's conventions: values and errors on their way, waiting and warnings.

use crate::{
    class::Class,
    exception::{Exception, Kind, Trace},
    function::Callable,
    interpreter::Interpreter,
    modules::Module,
    show,
    value::Value,
    waiting, warnings, watch,
};
use nums_numpy::{self as numpy, Host, Member, Object, Place, Style};
use std::{
    any::Any,
    future::Future,
    pin::Pin,
    rc::Rc,
    sync::{Mutex, PoisonError},
};

/// How deep lists may be nested in an argument: NumPy's bound for axes.
const DEPTH_MAX: usize = 64;

impl Value {
    /// The value as NumPy takes it; a list becomes what it holds now.
    pub(crate) fn to_numpy(&self) -> Result<numpy::Value, Exception> {
        self.to_numpy_in(&mut Vec::new())
    }

    /// `around` has the lists that this value is in.
    fn to_numpy_in(&self, around: &mut Vec<*const ()>) -> Result<numpy::Value, Exception> {
        let mut all = |list: *const (), items: &[Value]| {
            if around.len() > DEPTH_MAX || around.contains(&list) {
                let message =
                    "setting an array element with a sequence: the lists are nested too deeply";
                return Err(Exception::new(Kind::Value, message));
            }
            around.push(list);
            let items = items.iter().map(|item| item.to_numpy_in(around));
            let items = items.collect::<Result<Vec<_>, _>>();
            around.pop();
            items
        };
        Ok(match self {
            Value::None => numpy::Value::None,
            Value::Ellipsis => numpy::Value::Ellipsis,
            Value::Bool(value) => numpy::Value::Bool(*value),
            Value::Int(value) => numpy::Value::Int(*value),
            Value::BigInt(value) => numpy::Value::BigInt(value.clone()),
            Value::Float(value) => numpy::Value::Float(*value),
            Value::Complex(value) => numpy::Value::Complex(*value),
            Value::Str(text) => numpy::Value::Str(text.clone()),
            Value::Tuple(items) => numpy::Value::tuple(all(items.as_ptr().cast(), items)?),
            Value::List(items) => {
                numpy::Value::list(all(Rc::as_ptr(items).cast(), &items.borrow())?)
            }
            Value::Range(range) => numpy::Value::Range(*range),
            Value::Slice(parts) => {
                let [start, stop, step] = parts.as_ref();
                let parts = [start.to_numpy()?, stop.to_numpy()?, step.to_numpy()?];
                numpy::Value::Slice(Rc::new(parts))
            }
            Value::Class(Class::Bool) => numpy::Value::Class(numpy::Class::Bool),
            Value::Class(Class::Int) => numpy::Value::Class(numpy::Class::Int),
            Value::Class(Class::Float) => numpy::Value::Class(numpy::Class::Float),
            Value::Class(Class::Complex) => numpy::Value::Class(numpy::Class::Complex),
            Value::Class(Class::Numpy(class)) => numpy::Value::Class(*class),
            Value::Array(array) => numpy::Value::Array(array.clone()),
            Value::Scalar(scalar) => numpy::Value::Scalar(scalar.clone()),
            Value::DType(dtype) => numpy::Value::DType(*dtype),
            Value::Random(generator) => numpy::Value::Random(generator.clone()),
            Value::Estimator(estimator) => numpy::Value::Estimator(estimator.clone()),
            Value::Table(table) => numpy::Value::Table(table.clone()),
            Value::Record(record) => numpy::Value::Record(record.clone()),
            other => numpy::Value::Other(Rc::new(Foreign(other.clone()))),
        })
    }
}

impl From<numpy::Value> for Value {
    fn from(value: numpy::Value) -> Value {
        let all = |items: &[numpy::Value]| items.iter().cloned().map(Value::from).collect();
        match value {
            numpy::Value::None => Value::None,
            numpy::Value::Ellipsis => Value::Ellipsis,
            numpy::Value::Bool(value) => Value::Bool(value),
            numpy::Value::Int(value) => Value::Int(value),
            numpy::Value::BigInt(value) => Value::BigInt(value),
            numpy::Value::Float(value) => Value::Float(value),
            numpy::Value::Complex(value) => Value::Complex(value),
            numpy::Value::Str(text) => Value::Str(text),
            numpy::Value::Tuple(items) => {
                Value::Tuple(items.iter().cloned().map(Value::from).collect())
            }
            numpy::Value::List(items) => Value::list(all(&items)),
            numpy::Value::Dict(entries) => {
                Value::named(entries.iter().map(|(name, value)| (*name, value.clone().into())))
            }
            numpy::Value::Range(range) => Value::Range(range),
            numpy::Value::Slice(parts) => {
                let [start, stop, step] = parts.as_ref().clone();
                Value::Slice(Rc::new([start.into(), stop.into(), step.into()]))
            }
            numpy::Value::Class(class) => Value::Class(class.into()),
            numpy::Value::Array(array) => Value::Array(array),
            numpy::Value::Scalar(scalar) => Value::Scalar(scalar),
            numpy::Value::DType(dtype) => Value::DType(dtype),
            numpy::Value::Random(generator) => Value::Random(generator),
            numpy::Value::Estimator(estimator) => Value::Estimator(estimator),
            numpy::Value::Table(table) => Value::Table(table),
            numpy::Value::Record(record) => Value::Record(record),
            numpy::Value::Other(object) => match object.as_any().downcast_ref::<Foreign>() {
                Some(Foreign(own)) => own.clone(),
                // All that NumPy does not know comes from here.
                None => Value::None,
            },
        }
    }
}

impl From<Member> for Value {
    fn from(member: Member) -> Value {
        match member {
            Member::Function(function) => Value::Function(Callable::Numpy(function)),
            Member::Class(class) => Value::Class(class.into()),
            Member::Error(kind) => Value::Class(Class::Exception(kind)),
            Member::Module(module) => Value::Module(Module::Numpy(module)),
            Member::Value(value) => value.into(),
            Member::Indexer(indexer) => Value::Indexer(indexer),
        }
    }
}

/// An object of the prompt that NumPy does not know.
struct Foreign(Value);

impl Object for Foreign {
    fn class(&self) -> &str {
        self.0.type_name()
    }

    fn text(&self, style: Style) -> Result<String, numpy::Error> {
        show::text(&self.0, style).map_err(told)
    }

    fn truth(&self) -> Result<bool, numpy::Error> {
        self.0.truth().map_err(told)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// An exception as NumPy hands it through.
fn told(exception: Exception) -> numpy::Error {
    numpy::Error::new(exception.kind(), exception.raised.message())
}

impl From<numpy::Error> for Exception {
    /// The exception, with the place where the work was begun that has failed.
    fn from(error: numpy::Error) -> Exception {
        let watched = error.cause.as_deref().and_then(watch::origin);
        let place = error.place.as_ref().and_then(|place| place.downcast_ref::<Trace>());
        let origin = place.cloned().or(watched);
        let exception = Exception::told(error);
        match origin {
            Some(origin) => exception.begun_at(origin),
            None => exception,
        }
    }
}

impl From<nums::Error> for Exception {
    fn from(error: nums::Error) -> Exception {
        numpy::Error::from(error).into()
    }
}

/// What the prompt does for NumPy.
#[derive(Default)]
pub(crate) struct AtPrompt {
    /// Warnings of the call that runs.
    warnings: Mutex<Vec<(Kind, String)>>,
}

impl AtPrompt {
    /// The warnings since somebody asked.
    fn take_warnings(&self) -> Vec<(Kind, String)> {
        std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Host for AtPrompt {
    fn block_on(&self, future: Pin<&mut dyn Future<Output = ()>>) -> Result<(), numpy::Error> {
        waiting::wait_for(future).map_err(told)
    }

    fn warn(&self, place: Option<&Place>, kind: Kind, text: &str) {
        match place.and_then(|place| place.downcast_ref::<Trace>()).and_then(|trace| trace.first())
        {
            Some(frame) => warnings::warn(&frame.place(), kind, text),
            None => {
                let warnings = self.warnings.lock();
                warnings.unwrap_or_else(PoisonError::into_inner).push((kind, text.to_owned()));
            }
        }
    }
}

impl Interpreter {
    /// Calls a function of NumPy.
    pub(crate) fn call_numpy(
        &mut self,
        function: &'static numpy::Function,
        positional: &[Value],
        keywords: Vec<(String, Value)>,
    ) -> Result<Value, Exception> {
        let positional = positional.iter().map(Value::to_numpy).collect::<Result<_, _>>()?;
        let keywords = keywords
            .into_iter()
            .map(|(name, value)| Ok((name, value.to_numpy()?)))
            .collect::<Result<_, Exception>>()?;
        let outcome = function.call(&self.numpy, positional, keywords);
        let begun = self.numpy.take_begun();
        for (kind, text) in self.host.take_warnings() {
            warnings::warn(&self.place(), kind, &text);
        }
        match outcome {
            Ok(value) => {
                for fit in &begun {
                    self.fit_begun(fit)?;
                }
                Ok(value.into())
            }
            Err(error) if begun.is_empty() => Err(error.into()),
            Err(error) => Err(Exception::from(error).begun_at(self.trace(self.call))),
        }
    }
}
