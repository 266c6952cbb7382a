import numpy as np
x = np.arange(3.0)
print(x, "before")
y = x + unknown * 2
print("never")
