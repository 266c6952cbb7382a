# Arrays of which only the corners are seen.
import numpy as np
print(np.arange(1e7)[::-1])
print(np.ones((3000, 3000)) @ np.full((3000, 1), 1.0))
print(np.arange(1e8))
print(repr(np.arange(10 ** 8)[5:-7:3]))
