# Definitions, defaults, closures, recursion.
def power(base, exponent=2, *, negate=False):
    """Raises base to exponent."""
    result = base ** exponent
    return -result if negate else result

print(power(3), power(2, 5), power(exponent=3, base=2), power(4, negate=True))

def counter():
    count = 0
    def step(by=1):
        nonlocal count
        count += by
        return count
    return step

first, second = counter(), counter()
print(first(), first(5), second(), first())

def collect(*numbers, **named):
    return numbers, named

print(collect(1, 2, a=3), collect(*[4, 5], **{"b": 6}))

def fibonacci(n, seen={0: 0, 1: 1}):
    if n not in seen:
        seen[n] = fibonacci(n - 1) + fibonacci(n - 2)
    return seen[n]

print(fibonacci(10), fibonacci(80), fibonacci(120))

def hanoi(n, source="a", target="c", spare="b"):
    if n == 0:
        return 0
    return hanoi(n - 1, source, spare, target) + 1 + hanoi(n - 1, spare, target, source)

print(hanoi(6))
square = lambda x: x * x
print(list(map(square, [1, 2, 3])), sorted(["bb", "a", "ccc"], key=len, reverse=True), max([3, -7, 5], key=abs))
adders = [lambda x, k=k: x + k for k in range(3)]
print([add(10) for add in adders])
total = 0
def accumulate(x):
    global total
    total += x
for x in range(5):
    accumulate(x)
print(total)
def compose(*functions):
    def composed(x):
        for function in functions:
            x = function(x)
        return x
    return composed
print(compose(square, lambda x: x + 1, str)(3))
def nothing():
    pass
print(nothing(), power.__name__, power.__doc__)
def early(x):
    for i in range(x):
        if i == 3:
            return "early"
    return "late"
print(early(2), early(9))
def unbound():
    print(later)
    later = 1
for call in (lambda: power(), lambda: power(1, 2, 3), lambda: power(1, x=2), lambda: power(1, base=2), unbound):
    try:
        call()
    except (TypeError, UnboundLocalError) as error:
        print(type(error).__name__, error)
