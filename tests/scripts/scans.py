import numpy as np

x = np.arange(1, 13).reshape(3, 4)
print(np.cumsum(x))
print(np.cumsum(x, axis=0))
print(x.cumsum(axis=1), x.cumsum(-1).dtype)
print(np.cumprod(x, axis=1))
print(x.cumprod()[-1])
print(np.cumulative_sum(np.array([1.5, 2.0, -3.25])))
print(np.cumulative_prod(np.arange(1, 6), include_initial=True))
print(np.cumulative_sum(x, axis=1, include_initial=True))
print(np.cumsum(np.array([True, False, True])), np.cumsum(np.zeros((0, 3))), np.cumsum(np.zeros((2, 0)), axis=1))
print(np.cumsum(np.array([1.0, np.inf, -np.inf, 2.0])))
print(np.cumsum(np.ones(5, dtype=np.float32)).dtype, np.cumsum(np.arange(4, dtype=np.int32)).dtype)
big = np.arange(200000).reshape(400, 500) % 7
print(big.cumsum(axis=0)[-1].sum(), big.cumsum(axis=1)[:, -1].sum(), big.cumsum()[-1])
print((np.cumsum(big)[1:] - np.cumsum(big)[:-1] == big.ravel()[1:]).all())
print(np.cumprod(np.full(70, 3))[-1])
print(np.cumsum(5), np.cumsum([1, 2, 3]))
for attempt in (lambda: np.cumsum(x, axis=2), lambda: np.cumulative_sum(x), lambda: np.cumsum(x, 0, None, 7)):
    try:
        attempt()
    except (ValueError, TypeError) as error:
        print(type(error).__name__)
