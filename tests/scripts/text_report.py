# Formats: f-strings, alignment, separators, and arrays in text.
import numpy as np
prices = np.array([19.99, 5.0, 102.5])
names = ["lamp", "pen", "chair"]
print(f"{'item':<10}|{'price':>10}|{'share':>8}")
print("-" * 30)
for name, price, share in zip(names, prices, prices / prices.sum()):
    print(f"{name:<10}|{price:>10.2f}|{share:>8.1%}")
print(f"{'total':<10}|{prices.sum():>10.2f}|{1:>8.0%}")
print(f"{prices}", f"{prices.mean():.3f}", f"{prices.max()!r}", f"{len(prices)=}", f"{prices[0]:e}", f"{1234567.891:,.2f}", f"{255:#x} {255:b} {255:o}")
print(f"{3.14159:{10}.{3}}|{'mid':^9}|{-7:+d}|{7:+d}|{42:05d}|{0.000012345:g}|{1e20:g}|{True!s:>6}")
print("a", 1, 2.5, None, True, [1, "x"], (1,), {"k": 1.5}, sep=" | ", end=" <end>\n")
print(str(prices), repr(prices), str(prices[1]), repr(prices[1]), [prices[1], 2.0])
print("{} {1}".replace("{1}", "b").format("a"), "%", "tab\tquote'", repr("tab\tquote'"), "é".upper())
lines = "\n".join(f"{i:>2}: {'*' * i}" for i in range(1, 4))
print(lines, lines.count("*"), lines.splitlines()[1].strip())
print(np.array([1e-5, 1.0]), np.array([1e10, 1.5]), np.array([0.1 + 0.2, 1 / 3]), np.array([100.0, 1e-3]), np.float64(1e16), np.float64(1e-5))
print(np.array([[1.0, -1.0], [10.5, 100.25]]), np.array([[True], [False]]), np.array([], dtype=int), np.array(3.5), np.array([[]]), sep="\n")
print(np.arange(2000).reshape(40, 50), np.linspace(0, 1, 1200), sep="\n")
print(repr(np.arange(1200.0)), repr(np.zeros((50, 50))), repr(np.float32([1.5])), repr(np.array([1, 2], dtype=np.int32)), sep="\n")
