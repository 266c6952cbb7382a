"""`numpy.random` on arrays of a cluster."""

# Written by tests/python_package/stubs.py.

from typing import Any

def default_rng(seed: Any = None) -> Any:
    """Not supported, because its numbers must be drawn one after the other. A Philox generator draws each from its place."""

class Philox:
    """`np.random.Philox(key=7)`."""
    def __init__(self, key: Any = None) -> None: ...

class Generator:
    """`np.random.Generator(np.random.Philox(key=7))`."""
    def integers(self, low: Any, high: Any = None, size: Any = None) -> Any:
        """Whole numbers from low up to high, which is left out; with one argument from 0. They are the same on any cluster, and
        not those of NumPy."""
    def normal(self, loc: Any = None, scale: Any = None, size: Any = None) -> Any:
        """Normal floats of mean loc and deviation scale. They are the same on any cluster, and not those of NumPy."""
    def permutation(self, x: Any) -> Any:
        """The numbers below x in a random order, or the rows of an array. The order is the same on any cluster, and not that of
        NumPy."""
    def random(self, size: Any = None) -> Any:
        """Uniform floats from 0 up to 1, in the order of NumPy's generator."""
    def standard_normal(self, size: Any = None) -> Any:
        """Normal floats of mean 0 and deviation 1. They are the same on any cluster, and not those of NumPy."""
    def uniform(self, low: Any = None, high: Any = None, size: Any = None) -> Any:
        """Uniform floats from low up to high, in the order of NumPy's generator."""
    def __init__(self, bit_generator: Philox) -> None: ...
