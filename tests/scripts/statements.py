# One line, several statements; one statement, several lines.
import numpy as np; x = np.arange(10.0); y = x * 2; print(y.sum())
z = (
    x
    + y[
        ::-1
    ]
)
print(z,
      z.shape, sep="\n",
)
"a string that is nobody's"
x
pass
total = x.sum() \
    + y.sum()
print(total)
print('''three
lines''', "é", "π ≈", np.pi)
exp = np.exp
print(exp(0.0), np.exp(np.float64(0)))
print(len(repr(x)), str(x) == "[0. 1. 2. 3. 4. 5. 6. 7. 8. 9.]")
np2 = np; np2 = np2.zeros; print(np2(2))
