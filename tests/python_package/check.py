"""The Python package as its users meet it: protocols of NumPy, conversions, exceptions, threads. Ends with a count."""

import contextlib
import inspect
import io
import operator
import pickle
import runpy
import threading
from pathlib import Path

import numpy

import nums
import nums.numpy as np
import stubs

checks = 0


def check(found, expected):
    global checks
    checks += 1
    assert found == expected, f"check {checks}: {found!r} is not {expected!r}"


def raises(kind, words, body):
    global checks
    checks += 1
    try:
        body()
    except kind as error:
        assert words in str(error), f"check {checks}: {error}"
    else:
        raise AssertionError(f"check {checks}: nothing was raised")


DTYPES = ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64",
          "complex64", "complex128"]

# Elements go both ways in every dtype and layout, without a change.
for dtype in DTYPES:
    own = (numpy.arange(12) % 5 - (dtype[0] in "ifc")).astype(dtype).reshape(3, 4)
    for local in [own, own.T, own[::-1, ::2], own[:0], own[1, 2], numpy.asfortranarray(own)]:
        x = np.asarray(local)
        check((x.shape, x.dtype), (local.shape, local.dtype))
        back = numpy.asarray(x)
        check((back.dtype, back.tolist()), (local.dtype, local.tolist()))
    check(numpy.asarray(np.asarray(own.astype(own.dtype.newbyteorder(">")))).tolist(), own.tolist())

# Memory that is only called bool holds any byte.
loose = numpy.array([0, 1, 2, 255], dtype=numpy.uint8).view(bool)
check(numpy.asarray(np.asarray(loose)).view(numpy.uint8).tolist(), [0, 1, 1, 1])

x = np.array([[1.0, 2.0], [3.0, 4.5]])
check(isinstance(x.dtype, numpy.dtype), True)
check(np.asarray(x) is x, True)
view = x[0]
view += 1
check(x.tolist(), [[2.0, 3.0], [3.0, 4.5]])
check([row.tolist() for row in x], [[2.0, 3.0], [3.0, 4.5]])
check(4.5 in x, True)
check((len(x), bool(x.all()), float(x.sum()), int(x[0, 0]), complex(x[0, 1])), (2, True, 12.5, 2, 3 + 0j))
check((operator.index(np.array(3)), range(9)[np.arange(4).sum()]), (3, 6))
check(isinstance(x.sum(), numpy.float64), True)
check((x.sum()[np.asarray(True)].tolist(), x.sum()[np.asarray(False)].shape), ([12.5], (0,)))
raises(IndexError, "invalid index to scalar", lambda: x.sum()[np.asarray(0)])
check(f"{x.mean():.2f} {np.array(2)}", "3.12 2")
check(hash(np.arange(3).sum()), hash(3))

# NumPy's own functions compute where the array is, or say that they cannot.
check(type(numpy.exp(x)), np.ndarray)
check(type(numpy.concatenate([x, x])), np.ndarray)
check(type(numpy.ones(2) + x), np.ndarray)
check(type(numpy.float64(2) * x), np.ndarray)
out = np.zeros((2, 2))
check(numpy.add(x, 1, out=out) is out, True)
check(out.tolist(), [[3.0, 4.0], [4.0, 5.5]])
raises(TypeError, "numpy.fft.fft of arrays of nums is not supported", lambda: numpy.fft.fft(x))
raises(TypeError, "numpy.add.reduce", lambda: numpy.add.reduce(x))
raises(ValueError, "only have a copy", lambda: numpy.asarray(x, copy=False))
check(numpy.from_dlpack(x).tolist(), x.tolist())
check(np.from_dlpack(numpy.arange(3)).tolist(), [0, 1, 2])

# The array API standard: its inspection functions, devices, and arrays that name their module.
information = np.__array_namespace_info__()
check(information.devices(), ("cpu",))
check(information.default_dtypes()["indexing"], numpy.dtype("int64"))
check(set(information.dtypes()), set(DTYPES))
check(list(information.dtypes(kind=("bool", "real floating"))), ["bool", "float32", "float64"])
raises(ValueError, "'gpu'", lambda: information.dtypes(device="gpu"))
raises(ValueError, "'real'", lambda: information.dtypes(kind="real"))
check((x.__array_namespace__(), x.sum().__array_namespace__(api_version="2025.12")), (np, np))
raises(ValueError, "1999.12", lambda: x.__array_namespace__(api_version="1999.12"))
check((x.device, x.to_device("cpu") is x, x.mT.tolist()), ("cpu", True, [[2.0, 3.0], [3.0, 4.5]]))
raises(ValueError, "gpu", lambda: x.to_device("gpu"))
raises(ValueError, "ndim < 2", lambda: np.ones(2).mT)
check(str(inspect.signature(x.to_device)), "(device, /, *, stream=None)")
view = np.from_dlpack(x, copy=False)
view[0, 0] += 1
check((x[0, 0] == 3.0, np.from_dlpack(x, copy=True) is x), (True, False))
x[0, 0] = 2.0
raises(BufferError, "copy", lambda: np.from_dlpack(numpy.arange(3), copy=False))
raises(ValueError, "'gpu'", lambda: np.from_dlpack(x, device="gpu"))

# The stubs are those that the signatures and texts make.
for path, text in stubs.stubs().items():
    written = (Path(nums.__file__).parent / path).read_text()
    assert written == text, f"{path} differs: run tests/python_package/stubs.py, with the package importable"

# Exceptions are those of NumPy, at the line of the call.
raises(numpy.linalg.LinAlgError, "Singular matrix", lambda: np.linalg.inv(np.zeros((2, 2))))
raises(ValueError, "could not be broadcast", lambda: x + np.ones(3))
raises(numpy.exceptions.AxisError, "out of bounds", lambda: x.sum(axis=2))
raises(OverflowError, "out of bounds for uint8", lambda: np.array([300], dtype=np.uint8))
raises(IndexError, "out of bounds", lambda: x[5])
raises(TypeError, "unexpected keyword", lambda: np.sum(x, axes=0))
raises(NotImplementedError, "float16", lambda: np.zeros(2, dtype="float16"))
raises(AttributeError, "has no attribute 'foo'", lambda: np.foo)
raises(AttributeError, "Did you mean: 'sum'", lambda: x.sums)
raises(TypeError, "0-dimensional", lambda: float(x))
raises(ValueError, "Integers to negative integer powers", lambda: np.arange(3) ** np.arange(-1, 2))
check(hasattr(np, "foo"), False)
check(hasattr(np, "float16"), False)
with nums.lazy_errors():
    inverse = np.linalg.inv(np.zeros((2, 2)))
raises(numpy.linalg.LinAlgError, "Singular matrix", lambda: inverse.tolist())

check(pickle.loads(pickle.dumps(x)).tolist(), x.tolist())
check(pickle.loads(pickle.dumps(x.sum())) == x.sum(), True)
check("<td>float64</td>" in x._repr_html_(), True)
check(str(np.sum.__signature__), "(a, axis=None, dtype=None, *, out=None, keepdims=None, initial=None, where=True)")
check("cumsum" in dir(np) and "shape" in dir(x) and "LogisticRegression" in dir(nums.models), True)

with nums.session(nodes=3) as three:
    check((nums.nodes(), np.ones(5).sum() == 5), (3, True))
    raises(RuntimeError, "session", lambda: np.ones(2) + x)

model = nums.models.LinearRegression()
features = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0], [3.0, 5.0]])
model.fit(features, features[:, 0] * 2 - features[:, 1] + 1)
check([round(float(c), 9) for c in model.coef_], [2.0, -1.0])
raises(nums.NotFittedError, "not fitted", lambda: nums.models.LinearRegression().coef_)

# Several threads share a session, and each waits without the interpreter lock.
sums = []
threads = [threading.Thread(target=lambda k=k: sums.append(float(np.arange(1000.0 * k).sum()))) for k in range(1, 9)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
check(sorted(sums), [1000.0 * k * (1000.0 * k - 1) / 2 for k in range(1, 9)])

# Arrays that are dropped are given back.
held = nums.status()[0]["stored_bytes"]
for _ in range(2000):
    np.ones(100).sum()
check(nums.status()[0]["stored_bytes"] <= held + 100_000, True)

# The quickstart prints the numbers of its Rust form, which README.md shows.
printed = io.StringIO()
with contextlib.redirect_stdout(printed):
    runpy.run_path(str(Path(__file__).parents[2] / "examples/python/quickstart.py"))
check(printed.getvalue().startswith("569 tumours, 30 measurements of each, on 4 nodes"), True)
check("converged: 9 iterations, 10 passes" in printed.getvalue(), True)
check(printed.getvalue().endswith("Accuracy on the training data: 0.9877\n"), True)
print(checks, "checks")
