# Conway's game: a glider on a small torus.
import numpy as np

def neighbours(world):
    rows, columns = world.shape
    padded = np.zeros((rows + 2, columns + 2), dtype=int)
    padded[1:-1, 1:-1] = world
    padded[0, 1:-1], padded[-1, 1:-1] = world[-1], world[0]
    padded[:, 0], padded[:, -1] = padded[:, -2], padded[:, 1]
    total = np.zeros_like(world)
    for i in range(3):
        for j in range(3):
            if (i, j) != (1, 1):
                total += padded[i:i + rows, j:j + columns]
    return total

def step(world):
    near = neighbours(world)
    return ((near == 3) | ((world == 1) & (near == 2))).astype(int)

def show(world):
    for row in world:
        print("".join("#" if cell else "." for cell in row))

world = np.zeros((8, 8), dtype=int)
for cell in [(0, 1), (1, 2), (2, 0), (2, 1), (2, 2)]:
    world[cell] = 1
for generation in range(9):
    if generation % 4 == 0:
        print(f"generation {generation}: {world.sum()} alive")
        show(world)
    world = step(world)
