# Heat in a rod and on a plate: explicit steps in views of the same array.
import numpy as np
rod = np.zeros(11)
rod[0], rod[-1] = 100.0, 50.0
for step in range(200):
    rod[1:-1] += 0.25 * (rod[:-2] - 2 * rod[1:-1] + rod[2:])
    if step in (0, 9, 49, 199):
        print(f"step {step + 1:4d}:", rod.round(3))
plate = np.zeros((6, 6))
plate[0] = 1.0
change, sweeps = 1.0, 0
while change > 1e-3:
    new = plate.copy()
    new[1:-1, 1:-1] = (plate[:-2, 1:-1] + plate[2:, 1:-1] + plate[1:-1, :-2] + plate[1:-1, 2:]) / 4
    change = np.abs(new - plate).max()
    plate = new
    sweeps += 1
print(sweeps, plate.round(4), sep="\n")
