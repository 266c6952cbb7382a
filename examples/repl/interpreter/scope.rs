//! Names: which scope a name belongs to, and what it stands for there.
//!
//! As in Python, a name that a function binds anywhere in its body is its own throughout the body,
//! unless it is declared `global` or `nonlocal`. A comprehension has a scope of its own.

use crate::{
    builtins,
    exception::{Exception, Kind, nearest},
    substitutes,
    value::Value,
};
use ruff_python_ast::{
    Comprehension, Expr, ExprContext, Identifier, Parameters, Stmt,
    name::Name,
    visitor::{Visitor, walk_except_handler, walk_expr, walk_stmt},
};
use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// The names of a module, a function call or a comprehension.
#[derive(Default)]
pub(crate) struct Scope {
    names: RefCell<BTreeMap<Name, Value>>,
    /// The function whose call this is; a comprehension and a module have none.
    bindings: Option<Rc<Bindings>>,
    /// The scope around a function's definition or a comprehension, unless that is the module's.
    parent: Option<Rc<Scope>>,
}

/// To whom the names belong that a function binds.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Bindings {
    own: BTreeSet<Name>,
    global: BTreeSet<Name>,
    nonlocal: BTreeSet<Name>,
}

impl Bindings {
    /// Reads a function's parameters and body.
    pub(crate) fn of(parameters: Option<&Parameters>, body: &[Stmt]) -> Bindings {
        let mut bindings = Bindings::default();
        for parameter in parameters.into_iter().flat_map(|parameters| parameters.iter()) {
            bindings.own.insert(parameter.name().id.clone());
        }
        body.iter().for_each(|statement| bindings.visit_stmt(statement));
        let declared =
            |name: &Name| bindings.global.contains(name) || bindings.nonlocal.contains(name);
        bindings.own = bindings.own.iter().filter(|name| !declared(name)).cloned().collect();
        bindings
    }

    fn own(&mut self, name: &Identifier) {
        self.own.insert(name.id.clone());
    }
}

impl<'a> Visitor<'a> for Bindings {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            // What is inside another function is that function's.
            Stmt::FunctionDef(function) => self.own(&function.name),
            Stmt::ClassDef(class) => self.own(&class.name),
            Stmt::Global(names) => {
                self.global.extend(names.names.iter().map(|name| name.id.clone()));
            }
            Stmt::Nonlocal(names) => {
                self.nonlocal.extend(names.names.iter().map(|name| name.id.clone()));
            }
            Stmt::Import(import) => {
                for alias in &import.names {
                    self.own(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            Stmt::ImportFrom(import) => {
                for alias in &import.names {
                    self.own(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            other => walk_stmt(self, other),
        }
    }

    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::Name(name) if name.ctx != ExprContext::Load => {
                self.own.insert(name.id.clone());
            }
            Expr::Lambda(_) => {}
            other => walk_expr(self, other),
        }
    }

    /// The targets of a comprehension are its own.
    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.visit_expr(&comprehension.iter);
        comprehension.ifs.iter().for_each(|condition| self.visit_expr(condition));
    }

    fn visit_except_handler(&mut self, handler: &'a ruff_python_ast::ExceptHandler) {
        let ruff_python_ast::ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.own(name);
        }
        walk_except_handler(self, handler);
    }
}

impl Scope {
    /// The scope of a call.
    pub(crate) fn of_call(bindings: Rc<Bindings>, parent: Option<Rc<Scope>>) -> Scope {
        Scope { names: RefCell::default(), bindings: Some(bindings), parent }
    }

    /// The scope of a comprehension.
    pub(crate) fn of_comprehension(parent: Option<Rc<Scope>>) -> Scope {
        Scope { names: RefCell::default(), bindings: None, parent }
    }

    fn get(&self, name: &Name) -> Option<Value> {
        self.names.borrow().get(name).cloned()
    }

    /// Gives a name its value in this scope, whoever the name belongs to.
    pub(crate) fn set(&self, name: &Name, value: Value) {
        self.names.borrow_mut().insert(name.clone(), value);
    }

    /// The names in this scope with their values, in alphabetical order.
    pub(crate) fn entries(&self) -> Vec<(String, Value)> {
        self.names.borrow().iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
    }
}

/// Where code runs: the module, and the function or comprehension in it.
#[derive(Clone)]
pub(crate) struct Names {
    pub(crate) module: Rc<Scope>,
    /// None in the module itself.
    pub(crate) local: Option<Rc<Scope>>,
}

impl Names {
    /// The value of a name.
    pub(crate) fn get(&self, name: &Name) -> Result<Value, Exception> {
        let mut next = self.local.as_ref();
        let mut in_own_function = true;
        while let Some(scope) = next {
            if let Some(bindings) = &scope.bindings {
                if bindings.global.contains(name) {
                    break;
                }
                if bindings.own.contains(name) {
                    return scope.get(name).ok_or_else(|| unbound(name, in_own_function));
                }
                in_own_function = false;
            } else if let Some(value) = scope.get(name) {
                return Ok(value);
            }
            next = scope.parent.as_ref();
        }
        self.module.get(name).or_else(|| builtins::find(name)).ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &Name) -> Exception {
        if let Some(missing) = substitutes::missing(name) {
            return missing;
        }
        let forgotten = match name.as_str() {
            "np" => Some("import numpy as np"),
            "numpy" => Some("import numpy"),
            "nums" => Some("import nums"),
            "math" => Some("import math"),
            "time" => Some("import time"),
            _ => None,
        };
        if let Some(import) = forgotten {
            let hint = format!("Did you forget `{import}`?");
            return Exception::new(Kind::Name, format!("name '{name}' is not defined"))
                .hint(Some(hint));
        }
        let mut known = builtins::names();
        let mut owned: Vec<String> = Vec::new();
        for mut scope in [Some(&self.module), self.local.as_ref()] {
            while let Some(inner) = scope {
                owned.extend(inner.names.borrow().keys().map(Name::to_string));
                scope = inner.parent.as_ref();
            }
        }
        known.extend(owned.iter().map(String::as_str));
        Exception::new(Kind::Name, format!("name '{name}' is not defined"))
            .hint(nearest(name, known.into_iter()))
    }

    /// The scope that a name which is bound here belongs to.
    fn owner(&self, name: &Name) -> &Rc<Scope> {
        let mut next = self.local.as_ref();
        while let Some(scope) = next {
            match &scope.bindings {
                Some(bindings) if bindings.global.contains(name) => return &self.module,
                Some(bindings) if bindings.own.contains(name) => return scope,
                _ => next = scope.parent.as_ref(),
            }
        }
        &self.module
    }

    /// Gives a name its value in the scope that it belongs to; the target of a comprehension
    /// belongs to the comprehension.
    pub(crate) fn set(&self, name: &Name, value: Value) {
        match &self.local {
            Some(scope) if scope.bindings.is_none() => scope.set(name, value),
            _ => self.owner(name).set(name, value),
        }
    }

    /// As [`set`](Names::set) for `name := value`, which reaches out of a comprehension.
    pub(crate) fn set_outside(&self, name: &Name, value: Value) {
        self.owner(name).set(name, value);
    }

    /// `del name`.
    pub(crate) fn delete(&self, name: &Name) -> Result<(), Exception> {
        match self.owner(name).names.borrow_mut().remove(name) {
            Some(_) => Ok(()),
            None => Err(Exception::new(Kind::Name, format!("name '{name}' is not defined"))),
        }
    }
}

fn unbound(name: &Name, in_own_function: bool) -> Exception {
    if in_own_function {
        let message = format!(
            "cannot access local variable '{name}' where it is not associated with a value"
        );
        Exception::new(Kind::UnboundLocal, message)
    } else {
        let message = format!(
            "cannot access free variable '{name}' where it is not associated with a value in \
             enclosing scope"
        );
        Exception::new(Kind::Name, message)
    }
}

#[cfg(test)]
mod tests {
    use super::Bindings;
    use crate::syntax::parse;

    fn own(text: &str) -> Vec<String> {
        let body = parse(text).unwrap_or_default();
        Bindings::of(None, &body).own.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_function_owns_what_it_binds() {
        assert_eq!(own("a = b; c += 1\nfor d, *e in f: g[h] = 1"), ["a", "c", "d", "e"]);
        assert_eq!(own("try: pass\nexcept E as e: pass\ndef f(x):\n  y = 1"), ["e", "f"]);
        assert_eq!(own("global a\nnonlocal b\na = b = c = 1"), ["c"]);
        assert_eq!(own("[x for x in (z := y)]; lambda v: (w := v)"), ["z"]);
        assert_eq!(own("import numpy as np\nwhile (n := 1): pass"), ["n", "np"]);
    }
}
