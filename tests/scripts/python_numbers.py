# Python's own numbers: whole ones of any size, floats, rounding.
print(7 / 2, 7 // 2, 7 % 2, -7 // 2, -7 % 2, 7 // -2, 7 % -2, 7.5 // 2, -7.5 % 2, divmod(17, 5), divmod(-17.0, 5))
print(2 ** 10, 2 ** -2, 2 ** 0.5, 0 ** 0, 2 ** 64, 3 ** 50, 10 ** 20 // 7, 10 ** 20 % 7, -(2 ** 70))
print(1 << 20, 1 << 70, 1023 >> 3, -9 >> 1, 12 & 10, 12 | 3, 12 ^ 5, ~7, 0xFF, 0b1010, 0o17, 1_000_000)
print(round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234.5678, -2), round(1234, -2), round(15, -1), round(0.1 + 0.2, 10))
print(abs(-3), abs(-2.5), min(3, 1, 2), max(1.5, 2), sum([0.1] * 3), sum([1, 2, 3], 10), pow(2, 10), pow(7, 5, 13))
print(int(3.99), int(-3.99), int("42"), float(3), float("inf"), -float("inf"), float("nan"), bool(0.0), bool("a"))
print(1e16, 1e15, 123456789.123, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, 0.1, 1 / 3, 100.0, 1e100)
print(1 == 1.0, True + True, True == 1, 3 > 2 > 1, 1 < 3 < 2, 0.1 + 0.2 == 0.3, 10 ** 20 == 1e20, 2 ** 53 + 1)
factorial = 1
for i in range(1, 26):
    factorial *= i
print(factorial, len(str(factorial)), factorial % 1000007)
a, b = 1071, 462
while b:
    a, b = b, a % b
print(a)
print(isinstance(1, int), isinstance(True, int), isinstance(1.0, int), isinstance(1, (float, str)), type(1), type(1.0), type(True))
import math
print(math.sqrt(16), math.floor(-2.5), math.ceil(2.1), math.pi, math.inf, math.isnan(math.nan), math.log(1))
for attempt in (lambda: 1 / 0, lambda: 1 // 0, lambda: 1.0 % 0, lambda: 2.0 ** 10000, lambda: int("0x"), lambda: 1 << -1, lambda: math.sqrt(-1), lambda: int(float("nan"))):
    try:
        print(attempt())
    except (ArithmeticError, ValueError) as error:
        print(type(error).__name__ + ":", error)
