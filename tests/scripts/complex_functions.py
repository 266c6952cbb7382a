# Transcendental functions of complex numbers: values, both sides of the branch cuts, infinities, NaN, and rounding.
import numpy as np

NAMES = ["sqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin",
         "arccos", "arctan", "arcsinh", "arccosh", "arctanh", "rint"]
FUNCTIONS = [np.sqrt, np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.sin, np.cos, np.tan, np.sinh, np.cosh,
             np.tanh, np.arcsin, np.arccos, np.arctan, np.arcsinh, np.arccosh, np.arctanh, np.rint]


z = np.array([[1.5 + 2.5j, -0.75 + 0.5j, 3 - 0.25j], [-2 - 1j, 0.125j, 0.5 + 0.1j]])
for name, function in zip(NAMES, FUNCTIONS):
    single = function(z.astype(np.complex64))
    print(name, repr(function(z)), single.dtype, np.max(np.abs(single - function(z))) < 1e-5)

# Of each number on a cut the sign of the zero chooses the side.
above = np.array([complex(-2, 0.0), complex(-0.5, 0.0), complex(0.5, 0.0), complex(2, 0.0)])
below = np.array([complex(-2, -0.0), complex(-0.5, -0.0), complex(0.5, -0.0), complex(2, -0.0)])
for name, function in zip(NAMES, FUNCTIONS):
    print(name, function(above), function(below))
left = np.array([complex(-0.0, 2), complex(-0.0, -2)])
right = np.array([complex(0.0, 2), complex(0.0, -2)])
print(np.arctan(left), np.arctan(right), np.arcsinh(left), np.arcsinh(right))

inf, nan = np.inf, np.nan
ends = np.array([complex(x, y) for x in [0.0, -0.0, 1.0, inf, -inf, nan] for y in [0.0, 1.0, inf, -inf, nan]])
for name, function in zip(NAMES, FUNCTIONS):
    for part in [function(ends).real, function(ends).imag]:
        negative = np.signbit(part) & ~np.isnan(part)
        print(name, negative * 1 + np.isnan(part) * 2 + np.isinf(part) * 4)

print(np.sqrt(np.array([-4 + 0j, 3 + 4j])), np.array([-4 + 0j, 3 + 4j]) ** 0.5, np.power(np.array([9 + 0j]), 0.5))
print(np.sqrt(-1 + 0j), np.exp(0j), np.log(1j).imag == np.pi / 2, np.sqrt(np.complex64(-4)), np.sqrt([3 + 4j, -1]))
print(np.exp(1j * np.pi).round(12), np.abs(np.exp(1j * np.linspace(0, 6, 7))).round(12))
print(np.sqrt([1, -1], dtype=complex), np.exp(np.arange(3), dtype=np.complex64), np.sqrt([4.0], dtype=np.complex128).dtype)
w = np.array([1.25 + 2.35j, complex(inf, 1.55), complex(nan, -0.04), -0.5 - 1.5j])
print(np.round(w, 1), np.around(w), w.round(1), np.round(w.astype(np.complex64), 1))
print(np.round(np.array([125 + 35.5j]), -1), np.round(1.256 + 2.005j, 2), np.around([0.5 + 1.5j, 2.5 + 3.5j]))
out = np.zeros(2, dtype=complex)
print(np.exp(np.array([0j, 1j]), out=out).round(3), out is np.exp([0j, 1j], out=out))

# Identities hold up to rounding, over many blocks.
x = np.linspace(-3, 3, 40).reshape(8, 5)
z = x + 1j * x[::-1] ** 2
for name, difference in [
    ("sqrt", np.sqrt(z) ** 2 - z), ("log", np.exp(np.log(z)) - z), ("sin", np.sin(np.arcsin(z)) - z), ("cos", np.cos(np.arccos(z)) - z),
    ("tan", np.tan(np.arctan(z)) - z), ("sinh", np.sinh(np.arcsinh(z)) - z), ("cosh", np.cosh(np.arccosh(z)) - z),
    ("circle", np.sin(z / 3) ** 2 + np.cos(z / 3) ** 2 - 1),
]:
    print(name, np.max(np.abs(difference)) < 1e-12)

for function in [np.floor, np.ceil, np.trunc, np.signbit, np.deg2rad]:
    try:
        function(z)
    except TypeError as error:
        print(type(error).__name__, error)
