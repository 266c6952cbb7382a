#!/usr/bin/env python3
"""Writes the type stubs of the package `nums` from its own signatures and texts.

usage: python tests/python_package/stubs.py

The package must be importable; the stubs are written beside its sources. check.py compares them.
"""

import inspect
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

import nums
import nums.numpy
from nums import _nums
from nums._functions import signature as signature_of

WIDTH = 128

# What is known of results; a function gives Any where it may give an array or a scalar.
RESULTS = {
    "numpy": {
        "array_equal": "builtins.bool", "array_split": "list[ndarray]", "broadcast_arrays": "tuple[ndarray, ...]",
        "broadcast_shapes": "tuple[int, ...]", "can_cast": "builtins.bool", "get_printoptions": "dict[str, Any]",
        "isdtype": "builtins.bool", "ix_": "tuple[ndarray, ...]", "meshgrid": "tuple[ndarray, ...]", "ndim": "int",
        "nonzero": "tuple[ndarray, ...]", "result_type": "dtype[Any]", "save": "None", "set_printoptions": "None",
        "shape": "tuple[int, ...]", "size": "int", "split": "list[ndarray]", "unstack": "tuple[ndarray, ...]",
        **dict.fromkeys(
            """arange array asarray atleast_1d broadcast_to column_stack concat concatenate copy empty empty_like expand_dims
            eye flip full full_like hstack identity linspace matrix_transpose moveaxis ones ones_like permute_dims ravel repeat
            reshape roll sort squeeze stack swapaxes take_along_axis tensordot tile transpose tril triu vstack zeros
            zeros_like""".split(),
            "ndarray",
        ),
    },
    "numpy.linalg": dict.fromkeys("cholesky inv solve".split(), "ndarray"),
    "nums": {
        "accuracy": "float", "log_loss": "float", "read_csv": "Table", "rechunk": "ndarray", "roc_auc": "float",
        "train_test_split": "list[ndarray]",
    },
    "ndarray": {
        "device": "str", "dtype": "numpy.dtype[Any]", "fill": "None", "itemsize": "int", "nbytes": "int", "ndim": "int",
        "nonzero": "tuple[ndarray, ...]", "shape": "tuple[int, ...]", "size": "int", "sort": "None",
        **dict.fromkeys(
            "T astype copy flatten imag mT ravel real repeat reshape squeeze swapaxes to_device transpose".split(), "ndarray"
        ),
    },
    "generic": {
        "device": "str", "dtype": "numpy.dtype[Any]", "itemsize": "int", "nbytes": "int", "ndim": "int", "shape": "tuple[()]",
        "size": "int",
    },
    "Model": {"fit": "Self"},
}

# The operators and protocols of arrays and scalars: their parameters, and what they give; `=` is what arithmetic gives.
BINARY = "add sub mul truediv floordiv mod divmod pow matmul and or xor lshift rshift".split()
SPECIAL = {
    **{f"__{side}{name}__": ("other: Any, /", "Any" if name == "divmod" else "=") for name in BINARY for side in ("", "r")},
    **{f"__i{name}__": ("other: Any, /", "Self") for name in BINARY},
    **{f"__{name}__": ("other: Any, /", "=") for name in ("lt", "le", "gt", "ge")},
    **{f"__{name}__": ("other: object, /", "Any") for name in ("eq", "ne")},
    **{f"__{name}__": ("", "=") for name in ("neg", "pos", "invert", "abs")},
    "__array__": ("dtype: Any = None, copy: builtins.bool | None = None", "numpy.ndarray[Any, Any]"),
    "__array_namespace__": ("*, api_version: str | None = None", "ModuleType"),
    "__bool__": ("", "builtins.bool"),
    "__complex__": ("", "complex"),
    "__contains__": ("item: Any, /", "builtins.bool"),
    "__dlpack__": ("*, stream: Any = None, max_version: Any = None, dl_device: Any = None, copy: Any = None", "Any"),
    "__dlpack_device__": ("", "tuple[int, int]"),
    "__float__": ("", "float"),
    "__getitem__": ("index: Any, /", "Any"),
    "__index__": ("", "int"),
    "__int__": ("", "int"),
    "__iter__": ("", "Iterator[Any]"),
    "__len__": ("", "int"),
    "__round__": ("digits: int | None = None, /", "Any"),
    "__setitem__": ("index: Any, value: Any, /", "None"),
    "explain": ("", "str"),
}


def docstring(text, indent):
    """The first paragraph of a text as the body of a stub."""
    paragraph = text.split("\n\n")[0].replace("\\", "\\\\").replace('"""', "'''")
    if not paragraph.strip():
        return " ..."
    whole = f'"""{paragraph}{" " if paragraph.endswith(chr(34)) else ""}"""'
    lines = textwrap.wrap(whole, WIDTH - indent, break_long_words=False, break_on_hyphens=False)
    return "".join(f"\n{' ' * indent}{line}" for line in lines)


class Name:
    """A default that is a class, which a signature shows by its name."""

    def __init__(self, shown):
        self.shown = shown

    def __repr__(self):
        return self.shown.__name__


def parameters(signature):
    """Parameters of any type, since functions take all that NumPy's take."""
    typed = []
    for one in signature.parameters.values():
        default = Name(one.default) if isinstance(one.default, type) and one.default is not one.empty else one.default
        typed.append(one.replace(annotation=Any, default=default))
    return str(inspect.Signature(typed))[1:-1]


def function(name, signature, result, text):
    return f"def {name}({parameters(signature)}) -> {result}:{docstring(text, 4)}\n"


def method(name, own, result, body=" ..."):
    return f"    def {name}(self{', ' * bool(own)}{own}) -> {result}:{body}\n"


def class_of(name, value, known, arithmetic="Any", base="", text=None):
    """A class by one of its values: methods, attributes, and the operators of `SPECIAL`."""
    kind = type(value)
    text = (inspect.getdoc(kind) if text is None else text) or ""
    parts = [f"class {name}{base}:{docstring(text, 4)}\n"]
    members = []
    for member in sorted(one for one in dir(value) if not one.startswith("_")):
        try:
            found = getattr(value, member)
        except nums.NotFittedError:
            found = None
        if isinstance(found, _nums.function):
            own = parameters(signature_of(found.signature, bound=True))
            members.append(method(member, own, known.get(member, "Any"), docstring(found.documentation, 8)))
        elif not callable(found):
            members.append(f"    {member}: {known.get(member, 'Any')}\n")
    for member, (own, result) in SPECIAL.items():
        if member in kind.__dict__:
            members.append(method(member, own, arithmetic if result == "=" else result))
    if kind.__dict__.get("__hash__", kind) is None:
        members.append("    __hash__: ClassVar[None]  # type: ignore[assignment]\n")
    return "".join(parts + members)


def stub(module, parts, imports=""):
    text = (inspect.getdoc(module) or "").split("\n\n")[0]
    return f'"""{text}"""\n\n# Written by tests/python_package/stubs.py.\n\n{imports}\n' + "\n".join(part for part in parts if part)


def members(module, home, written):
    """The functions, classes, modules and values of a module, but for those that are written otherwise."""
    known = RESULTS.get(home, {})
    imported, values, functions = [], [], []
    for name in dir(module):
        if name.startswith("_") or name in written:
            continue
        found = getattr(module, name)
        if isinstance(found, ModuleType):
            imported.append(f"from . import {name} as {name}\n")
        elif isinstance(found, type):
            imported.append(f"from {found.__module__} import {found.__name__} as {name}\n")
        elif callable(found):
            functions.append(function(name, inspect.signature(found), known.get(name, "Any"), found.__doc__ or ""))
        else:
            kind = type(found)
            own = {"builtins": kind.__name__, "numpy": f"numpy.{kind.__name__}"}.get(kind.__module__, "Any")
            own = "None" if found is None else own
            values.append(f"{name}: {own}\n")
    return ["".join(imported), "".join(values), *functions]


def numpy_stub():
    array, scalar = nums.numpy.ones((1, 1)), nums.numpy.ones(1).sum()
    imports = """import builtins
import numpy
from collections.abc import Iterator
from types import ModuleType
from typing import Any, ClassVar, Self
"""
    parts = members(nums.numpy, "numpy", {"ndarray", "generic"})
    parts.insert(1, "__array_api_version__: str\n")
    information = nums.numpy.__array_namespace_info__
    parts.append(function(information.__name__, inspect.signature(information), "Any", information.__doc__))
    parts.append(class_of("ndarray", array, RESULTS["ndarray"], arithmetic="ndarray"))
    parts.append(class_of("generic", scalar, RESULTS["generic"], text=inspect.getdoc(_nums.generic)))
    return stub(nums.numpy, parts, imports)


def random_stub():
    random = nums.numpy.random
    philox = "class Philox:" + docstring(inspect.getdoc(random.Philox), 4) + "\n    def __init__(self, key: Any = None) -> None: ...\n"
    generator = class_of("Generator", random.Generator(random.Philox(key=1)), {})
    generator += "    def __init__(self, bit_generator: Philox) -> None: ...\n"
    parts = members(random, "numpy.random", {"Generator", "Philox"})
    return stub(random, [*parts, philox, generator], "from typing import Any\n")


def models_stub():
    models, classes = nums.models, []
    for name in dir(models):
        made = getattr(models, name)
        if inspect.isclass(made) or not name[0].isupper():
            continue
        classes.append(class_of(f"_{name}", made(), RESULTS["Model"], text=f"What {name}() gives."))
        RESULTS["nums"][name] = f"_{name}"
    table = '''class Table:
    """The columns of a file of comma-separated values."""
    columns: list[str]
    shape: tuple[int, int]
    values: ndarray
    def __len__(self) -> int: ...
    def __getitem__(self, index: Any, /) -> ndarray: ...
'''
    parts = members(models, "nums", set())
    return stub(models, [*parts, table, *classes], "from typing import Any, Self\n\nfrom .numpy import ndarray\n")


def package_stub():
    written = {"Session", "connect", "explain", "init", "lazy_errors", "nodes", "session", "status", "models", "numpy"}
    names = [name for name in dir(nums) if not name.startswith("_") and name not in written]
    classes = [name for name in names if inspect.isclass(getattr(nums, name))]
    functions = [name for name in names if name not in classes]
    parts = ["".join(f"from ._errors import {name} as {name}\n" for name in classes)
             + "".join(f"from .models import {name} as {name}\n" for name in functions)]
    settings = ("*, nodes: int | None = None, workers: int | None = None, memory: str | None = None, "
                "places: int | None = None,\n    block_bytes: int | None = None, policy: str | None = None")
    own = {
        "init": (f"\n    {settings},\n", "None"),
        "session": (f"\n    {settings},\n", "AbstractContextManager[Session]"),
        "lazy_errors": ("", "AbstractContextManager[None]"),
        "explain": ("array: numpy.ndarray", "str"),
        "connect": ("ticket: str, places: int | None = None, block_bytes: int | None = None, policy: str | None = None", "None"),
        "nodes": ("", "int"),
        "status": ("", "list[dict[str, Any]]"),
    }
    for name, (text, result) in own.items():
        parts.append(f"def {name}({text}) -> {result}:{docstring(inspect.getdoc(getattr(nums, name)) or '', 4)}\n")
    parts.append(f'class Session:{docstring(inspect.getdoc(nums.Session), 4)}\n'
                 f"    def __init__(\n        self, {settings.replace(chr(10), chr(10) + '    ')},\n    ) -> None: ...\n"
                 "    @property\n    def nodes(self) -> int: ...\n")
    imports = "from contextlib import AbstractContextManager\nfrom typing import Any\n\nfrom . import models as models\n" \
              "from . import numpy as numpy\n"
    return stub(nums, parts, imports)


def stubs():
    """The text of each stub by its path in the package."""
    linalg, exceptions = nums.numpy.linalg, nums.numpy.exceptions
    return {
        "__init__.pyi": package_stub(),
        "models.pyi": models_stub(),
        "numpy/__init__.pyi": numpy_stub(),
        "numpy/exceptions.pyi": stub(exceptions, members(exceptions, "numpy.exceptions", set())),
        "numpy/linalg.pyi": stub(
            linalg, members(linalg, "numpy.linalg", set()), "from typing import Any\n\nfrom . import ndarray\n"
        ),
        "numpy/random.pyi": random_stub(),
    }


if __name__ == "__main__":
    for path, text in stubs().items():
        (Path(__file__).parents[2] / "array/python/nums" / path).write_text(text)
