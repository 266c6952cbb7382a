# An array variable is a name for a cell: what changes in place, changes for all who see it.
import numpy as np
a = np.arange(6.0)
b = a
c = a + 0
b += 1
print(a, b, c)
m = a.reshape(2, 3)
t = m.T
row = m[1]
every_other = a[::2]
a *= 2
print(m, t, row, every_other)
m -= 1
print(a)
t /= 2
print(a, row)
flat = t.reshape(6)
flat += 100
print(a, flat)
back = t.reshape(3, 2)
back += 1
print(a)
a = a + 1
print(a, m)
s = m[0, 0]
m += 1
print(s, m[0, 0])
m @= np.full((3, 3), 0.5)
print(m)
z = np.zeros(())
z += 1
print(z, repr(z))
y = b
y **= 2
print(b)
