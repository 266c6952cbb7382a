# A walk on the numbers of a Philox generator.
import numpy as np
rng = np.random.Generator(np.random.Philox(key=7))
u = rng.random(10)
print(u)
steps = np.where(rng.random(1000) < 0.5, -1, 1)
position, highest, visits = 0, 0, {}
for step in steps[:200]:
    position += int(step)
    highest = max(highest, position)
    visits[position] = visits.get(position, 0) + 1
print(position, highest, visits[0] if 0 in visits else 0, steps.sum(), (steps == 1).mean())
walks = np.where(rng.random((50, 40)) < 0.5, -1, 1)
ends = walks.sum(axis=1)
print(ends, ends.mean(), (ends ** 2).mean(), np.abs(ends).max())
points = rng.random((5000, 2))
inside = (points ** 2).sum(axis=1) < 1
print(inside.sum(), 4 * inside.mean())
print(rng.uniform(-1, 1, size=5).round(12), rng.random(), rng.random((2, 2)))
print(rng.random(3).shape, rng.uniform(5, 6).__class__.__name__)
again = np.random.Generator(np.random.Philox(key=7))
print((again.random(10) == u).all())
