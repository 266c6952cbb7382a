//! Calls: of builtin functions, of classes, and of functions that the script defines.

use super::{
    Interpreter, Names,
    scope::{Bindings, Scope},
    statement::Flow,
};
use crate::{
    builtins,
    dict::Dict,
    exception::{Exception, Frame, Kind},
    function::Callable,
    source::Source,
    value::Value,
};
use ruff_python_ast::{
    Expr, ExprCall, ExprLambda, Identifier, Parameters, Stmt, StmtFunctionDef, name::Name,
};
use ruff_text_size::Ranged;
use std::{collections::BTreeMap, rc::Rc, sync::Arc};

/// A function that a script defines, with the scope around its definition.
pub(crate) struct Closure {
    pub(crate) name: Arc<str>,
    /// The string that a body may start with.
    pub(crate) documentation: Option<String>,
    parameters: Parameters,
    /// The values of parameters that are not given, from the time of the definition.
    defaults: BTreeMap<Name, Value>,
    body: Body,
    bindings: Rc<Bindings>,
    parent: Option<Rc<Scope>>,
    source: Arc<Source>,
}

enum Body {
    Statements(Vec<Stmt>),
    Expression(Box<Expr>),
}

impl Closure {
    /// What `def` makes.
    pub(super) fn defined(
        interpreter: &mut Interpreter,
        definition: &StmtFunctionDef,
    ) -> Result<Value, Exception> {
        let body = Body::Statements(definition.body.to_vec());
        let bindings = Bindings::of(Some(&definition.parameters), &definition.body);
        Closure::make(interpreter, &definition.name, &definition.parameters, body, bindings)
    }

    /// What `lambda` makes.
    pub(super) fn lambda(
        interpreter: &mut Interpreter,
        lambda: &ExprLambda,
    ) -> Result<Value, Exception> {
        let parameters = lambda.parameters.as_deref().cloned().unwrap_or_default();
        let bindings = Bindings::of(Some(&parameters), &[]);
        let body = Body::Expression(lambda.body.clone());
        Closure::make(interpreter, "<lambda>", &parameters, body, bindings)
    }

    fn make(
        interpreter: &mut Interpreter,
        name: &str,
        parameters: &Parameters,
        body: Body,
        bindings: Bindings,
    ) -> Result<Value, Exception> {
        let mut defaults = BTreeMap::new();
        for parameter in parameters.iter_non_variadic_params() {
            if let Some(default) = &parameter.default {
                let value = interpreter.evaluate(default)?;
                defaults.insert(parameter.name().id.clone(), value);
            }
        }
        let documentation = match &body {
            Body::Statements(statements) => match statements.first() {
                Some(Stmt::Expr(first)) => match first.value.as_ref() {
                    Expr::StringLiteral(literal) => Some(literal.value.to_str().to_owned()),
                    _ => None,
                },
                _ => None,
            },
            Body::Expression(_) => None,
        };
        Ok(Value::Closure(Rc::new(Closure {
            name: name.into(),
            documentation,
            parameters: parameters.clone(),
            defaults,
            body,
            bindings: Rc::new(bindings),
            parent: interpreter.names.local.clone(),
            source: interpreter.source.clone(),
        })))
    }

    /// The names of the parameters, as a call may give them.
    pub(crate) fn parameter_names(&self) -> Vec<String> {
        self.parameters.iter().map(|parameter| parameter.name().to_string()).collect()
    }

    /// Gives each argument its parameter in a new scope, in Python's words where one is wrong.
    fn bind(
        &self,
        positional: Vec<Value>,
        keywords: Vec<(String, Value)>,
    ) -> Result<Scope, Exception> {
        let scope = Scope::of_call(self.bindings.clone(), self.parent.clone());
        let wrong = |what: String| Exception::new(Kind::Type, format!("{}() {what}", self.name));
        let Parameters { posonlyargs, args, vararg, kwonlyargs, kwarg, .. } = &self.parameters;
        let places: Vec<&Identifier> =
            posonlyargs.iter().chain(args).map(|parameter| parameter.name()).collect();
        let mut values: BTreeMap<&str, Value> = BTreeMap::new();
        let given = positional.len();
        let mut rest = Vec::new();
        for (position, value) in positional.into_iter().enumerate() {
            match places.get(position) {
                Some(name) => drop(values.insert(name.as_str(), value)),
                None => rest.push(value),
            }
        }
        if !rest.is_empty() && vararg.is_none() {
            let least = places.iter().filter(|name| !self.defaults.contains_key(&name.id)).count();
            let most = places.len();
            let range =
                if least == most { most.to_string() } else { format!("from {least} to {most}") };
            let plural = if most == 1 { "" } else { "s" };
            let verb = if given == 1 { "was" } else { "were" };
            return Err(wrong(format!(
                "takes {range} positional argument{plural} but {given} {verb} given"
            )));
        }
        let mut more = Dict::new();
        for (name, value) in keywords {
            let parameter = args.iter().chain(kwonlyargs).find(|one| one.name().as_str() == name);
            match (parameter, kwarg) {
                (Some(parameter), _) => {
                    if values.insert(parameter.name().as_str(), value).is_some() {
                        return Err(wrong(format!("got multiple values for argument '{name}'")));
                    }
                }
                (None, Some(_)) => more.insert(Value::str(&name), value)?,
                (None, None) => {
                    let known = args.iter().chain(kwonlyargs).map(|one| one.name().as_str());
                    let hint = crate::exception::nearest(&name, known);
                    let what = format!("got an unexpected keyword argument '{name}'");
                    return Err(wrong(what).hint(hint));
                }
            }
        }
        let missing = |names: &[&Identifier], kind: &str| {
            let missing: Vec<String> = names
                .iter()
                .filter(|name| {
                    !values.contains_key(name.as_str()) && !self.defaults.contains_key(&name.id)
                })
                .map(|name| format!("'{name}'"))
                .collect();
            if missing.is_empty() {
                None
            } else {
                Some(wrong(nums_numpy::missing_text(&missing, kind)))
            }
        };
        let named_only: Vec<&Identifier> = kwonlyargs.iter().map(|one| one.name()).collect();
        if let Some(error) =
            missing(&places, "positional").or_else(|| missing(&named_only, "keyword-only"))
        {
            return Err(error);
        }
        for name in places.into_iter().chain(named_only) {
            let value =
                values.remove(name.as_str()).or_else(|| self.defaults.get(&name.id).cloned());
            if let Some(value) = value {
                scope.set(&name.id, value);
            }
        }
        if let Some(vararg) = vararg {
            scope.set(&vararg.name.id, Value::tuple(rest));
        }
        if let Some(kwarg) = kwarg {
            scope.set(&kwarg.name.id, Value::dict(more));
        }
        Ok(scope)
    }
}

impl Interpreter {
    pub(super) fn call(&mut self, call: &ExprCall) -> Result<Value, Exception> {
        let callee = self.evaluate(&call.func)?;
        let positional = self.evaluate_all(&call.arguments.args)?;
        let mut keywords = Vec::new();
        for keyword in &call.arguments.keywords {
            let value = self.evaluate(&keyword.value)?;
            match (&keyword.arg, value) {
                (Some(name), value) => keywords.push((name.to_string(), value)),
                (None, Value::Dict(dict)) => {
                    for (name, value) in dict.borrow().entries() {
                        let Value::Str(name) = name else {
                            return Err(Exception::new(Kind::Type, "keywords must be strings"));
                        };
                        keywords.push((name.to_string(), value.clone()));
                    }
                }
                (None, other) => {
                    let message =
                        format!("argument after ** must be a mapping, not {}", other.type_name());
                    return Err(Exception::new(Kind::Type, message).at(keyword.range()));
                }
            }
        }
        let around = std::mem::replace(&mut self.call, call.range());
        let outcome = self.call_value(&callee, positional, keywords);
        self.call = around;
        outcome
    }

    /// Calls whatever can be called.
    pub(crate) fn call_value(
        &mut self,
        callee: &Value,
        mut positional: Vec<Value>,
        keywords: Vec<(String, Value)>,
    ) -> Result<Value, Exception> {
        let function = match callee {
            Value::Function(function) => *function,
            Value::Method(receiver, function) => {
                positional.insert(0, receiver.as_ref().clone());
                *function
            }
            Value::Class(class) => {
                return builtins::construct(self, *class, positional, keywords);
            }
            Value::Closure(closure) => return self.call_closure(closure, positional, keywords),
            other => {
                let message = format!("'{}' object is not callable", other.type_name());
                return Err(Exception::new(Kind::Type, message));
            }
        };
        let value = match function {
            Callable::Python(function) => function.call(self, positional, keywords)?,
            Callable::Numpy(function) => self.call_numpy(function, &positional, keywords)?,
        };
        self.computed(value, self.call)
    }

    fn call_closure(
        &mut self,
        closure: &Rc<Closure>,
        positional: Vec<Value>,
        keywords: Vec<(String, Value)>,
    ) -> Result<Value, Exception> {
        if self.calls >= super::CALLS_MAX {
            return Err(Exception::new(Kind::Recursion, "maximum recursion depth exceeded"));
        }
        let scope = Rc::new(closure.bind(positional, keywords)?);
        let names = Names { module: self.names.module.clone(), local: Some(scope) };
        let around = std::mem::replace(&mut self.names, names);
        let source = std::mem::replace(&mut self.source, closure.source.clone());
        let function = std::mem::replace(&mut self.function, closure.name.clone());
        let caller = Frame { source, function, range: self.call };
        self.callers.push(caller.clone());
        self.calls += 1;
        let outcome = match &closure.body {
            Body::Expression(expression) => self.evaluate(expression),
            Body::Statements(statements) => self.execute_all(statements).map(|flow| match flow {
                Flow::Return(value) => value,
                _ => Value::None,
            }),
        };
        self.calls -= 1;
        self.names = around;
        self.callers.pop();
        Frame { source: self.source, function: self.function, range: self.call } = caller;
        outcome.map_err(|error| error.leave(&closure.source, &closure.name))
    }
}
