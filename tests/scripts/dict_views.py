# What d.keys(), d.values() and d.items() show, compare and count as.
d = {"a": 1, "b": [2, 3]}
print(d.items(), d.keys(), d.values(), {}.items(), list(d.items()))
print(len(d.items()), ("a", 1) in d.items(), ("a", 2) in d.items(), "b" in d.keys(), 1 in d.values(), [2, 3] in d.values())
v = d.items(); k = d.keys()
d["c"] = 4
print(v, k, bool({}.keys()), type(k).__name__, type(v).__name__, type(d.values()).__name__)
print(k == {"a", "b", "c"}, k & {"a", "x"}, sorted(k | {"z"}), sorted(k - {"a"}), k == d.keys(), d.values() == d.values(), k <= {"a", "b", "c", "d"})
for key, value in d.items():
    print(key, value)
print(sorted({"y": 1, "x": 2}.items()), max({"y": 1, "x": 2}.values()), sum({"y": 1, "x": 2}.values()), dict({"y": 1}.items()), list(reversed(d.keys())), [*d.values()])
for bad in (lambda: d.items()[0], lambda: d.keys() + 1):
    try:
        print(bad())
    except TypeError as error:
        print(error)
try:
    for key in d:
        d[key + key] = 0
except RuntimeError as error:
    print(error)
