//! Models: their settings, the fit that was begun, and what it has learnt.

use super::texts;
use crate::{
    context::{Context, lock},
    error::{Error, Place},
    function::{Arguments, Function, Parameter},
    functions::to_array,
    kind::Kind,
    numbers::to_float,
    show::{self, Style},
    value::Value,
    wording::shape_text,
};
use ndarray::Array1;
use nums::{
    DistArray, Pending,
    models::{
        Convergence, FitWarning, LinearModel, LinearRegression, LogisticModel, LogisticRegression,
        Predictor, Solver,
    },
    preprocessing::{FittedScaler, StandardScaler, train_test_split},
};
use std::sync::{Arc, Mutex};

/// A model, which its names share.
pub struct Estimator {
    settings: Settings,
    context: Context,
    fit: Mutex<Fit>,
    /// Where the last fit was begun, unless that place has waited for it.
    begun: Mutex<Option<Place>>,
}

#[derive(Clone, Copy)]
enum Settings {
    Logistic(LogisticRegression),
    Linear(LinearRegression),
    Scaler,
}

enum Fit {
    /// None was begun, or the last one has failed.
    Missing,
    Begun(Running),
    Done(Arc<Fitted>),
}

/// A fit that goes on in the cluster.
enum Running {
    Logistic(Pending<LogisticModel>),
    Linear(Pending<LinearModel>),
    Scaler(Pending<FittedScaler>),
}

/// What was learnt.
enum Fitted {
    Logistic(LogisticModel),
    Linear(LinearModel),
    Scaler(FittedScaler),
}

pub(super) static FUNCTIONS: &[Function] = &[
    Function {
        name: "LinearRegression",
        parameters: &[
            Parameter::keyword("fit_intercept"),
            Parameter::keyword("ridge"),
            Parameter::keyword("solver"),
            Parameter::keyword("tol"),
            Parameter::keyword("max_iter"),
        ],
        body: linear,
    },
    Function {
        name: "LogisticRegression",
        parameters: &[
            Parameter::keyword("C"),
            Parameter::keyword("fit_intercept"),
            Parameter::keyword("solver"),
            Parameter::keyword("tol"),
            Parameter::keyword("max_iter"),
        ],
        body: logistic,
    },
    Function {
        name: "StandardScaler",
        parameters: &[],
        body: |context, _| Ok(Estimator::value(context, Settings::Scaler)),
    },
    Function {
        name: "train_test_split",
        parameters: &[
            Parameter::required("X"),
            Parameter::required("y"),
            Parameter::keyword("test_size"),
            Parameter::keyword("random_state"),
        ],
        body: split,
    },
];

const X: &[Parameter] = &[Parameter::positional("self"), Parameter::required("X")];
const X_AND_Y: &[Parameter] =
    &[Parameter::positional("self"), Parameter::required("X"), Parameter::required("y")];

static FIT: Function = Function { name: "fit", parameters: X_AND_Y, body: fit };
static PREDICT: Function = Function { name: "predict", parameters: X, body: predict };
static SCORE: Function = Function { name: "score", parameters: X_AND_Y, body: score };
static PREDICT_PROBA: Function =
    Function { name: "predict_proba", parameters: X, body: predict_proba };
static FIT_SCALER: Function = Function { name: "fit", parameters: X, body: fit };
static TRANSFORM: Function =
    Function { name: "transform", parameters: X, body: |i, a| transform(i, &a, false) };
static INVERSE_TRANSFORM: Function =
    Function { name: "inverse_transform", parameters: X, body: |i, a| transform(i, &a, true) };
static FIT_TRANSFORM: Function = Function {
    name: "fit_transform",
    parameters: X,
    body: |context, arguments| {
        begin(context, &arguments)?;
        // The fit looks at all that is transformed.
        estimator(&arguments)?.fitted()?;
        scaled(context, &arguments, false)
    },
};

impl Estimator {
    fn value(context: &Context, settings: Settings) -> Value {
        let (context, fit) = (context.clone(), Mutex::new(Fit::Missing));
        let begun = Mutex::new(None);
        Value::Estimator(Arc::new(Estimator { settings, context, fit, begun }))
    }

    /// The class.
    pub fn name(&self) -> &'static str {
        match self.settings {
            Settings::Logistic(_) => "LogisticRegression",
            Settings::Linear(_) => "LinearRegression",
            Settings::Scaler => "StandardScaler",
        }
    }

    /// The names of all models.
    pub(crate) const NAMES: &[&str] = &["LogisticRegression", "LinearRegression", "StandardScaler"];

    /// The methods of a model.
    pub(crate) fn methods(name: &str) -> Vec<&'static Function> {
        match name {
            "LogisticRegression" => vec![&FIT, &PREDICT, &PREDICT_PROBA, &SCORE],
            "LinearRegression" => vec![&FIT, &PREDICT, &SCORE],
            _ => vec![&FIT_SCALER, &TRANSFORM, &FIT_TRANSFORM, &INVERSE_TRANSFORM],
        }
    }

    /// The names of what was learnt.
    pub(crate) fn attributes(&self) -> &'static [&'static str] {
        match self.settings {
            Settings::Logistic(_) | Settings::Linear(_) => {
                &["coef_", "intercept_", "n_iter_", "convergence_"]
            }
            Settings::Scaler => &["mean_", "var_", "scale_"],
        }
    }

    /// What was learnt, by its name; waits for the fit.
    pub(crate) fn attribute(&self, name: &str) -> Result<Option<Value>, Error> {
        if !self.attributes().contains(&name) {
            return Ok(None);
        }
        let fitted = self.fitted()?;
        let array = |values: &Array1<f64>| {
            let array = self.context.session().from_ndarray(values)?;
            Ok(Some(Value::Array(self.context.made(array))))
        };
        let (predictor, convergence): (&Predictor, &Convergence) = match fitted.as_ref() {
            Fitted::Logistic(model) => (&model.predictor, &model.convergence),
            Fitted::Linear(model) => (&model.predictor, &model.convergence),
            Fitted::Scaler(scaler) => {
                return match name {
                    "mean_" => array(&scaler.mean),
                    "var_" => array(&scaler.variance),
                    _ => array(&scaler.scale),
                };
            }
        };
        Ok(Some(match name {
            "coef_" => return array(&predictor.coefficients),
            "intercept_" => Value::Float(predictor.intercept),
            "n_iter_" => Value::length(convergence.iterations),
            _ => Value::str(convergence.to_string().trim_end()),
        }))
    }

    /// Waits for the fit that was begun.
    fn fitted(&self) -> Result<Arc<Fitted>, Error> {
        let fitted = match std::mem::replace(&mut *lock(&self.fit), Fit::Missing) {
            Fit::Done(fitted) => fitted,
            Fit::Begun(running) => {
                let fitted = match running {
                    Running::Logistic(model) => self.context.wait(model).map(Fitted::Logistic),
                    Running::Linear(model) => self.context.wait(model).map(Fitted::Linear),
                    Running::Scaler(scaler) => self.context.wait(scaler).map(Fitted::Scaler),
                };
                let place = lock(&self.begun).take();
                let fitted = fitted.map_err(|error| Error { place: place.clone(), ..error })?;
                fitted.warn(&self.context, place.as_ref());
                Arc::new(fitted)
            }
            Fit::Missing => {
                let message = format!(
                    "This {} instance is not fitted yet. Call 'fit' with appropriate arguments \
                     before using this estimator.",
                    self.name()
                );
                return Err(Error::new(Kind::NotFitted, message));
            }
        };
        *lock(&self.fit) = Fit::Done(fitted.clone());
        Ok(fitted)
    }

    /// Waits until no fit goes on; what went wrong is told to who asks for what was learnt.
    ///
    /// # Errors
    /// What the fit raises.
    pub fn settle(&self) -> Result<(), Error> {
        if self.is_under_way() { self.fitted().map(drop) } else { Ok(()) }
    }

    /// Whether nobody has asked yet how the fit ends that was begun last.
    pub fn is_under_way(&self) -> bool {
        matches!(&*lock(&self.fit), Fit::Begun(_))
    }

    /// Remembers where the fit was begun, for its errors and warnings.
    pub fn begun_at(&self, begun: Place) {
        *lock(&self.begun) = Some(begun);
    }
}

impl Fitted {
    /// Warns of what the fit has found, where it was begun.
    fn warn(&self, context: &Context, place: Option<&Place>) {
        let convergence = match self {
            Fitted::Logistic(model) => &model.convergence,
            Fitted::Linear(model) => &model.convergence,
            Fitted::Scaler(_) => return,
        };
        for warning in &convergence.warnings {
            let class = match warning {
                FitWarning::Dependent { .. } => Kind::Rank,
                _ => Kind::Convergence,
            };
            context.warn(place, class, &warning.to_string());
        }
    }
}

fn linear(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let mut model = LinearRegression::new();
    if let Some(intercept) = arguments.given("fit_intercept") {
        model = model.intercept(intercept.truth()?);
    }
    if let Some(ridge) = arguments.given("ridge") {
        model = model.ridge(positive("LinearRegression", "ridge", ridge, true)?);
    }
    if let Some(solver) = arguments.given("solver") {
        model = model.solver(solver_of(solver)?);
    }
    if let Some(tolerance) = arguments.given("tol") {
        model = model.tolerance(positive("LinearRegression", "tol", tolerance, true)?);
    }
    if let Some(iterations) = arguments.given("max_iter") {
        model = model.iterations_max(count("max_iter", iterations)?);
    }
    Ok(Estimator::value(context, Settings::Linear(model)))
}

fn logistic(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let mut model = LogisticRegression::new();
    if let Some(c) = arguments.given("C") {
        model = model.c(positive("LogisticRegression", "C", c, false)?);
    }
    if let Some(intercept) = arguments.given("fit_intercept") {
        model = model.intercept(intercept.truth()?);
    }
    if let Some(solver) = arguments.given("solver") {
        model = model.solver(solver_of(solver)?);
    }
    if let Some(tolerance) = arguments.given("tol") {
        model = model.tolerance(positive("LogisticRegression", "tol", tolerance, true)?);
    }
    if let Some(iterations) = arguments.given("max_iter") {
        model = model.iterations_max(count("max_iter", iterations)?);
    }
    Ok(Estimator::value(context, Settings::Logistic(model)))
}

fn real(name: &str, value: &Value) -> Result<f64, Error> {
    to_float(value)?.ok_or_else(|| {
        let message = format!("{name} must be a number, not '{}'", value.type_name());
        Error::new(Kind::Type, message)
    })
}

/// A number from 0 on without infinity, or one above 0 with it, in scikit-learn's words.
fn positive(model: &str, name: &str, value: &Value, or_zero: bool) -> Result<f64, Error> {
    let number = real(name, value)?;
    let (fits, range) = match or_zero {
        true => ((0.0..f64::INFINITY).contains(&number), "[0.0, inf)"),
        false => (number > 0.0, "(0.0, inf]"),
    };
    if fits {
        return Ok(number);
    }
    let got = show::text(value, Style::Repr)?;
    let message = format!(
        "The '{name}' parameter of {model} must be a float in the range {range}. Got {got} instead."
    );
    Err(Error::new(Kind::Value, message))
}

fn count(name: &str, value: &Value) -> Result<usize, Error> {
    let count = value.as_int()?;
    usize::try_from(count)
        .map_err(|_| Error::new(Kind::Value, format!("{name} of {count}: it must not be negative")))
}

fn solver_of(value: &Value) -> Result<Solver, Error> {
    match texts(value)?.concat().as_str() {
        "newton" | "newton-cholesky" => Ok(Solver::Newton),
        "lbfgs" => Ok(Solver::Lbfgs),
        other => {
            let message = format!("solver of '{other}': there are 'newton' and 'lbfgs'");
            Err(Error::new(Kind::Value, message))
        }
    }
}

fn estimator(arguments: &Arguments) -> Result<Arc<Estimator>, Error> {
    match arguments.get("self") {
        Value::Estimator(estimator) => Ok(estimator.clone()),
        _ => Err(Error::new(Kind::Type, "this method belongs to a model of nums")),
    }
}

/// A matrix argument with a row for each sample; what it must have, in scikit-learn's words.
fn matrix(context: &Context, arguments: &Arguments) -> Result<DistArray, Error> {
    let x = to_array(context, arguments.get("X"))?;
    let shape = x.shape();
    // A function without a model of its own takes any matrix.
    let model = match arguments.get("self") {
        Value::Estimator(estimator) => estimator.name(),
        _ => "train_test_split",
    };
    let needs = |what: &str| {
        let shape = if let [rows, columns] = shape[..] {
            format!("(shape=({rows}, {columns}))")
        } else {
            String::new()
        };
        format!("Found array with 0 {what}(s) {shape} while a minimum of 1 is required by {model}.")
    };
    let message = match shape[..] {
        [0, _] => needs("sample"),
        [_, 0] => needs("feature"),
        [_, _] => return Ok(x),
        [] | [_] => {
            let dimension = if shape.is_empty() { "scalar" } else { "1D" };
            let array = show::text(&Value::Array(context.made(x)), Style::Str)?;
            format!(
                "Expected 2D array, got {dimension} array instead:\narray={array}.\nReshape your data \
                 either using array.reshape(-1, 1) if your data has a single feature or \
                 array.reshape(1, -1) if it contains a single sample."
            )
        }
        _ => {
            format!("Found array with dim {}, while dim <= 2 is required by {model}.", shape.len())
        }
    };
    Err(Error::new(Kind::Value, message))
}

/// Samples with a value for each.
fn samples(context: &Context, arguments: &Arguments) -> Result<(DistArray, DistArray), Error> {
    let x = matrix(context, arguments)?;
    let y = to_array(context, arguments.get("y"))?;
    if y.shape() == x.shape()[..1] {
        return Ok((x, y));
    }
    if let [rows] = y.shape()[..] {
        let message = format!(
            "Found input variables with inconsistent numbers of samples: [{}, {rows}]",
            x.shape()[0]
        );
        return Err(Error::new(Kind::Value, message));
    }
    let message = format!(
        "X of shape {} and y of shape {} do not belong together: y must have one value for each row",
        shape_text(&x.shape()),
        shape_text(&y.shape())
    );
    Err(Error::new(Kind::Value, message))
}

/// Begins a fit, and gives the model.
fn fit(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    begin(context, &arguments)?;
    Ok(arguments.get("self").clone())
}

fn begin(context: &Context, arguments: &Arguments) -> Result<(), Error> {
    let estimator = estimator(arguments)?;
    let running = match estimator.settings {
        Settings::Logistic(model) => {
            let (x, y) = samples(context, arguments)?;
            Running::Logistic(model.fit(&x, &y))
        }
        Settings::Linear(model) => {
            let (x, y) = samples(context, arguments)?;
            Running::Linear(model.fit(&x, &y))
        }
        Settings::Scaler => {
            Running::Scaler(StandardScaler::new().fit(&matrix(context, arguments)?))
        }
    };
    *lock(&estimator.fit) = Fit::Begun(running);
    lock(&estimator.begun).take();
    context.begun(&estimator)
}

fn predict(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let x = matrix(context, &arguments)?;
    let predicted = match estimator(&arguments)?.fitted()?.as_ref() {
        Fitted::Logistic(model) => model.predict(&x),
        Fitted::Linear(model) => model.predict(&x),
        Fitted::Scaler(_) => return Err(Error::new(Kind::Type, "a scaler predicts nothing")),
    };
    Ok(Value::Array(context.array(context.wait(predicted)?)))
}

/// A column for each class, as scikit-learn has them.
fn predict_proba(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let x = matrix(context, &arguments)?;
    let fitted = estimator(&arguments)?.fitted()?;
    let Fitted::Logistic(model) = fitted.as_ref() else {
        return Err(Error::new(Kind::Type, "only a classifier has probabilities"));
    };
    let of_one = context.wait(model.predict_proba(&x))?;
    let of_zero = of_one.try_mul(-1.0)?.try_add(1.0)?;
    Ok(Value::Array(context.array(nums::stack(&[&of_zero, &of_one], 1)?)))
}

fn score(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let (x, y) = samples(context, &arguments)?;
    let score = match estimator(&arguments)?.fitted()?.as_ref() {
        Fitted::Logistic(model) => model.score(&x, &y),
        Fitted::Linear(model) => model.score(&x, &y),
        Fitted::Scaler(_) => return Err(Error::new(Kind::Type, "a scaler has no score")),
    };
    if matches!(estimator(&arguments)?.settings, Settings::Linear(_)) && x.shape()[0] < 2 {
        let text = "R^2 score is not well-defined with less than two samples.";
        context.warn(None, Kind::UndefinedMetric, text);
    }
    Ok(Value::Float(context.wait(score)?))
}

/// Waits: infinities are refused, and NaN stays.
fn transform(context: &Context, arguments: &Arguments, inverse: bool) -> Result<Value, Error> {
    let x = matrix(context, arguments)?;
    let result = scaled(context, arguments, inverse)?;
    if context.wait(x.isinf().any().fetch::<bool>())?[[]] {
        let (input, dtype) = (if inverse { "" } else { "X" }, x.dtype());
        return Err(nums::Error::ContainsInfinity { input, dtype }.into());
    }
    Ok(result)
}

fn scaled(context: &Context, arguments: &Arguments, inverse: bool) -> Result<Value, Error> {
    let x = matrix(context, arguments)?;
    let fitted = estimator(arguments)?.fitted()?;
    let Fitted::Scaler(scaler) = fitted.as_ref() else {
        return Err(Error::new(Kind::Type, "only a scaler transforms"));
    };
    let result = if inverse { scaler.inverse_transform(&x)? } else { scaler.transform(&x)? };
    Ok(Value::Array(context.array(result)))
}

/// The four arrays of scikit-learn's function, in its order.
fn split(context: &Context, arguments: Arguments) -> Result<Value, Error> {
    let (x, y) = samples(context, &arguments)?;
    let share = match arguments.given("test_size") {
        Some(Value::Int(rows)) => share_of(*rows, x.shape()[0])?,
        Some(share) => {
            let share = real("test_size", share)?;
            if !(share > 0.0 && share < 1.0) {
                return Err(test_size(share, x.shape()[0]));
            }
            share
        }
        None => 0.25,
    };
    let seed = match arguments.given("random_state") {
        Some(seed) => u64::try_from(seed.as_int()?).map_err(|_| {
            let message = "The 'random_state' parameter of train_test_split must not be negative.";
            Error::new(Kind::Value, message)
        })?,
        None => context.seed(),
    };
    let parts = train_test_split(&x, &y, share, seed)?;
    let parts = [parts.x_train, parts.x_test, parts.y_train, parts.y_test];
    Ok(Value::tuple(parts.map(|part| Value::Array(context.array(part)))))
}

/// So many rows as a share of all, of which the next whole number is these again.
fn share_of(rows: i64, all: usize) -> Result<f64, Error> {
    let given = usize::try_from(rows).ok().filter(|rows| (1..all).contains(rows));
    match given {
        // Half a row less, so that rounding cannot give another row.
        Some(rows) => Ok((rows as f64 - 0.5) / all as f64),
        None => Err(test_size(rows, all)),
    }
}

/// scikit-learn's words for a part that cannot be.
fn test_size(value: impl std::fmt::Display, rows: usize) -> Error {
    let message = format!(
        "test_size={value} should be either positive and smaller than the number of samples {rows} \
         or a float in the (0, 1) range"
    );
    Error::new(Kind::Value, message)
}
