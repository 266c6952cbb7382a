"""The data of the workloads: the same bits for every system, from NumPy's Philox generator."""

import hashlib
import os

import numpy as np


def uniform(key, *shape):
    """Uniform numbers in [0, 1): element i of the C order is number i of Philox(key)."""
    return np.random.Generator(np.random.Philox(key=key)).random(shape)


def uniform_rows(key, start, stop, columns):
    """Rows start..stop of uniform(key, n, columns), made alone."""
    generator = np.random.Philox(key=key)
    first = start * columns
    # Four numbers to a counter; what is left over is drawn and thrown away.
    generator.advance(first // 4)
    stream = np.random.Generator(generator)
    stream.random(first % 4)
    return stream.random((stop - start, columns))


def labels(x):
    """Classes that a linear rule with noise gives: not separable, so that the likelihood has a maximum."""
    weights = np.linspace(-1.0, 1.0, x.shape[1])
    noise = uniform(99, x.shape[0]) - 0.5
    return ((x - 0.5) @ weights + 2.0 * noise > 0.0).astype(np.float64)


def csv_path(rows, columns, folder):
    """A CSV file of uniform numbers with a header, made once."""
    path = os.path.join(folder, f"uniform-{rows}x{columns}.csv")
    if not os.path.exists(path):
        with open(path + ".part", "w", encoding="ascii") as file:
            file.write(",".join(f"c{column}" for column in range(columns)) + "\n")
            for start in range(0, rows, 10_000):
                block = uniform_rows(7, start, min(start + 10_000, rows), columns)
                np.savetxt(file, block, fmt="%.17g", delimiter=",")
        os.rename(path + ".part", path)
    return path


def fingerprint(path):
    """A short name for the contents of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
