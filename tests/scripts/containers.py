# Lists, tuples, dicts, sets and ranges.
a = [3, 1, 2]
b = a
b.append(4)
a.extend([9, 8])
print(a, b is a, a[::-1], a[1:4], a[-1], len(a))
a.sort()
print(a, a.pop(), a.pop(0), a.index(4), a.count(8), 3 in a, 7 not in a)
a[1:3] = ["x", "y", "z"]
a.insert(1, None)
a.remove("y")
del a[0], a[-1]
print(a, a + [1], a * 2, [0] * 3)
copy = a.copy()
copy.reverse()
print(copy, copy == a[::-1], [1, 2] < [1, 3], (1, 2) == (1, 2))
head, *middle, tail = range(6)
print(head, middle, tail)
(p, q), r = (1, 2), [3]
p, q = q, p
print(p, q, r, (1,), ())
d = {"one": 1, "two": 2}
d["three"] = 3
d.update({"one": 11})
print(d, d["two"], d.get("four"), d.get("four", 4), "one" in d, len(d), list(d), list(d.values()))
for key, value in d.items():
    print(key, value, end="; ")
print()
print(d.pop("two"), d.pop("two", "gone"), d.setdefault("five", []), d, {**d, "z": 0})
del d["one"]
print({k: v for k, v in d.items()}, sorted(d.items(), key=lambda pair: str(pair[1])))
print({1: "int", 1.5: "float", (1, 2): "tuple", None: 0, True: "same as 1"})
s = {3, 1, 2, 3}
s.add(5)
print(s, len(s), 2 in s, s & {1, 5}, s | {7}, s - {1}, set(), sorted({"b", "a"}))
print([x * y for x in range(3) for y in range(3) if x != y], [[0] * 2 for _ in range(2)], {n % 3 for n in range(9)})
squares = (n * n for n in range(4))
print(next(squares), list(squares), sum(n for n in range(10) if n % 2), any(x > 3 for x in [1, 5]), all([]))
print(list(range(5)), list(range(10, 0, -3)), range(3), range(1, 7, 2)[1], len(range(0, 10, 3)), 4 in range(0, 10, 2))
print(list(zip([1, 2, 3], "ab")), dict(zip("ab", [1, 2])), list(reversed([1, 2, 3])), tuple("ab"), list(filter(lambda n: n > 1, [1, 2, 3])))
nested = {"list": [1, [2, (3,)]], "dict": {"k": {1: 2}}}
nested["list"][1].append("four")
print(nested)
loop = [1]
loop.append(loop)
print(loop)
