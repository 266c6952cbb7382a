"""Where the prompt differs from NumPy on purpose, each with its reason."""

import re


def class_names(text):
    """NumPy's exceptions for types that a ufunc does not take are all shown under the name of a class above them."""
    return re.sub(r"^raises (UFuncOutputCastingError|UFuncTypeError):", "raises TypeError:", text)


def reason(lines, found, expected):
    """Why a result differs from NumPy's by intent; nothing when it does not."""
    return None
