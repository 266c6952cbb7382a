"""Writes what Python and NumPy 2 print for each script here, into the .expected file beside it.

Run it with a Python that has NumPy 2: `python make_expected.py`. Scripts in close/ print numbers that
are compared within a bound, all others are compared character for character; those in errors/ are
not run.

It holds the examples of help against Python too: those of examples/repl/help/python.txt and of
array/numpy/src/help/numpy.txt.

It also writes arrays.golden: arrays of random shapes and magnitudes, as bits, and how NumPy shows them.
"""

import doctest
import math
import pathlib
import subprocess
import sys
import time

import numpy
import numpy as np

assert numpy.__version__.startswith("2."), "the expected files hold what NumPy 2 prints"

here = pathlib.Path(__file__).resolve().parent
for script in sorted([*here.glob("*.py"), *here.glob("close/*.py")]):
    if script.samefile(__file__):
        continue
    run = subprocess.run(
        [sys.executable, "-W", "ignore", str(script)], capture_output=True, check=True
    )
    script.with_suffix(".expected").write_bytes(run.stdout)

for examples in ["examples/repl/help/python.txt", "array/numpy/src/help/numpy.txt"]:
    examples = here.parent.parent / examples
    modules = {"np": np, "math": math, "time": time}
    wrong = doctest.testfile(str(examples), module_relative=False, globs=modules).failed
    assert wrong == 0, f"{wrong} examples of {examples.name} are not what Python prints"


def arrays(generator, count):
    """Arrays of up to 40 elements: all scales, short decimals, ties of rounding, zeros, nan and inf."""
    for _ in range(count):
        shape = tuple(generator.integers(1, 6, size=generator.integers(0, 4)))
        scale = 10.0 ** generator.integers(-12, 18)
        kind = generator.integers(6)
        values = generator.standard_normal(shape) * scale
        if kind == 1:
            values = np.asarray(generator.uniform(-900.0, 900.0, shape)).round(generator.integers(0, 5))
        elif kind == 2:
            values = generator.integers(-4096, 4096, size=shape) / 2.0 ** generator.integers(8, 12)
        elif kind == 3:
            values = generator.standard_normal(shape) * 10.0 ** generator.integers(-300, 300, size=shape)
        elif kind == 4:
            values = generator.integers(-3, 4, size=shape) * scale
        values = np.array(values, dtype=float)
        if kind == 5 or generator.integers(8) == 0:
            odd = generator.choice([0.0, -0.0, np.nan, np.inf, -np.inf, 5e-324], size=shape)
            values = np.where(generator.integers(3, size=shape) == 0, odd, values)
        yield np.array(values, dtype=float)


def golden(count):
    for array in arrays(np.random.default_rng(2), count):
        yield "shape " + " ".join(map(str, array.shape))
        yield "bits " + " ".join(f"{bits:016x}" for bits in array.view(np.uint64).ravel())
        for line in str(array).split("\n"):
            yield "str " + line
        for line in repr(array).split("\n"):
            yield "repr " + line


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    (here / "arrays.golden").write_text("\n".join(golden(count)) + "\n")
