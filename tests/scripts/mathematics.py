# Functions of elements, rounded where the last bit is not promised.
import numpy as np
x = np.array([0.0, 0.5, 1.0, 2.0])
print(np.round(np.exp(x), 8), np.round(np.sin(x), 8), np.round(np.cos(x), 8), np.round(np.tanh(x), 8))
print(np.round(np.log(x + 1), 8), np.round(np.log2(x + 1), 8), np.round(np.log10(x * 10 + 1), 8), np.log1p(0.0), np.expm1(0.0))
print(np.sqrt(np.array([0.0, 1.0, 4.0, 2.25])), np.square(x), np.reciprocal(np.array([1.0, 2.0, 4.0])), np.abs(-x), np.sign(-x))
print(np.floor(np.array([-1.5, 1.5])), np.ceil(np.array([-1.5, 1.5])), np.trunc(np.array([-1.5, 1.5])), np.rint(np.array([0.5, 1.5, 2.5])), np.round(np.array([1.25, -1.35]), 1))
print(np.hypot(3.0, 4.0), np.arctan2(0.0, 1.0), np.power(x, 2), np.power(2.0, x[2]), np.mod(7.5, 2), np.remainder(np.array([-7, 7]), 3), np.floor_divide(7, 2))
print(x ** 2, x ** 3, x ** 0.5, x ** -1.0 if False else "", 2 ** x[2:], x % 0.75, x // 0.75, -x // 0.75)
print(np.maximum(x, 0.75), np.minimum(x, 0.75), np.add(x, 1), np.subtract(x, 1), np.multiply(x, 2), np.divide(x, 4), np.negative(x))
print(np.round(np.arcsin(np.array([0.0, 1.0])), 8), np.round(np.arctan(x), 8), np.round(np.sinh(x), 8), np.round(np.deg2rad(np.array([0.0, 180.0])), 8))
print(round(float(np.exp(1)), 10), round(float(np.log(10)), 10), np.sqrt(16), np.abs(-3), np.abs(-2.5), np.exp(0))
print(np.sqrt(np.arange(5)), np.exp(np.zeros((2, 2))), np.isclose(1, 1) if False else "", np.copysign(3.0, -1.0), np.logaddexp(0.0, -np.inf))
