"""Writes complex.txt: what the transcendental functions of complex numbers give, by mpmath and by NumPy.

Run it in this folder with NumPy 2 and mpmath. A line has fields between semicolons: kind, function and dtype; the operands;
the results. A number is its real and its imaginary part, each as its bits in hexadecimal. Results of `exact` lines are
the exact values, each part rounded to the nearest float64. Operands of `numpy` lines are real numbers, and the results
NumPy's own of all pairs of them as parts: zeros of both signs, infinities, NaN, and both sides of each branch cut.
"""

import warnings

import mpmath
import numpy as np

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)
lines = []


def line(kind, name, operands, results):
    lines.append(f"{kind} {name} {results.dtype.name}; {bits(operands)}; {bits(results)}")


def bits(numbers):
    parts = numbers.view(numbers.real.dtype)
    words = parts.view({8: np.uint64, 4: np.uint32}[parts.itemsize])
    return " ".join(format(word, "x") for word in words)


def spread(low, high, count):
    """Numbers of all orders and both signs between two bounds."""
    return np.exp(rng.uniform(np.log(low), np.log(high), count)) * rng.choice([-1.0, 1.0], count)


def nearest(value):
    """The float64 nearest to an exact value, subnormal ones included."""
    if value == 0:
        return 0.0
    exponent = max(mpmath.frexp(value)[1] - 53, -1074)
    try:
        return float(mpmath.ldexp(mpmath.nint(mpmath.ldexp(value, -exponent)), exponent))
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def numbers(real, imaginary):
    made = np.empty(len(real), complex)
    made.real, made.imag = real, imaginary
    return made


def anywhere():
    """All exponents, the unit circle, and the neighbours of the branch points and of the zeros."""
    angles = rng.uniform(0, 2 * np.pi, 12)
    circle = numbers(np.cos(angles), np.sin(angles)) * (1 + spread(1e-17, 1e-3, 12))
    size = spread(1e-300, 1e300, 12)
    near = [centre + numbers(spread(1e-16, 0.3, 4), spread(1e-310, 0.3, 4)) for centre in (1, -1, 1j, -1j)]
    return np.concatenate([
        numbers(spread(5e-324, 1.7e308, 24), spread(5e-324, 1.7e308, 24)),
        numbers(spread(1e-4, 1e4, 24), spread(1e-4, 1e4, 24)),
        numbers(size, size * rng.uniform(-3, 3, 12)),
        numbers([1 + 2**-52, 1.0, 1 - 2**-53, -1.0], [1e-170, 3e-9, -1e-12, 1e-300]),
        circle, circle - 1, *near,
    ])


def turning():
    """Sizes over the whole range of an exponential, and angles near zeros and far away."""
    quarters = np.round(rng.uniform(-40, 40, 12)) * (np.pi / 4) + 1e-9
    return np.concatenate([
        numbers(rng.uniform(-740, 708, 24), spread(1e-3, 1e5, 24)),
        numbers(rng.uniform(690, 1400, 12), spread(1e-300, 1e-2, 12)),
        numbers(rng.uniform(-30, 30, 24), rng.uniform(-7, 7, 24)),
        numbers(spread(1e-300, 1, 24), spread(1e-300, 1, 24)),
        numbers(spread(1e-3, 30, 12), quarters),
    ])


functions = {
    "sqrt": mpmath.sqrt,
    "log": mpmath.log,
    "log2": lambda z: mpmath.log(z) / mpmath.log(2),
    "log10": lambda z: mpmath.log(z) / mpmath.log(10),
    "log1p": lambda z: mpmath.log(1 + z),
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "arctan": mpmath.atan,
    "arcsinh": mpmath.asinh,
    "arccosh": mpmath.acosh,
    "arctanh": mpmath.atanh,
    "exp": mpmath.exp,
    "exp2": lambda z: mpmath.exp(z * mpmath.log(2)),
    "expm1": lambda z: mpmath.exp(z) - 1,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
}
for name, function in functions.items():
    if name in ("exp", "exp2", "expm1", "sinh", "cosh", "tanh"):
        points = turning()
    elif name in ("sin", "cos", "tan"):
        points = turning()
        points = numbers(points.imag, points.real)
    else:
        points = anywhere()
    # Enough digits for sums of the largest and the least number.
    mpmath.mp.prec = 4600
    exact = [mpmath.mpc(function(mpmath.mpc(point.real, point.imag))) for point in points]
    exact = numbers([nearest(value.real) for value in exact], [nearest(value.imag) for value in exact])
    line("exact", name, points, exact)

inf, nan = np.inf, np.nan
for dtype in (np.complex128, np.complex64):
    parts = [0.0, 0.5, 1.0, 2.5, 30.0, inf]
    for name in [*functions, "rint"]:
        # NumPy's own formulas are far off near the ends of the range.
        ends = [] if name in ("exp2", "expm1", "log1p") else [float(np.finfo(dtype).max)]
        own = parts + ends
        own = np.array(own + [-part for part in own] + [nan])
        points = numbers(np.repeat(own, len(own)), np.tile(own, len(own))).astype(dtype)
        line("numpy", name, points.real[:: len(own)].copy(), getattr(np, name)(points))

with open("complex.txt", "w") as file:
    file.writelines(text + "\n" for text in lines)
