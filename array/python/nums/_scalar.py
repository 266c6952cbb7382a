"""Scalars out of pickles."""

from . import numpy


def restore(item, dtype):
    """A scalar of a dtype."""
    return numpy.asarray(item, dtype)[()]
