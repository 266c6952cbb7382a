# The Mandelbrot set in real arithmetic, and an early end of a loop.
import numpy as np
width, height = 48, 17
x = np.linspace(-2.2, 0.8, width)
y = np.linspace(-1.2, 1.2, height)[:, None]
zx, zy = np.zeros((height, width)), np.zeros((height, width))
count = np.zeros((height, width), dtype=int)
for i in range(30):
    inside = zx * zx + zy * zy <= 4
    if not inside.any():
        break
    count += inside
    zx, zy = np.where(inside, zx * zx - zy * zy + x, zx), np.where(inside, 2 * zx * zy + y, zy)
for row in count:
    print("".join(" .:-=+*#%@"[min(int(n) // 3, 9)] for n in row).rstrip())
print(count.sum(), count.max(), (count == 30).sum())
