"""Functions of the native half as functions of Python, with signatures and documentation."""

import inspect

from . import _nums

_known = {}


def named(module, name):
    """What a name in a module of NumPy's stands for."""
    if name.startswith("__"):
        raise AttributeError(name)
    key = (module, name)
    if key not in _known:
        found = _nums.member(module, name)
        _known[key] = _wrapped(found, module) if isinstance(found, _nums.function) else found
    return _known[key]


def _wrapped(function, module):
    def call(*args, **kwargs):
        return function(*args, **kwargs)

    call.__name__ = call.__qualname__ = function.__name__
    call.__module__ = module if module.startswith("nums") else f"nums.{module}"
    call.__doc__ = function.documentation
    call.__signature__ = signature(function.signature)
    return call


def signature(text, bound=False):
    """The signature that a text such as `sum(a, axis=None)` writes; without its first parameter where that is bound."""
    scope = {}
    exec(f"def {text}: pass", scope)
    whole = inspect.signature(scope[text.partition("(")[0]])
    return whole.replace(parameters=list(whole.parameters.values())[1:]) if bound else whole
