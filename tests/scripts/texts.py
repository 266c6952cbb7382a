# Texts and their methods, f-strings and format specifications.
name, value, count = "pi", 3.14159265, 42
print(f"{name} is {value:.3f}, {count:5d}|{count:<5}|{count:^5}|{count:>5}|{count:05}|{count:+}|{count:,}")
print(f"{value:10.2f}|{value:<10.2f}|{value:e}|{value:g}|{value:.0f}|{-value:08.3f}|{0.256:.1%}|{1e10:g}|{123456789.0:,.2f}")
print(f"{name!r} {name:>6} {name:*^8} {name.upper()} {'nested ' + name} {count:x} {count:#x} {count:b} {count:o} {{braces}}")
print(f"{value=:.2f} {count=} {1 + 1 = }", f"{'a' if count else 'b'}", f"{count:{'>'}{6}}", f"{True} {None} {[1, 'x']}")
print("Hello, World".lower(), "hello world".title(), "abc".capitalize(), "a-b-c".split("-"), " a  b ".split(), "x".join(["1", "2"]))
print("  pad ".strip() + "|", "xxaxx".strip("x"), "left".ljust(6) + "|", "right".rjust(7), "mid".center(7, "."), "7".zfill(3), "-7".zfill(4))
print("banana".count("an"), "banana".find("n"), "banana".find("z"), "banana".replace("a", "o"), "banana".startswith("ba"), "banana".endswith(("x", "na")))
print("abc"[1], "abc"[-1], "abcdef"[::2], "abc" * 2, "b" in "abc", len("été"), "a" < "b", "12".isdigit(), "ab".isalpha())
print("one\ntwo\n".splitlines(), 'it\'s', "tab\tend", repr("quote's \"both\""), r"raw\n", "con" "cat", """three
lines""")
print(str(1.0), str([1, "a"]), repr("a"), str(None), int("12") + int("-3"), float("2.5e3"), int("ff", 16), ord("a"), chr(98))
for text in ("1.5x", "", "ten"):
    try:
        print(float(text))
    except ValueError as error:
        print("ValueError:", error)
print("".join(sorted("hello")), list("abc"), "a,b;c".replace(";", ",").split(","), max("hello"), "%d percent" if False else "done")
print(f"{3:4}|{3.0:4}|{'3':4}|{True:4}|{10**20:,}|{2.5:.0f}|{3.5:.0f}|{1e-10:.3g}|{100.0:.4}|{1e6:.3}")
