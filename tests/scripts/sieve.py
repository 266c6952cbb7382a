# Primes by the sieve of Eratosthenes, with slices of steps.
import numpy as np
n = 200
prime = np.ones(n, dtype=bool)
prime[:2] = False
i = 2
while i * i < n:
    if prime[i]:
        prime[i * i::i] = False
    i += 1
primes = np.nonzero(prime)[0]
print(primes)
print(len(primes), primes.sum(), primes[-1], np.where(prime)[0][:5], prime.sum())
twins = [(int(p), int(q)) for p, q in zip(primes, primes[1:]) if q - p == 2]
print(twins)
gaps = primes[1:] - primes[:-1]
print(gaps.max(), gaps.mean().round(6), {int(g): int((gaps == g).sum()) for g in np.sort(gaps) if g > 8})
