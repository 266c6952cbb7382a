# Two clusters of points, by Lloyd's method.
import numpy as np
rng = np.random.Generator(np.random.Philox(key=11))
points = np.concatenate([rng.random((30, 2)), rng.random((20, 2)) + 3])
centres = points[[0, -1]].copy()
for iteration in range(10):
    distances = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    label = distances.argmin(axis=1)
    new = np.stack([points[label == k].mean(axis=0) for k in range(2)])
    moved = np.abs(new - centres).max()
    centres = new
    if moved < 1e-12:
        break
print(iteration, label.sum(), (label == 0).sum())
print(centres.round(6))
for k in range(2):
    members = points[label == k]
    print(f"cluster {k}: {len(members):3d} points, spread {members.std(axis=0).round(4)}")
