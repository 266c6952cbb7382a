# A small table: columns, groups, correlation, a line through points.
import numpy as np
rows = [("a", 1.0, 2.1), ("b", 2.0, 3.9), ("a", 3.0, 6.2), ("b", 4.0, 7.8), ("a", 5.0, 10.1)]
x = np.array([row[1] for row in rows])
y = np.array([row[2] for row in rows])
slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
intercept = y.mean() - slope * x.mean()
print(f"y = {slope:.4f} x + {intercept:.4f}")
r = ((x - x.mean()) * (y - y.mean())).mean() / (x.std() * y.std())
print(f"r = {r:.6f}, r^2 = {r ** 2:.6f}")
groups = {}
for name, first, second in rows:
    groups.setdefault(name, []).append(second)
for name in sorted(groups):
    values = np.array(groups[name])
    print(f"{name:<3}|{len(values):>3}|{values.mean():8.3f}|{values.min():+.1f}|{values.sum():>10.2e}")
data = np.stack([x, y], axis=1)
centred = data - data.mean(axis=0)
covariance = centred.T @ centred / (len(data) - 1)
print(covariance.round(6))
z = centred / data.std(axis=0)
print(z.round(4), np.abs(z.mean(axis=0)).round(12), z.std(axis=0).round(12))
width = 5
smooth = np.array([np.arange(20)[i:i + width].mean() for i in range(0, 20 - width + 1, 3)])
print(smooth)
edges = np.linspace(0, 12, 4)
counts = [int(((y >= low) & (y < high)).sum()) for low, high in zip(edges, edges[1:])]
print(edges, counts)
