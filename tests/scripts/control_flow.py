# Branches, loops and what leaves them.
for i in range(10):
    if i % 2:
        continue
    elif i == 8:
        break
    print(i, end=" ")
else:
    print("not reached")
print()
n, steps = 27, 0
while n != 1:
    n = 3 * n + 1 if n % 2 else n // 2
    steps += 1
else:
    print("collatz", steps)
for letter, (x, y) in zip("ab", [(1, 2), (3, 4)]):
    print(letter, x + y)
for index, value in enumerate(["p", "q"], start=1):
    print(f"{index}: {value}")
primes = []
candidate = 2
while len(primes) < 10:
    for p in primes:
        if candidate % p == 0:
            break
    else:
        primes.append(candidate)
    candidate += 1
print(primes)
growing = [1]
for item in growing:
    if item < 20:
        growing.append(item * 3)
print(growing)
total = 0
for i in range(3):
    for j in range(3):
        if j > i:
            break
        total += 10 * i + j
print(total, i, j)
print("zero" if total == 0 else "more", None or "default", 0 and 1, not 0)
if (half := total // 2) > 10:
    print("half", half)
assert total > 0, "positive"
del total
try:
    total
except NameError as error:
    print(error)
