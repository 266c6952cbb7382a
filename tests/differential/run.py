#!/usr/bin/env python3
"""Random expressions, run by the prompt and by NumPy: both must print the same.

    tests/differential/run.py REPL [--count 5000] [--seed 1] [--family indexing] [--option=--nodes --option=3]

REPL is the binary of examples/repl. One process of it runs a batch of statements, and Python with NumPy the same
text; each statement is a function body, whose result both print with type, shape and exact elements, and an
exception by its class and words. What differs is written out as a script of its own. Differences that are meant are
in `intended.py`, each with its reason.
"""

import argparse
import collections
import importlib
import math
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import intended  # noqa: E402

FAMILIES = ["indexing", "elementwise", "integers", "reductions", "joining", "products", "sorting"]

PRELUDE = '''import numpy as np

def form(r):
    if isinstance(r, tuple):
        return "(" + ", ".join([form(one) for one in r]) + ")"
    if isinstance(r, list):
        return "[" + ", ".join([form(one) for one in r]) + "]"
    if isinstance(r, np.ndarray):
        return f"array {r.dtype} {r.shape} {r.tolist()}"
    if isinstance(r, np.generic):
        return f"scalar {r.dtype} {r.item()}"
    return f"python {r!r}"

def t(number, body):
    try:
        r = form(body())
    except Exception as e:
        r = f"raises {type(e).__name__.strip('_')}: {e}"
    print(number, r)
'''


def script(statements):
    """The text of a batch: one function and one call for each statement."""
    parts = [PRELUDE]
    for number, lines in enumerate(statements):
        body = "".join(f"    {line}\n" for line in lines)
        parts.append(f"def f{number}():\n{body}\nt({number}, f{number})\n")
    return "\n".join(parts)


def printed(command, text):
    """What a process prints for a script, by the number of the statement, and what else it said."""
    with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
        file.write(text)
        file.flush()
        outcome = subprocess.run(command + [file.name], capture_output=True, text=True, timeout=600)
    lines = {}
    for line in outcome.stdout.splitlines():
        number, _, rest = line.partition(" ")
        lines[int(number)] = rest
    return lines, outcome


NUMBER = re.compile(r"-?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)")
COMPLEX = re.compile(r"\([^()\s]+j\)|" + NUMBER.pattern + "j")


def same(left, right, digits):
    """Whether two printed results are equal: exactly, or their floats up to some units in the last of `digits`, and those
    of complex numbers relative to their absolute value."""
    if left == right:
        return True
    if digits is not None and "j" in left and COMPLEX.sub("#", left) == COMPLEX.sub("#", right):
        short = "complex64" in right
        pairs = zip(COMPLEX.findall(left), COMPLEX.findall(right))
        return all(near(complex(one), complex(other), 1e-6 if short else 10.0**-digits) for one, other in pairs)
    if digits is None or NUMBER.sub("#", left) != NUMBER.sub("#", right):
        return False
    short = "float32" in right or "complex64" in right
    tolerance = 10.0 ** -(6 if short else digits)
    for one, other in zip(NUMBER.findall(left), NUMBER.findall(right)):
        if one == other:
            continue
        one, other = float(one), float(other)
        if not abs(one - other) <= tolerance * max(abs(one), abs(other), 1e-300):
            return False
    return True


def near(one, other, tolerance):
    """Whether two complex numbers are equal up to rounding; one that holds NaN is as good as another."""
    if one == other or one != one and other != other:
        return True
    parts = [(one.real, other.real), (one.imag, other.imag)]
    if any(left != right for left, right in parts if math.isinf(left) or math.isinf(right)):
        return False
    finite = [complex(*(0 if math.isinf(part) else part for part in (z.real, z.imag))) for z in (one, other)]
    return abs(finite[0] - finite[1]) <= tolerance * max(abs(finite[0]), abs(finite[1]), 1e-300)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repl")
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--batch", type=int, default=250)
    parser.add_argument("--family", action="append", choices=FAMILIES)
    parser.add_argument("--option", action="append", default=[], help="an option of the prompt")
    parser.add_argument("--tell", action="append", default=[], help="write out what differs for this reason, too")
    parser.add_argument("--show", type=int, default=20, help="how many differences are written out")
    arguments = parser.parse_args()
    seed = random.SystemRandom().randrange(10**9) if arguments.seed is None else arguments.seed
    families = arguments.family or FAMILIES
    print(f"seed {seed}, {arguments.count} statements of {', '.join(families)}", flush=True)
    # Which statements there are depends on the seed alone.
    numbers = random.Random(seed)
    generators = {family: importlib.import_module(family) for family in families}
    compared = differing = 0
    meant = collections.Counter()
    while compared < arguments.count:
        batch = []
        for _ in range(min(arguments.batch, arguments.count - compared)):
            family = numbers.choice(families)
            batch.append((family, generators[family].statement(numbers)))
        text = script([lines for _, lines in batch])
        expected, by_numpy = printed([sys.executable, "-W", "ignore"], text)
        found, by_prompt = printed([arguments.repl] + arguments.option, text)
        if by_numpy.returncode or by_prompt.returncode or len(found) != len(batch):
            print(f"a batch ended early: NumPy {by_numpy.returncode}, prompt {by_prompt.returncode}")
            print(by_numpy.stderr[-2000:], by_prompt.stderr[-2000:])
            if len(found) < len(batch):
                print("\n".join(batch[len(found)][1]))
            sys.exit(1)
        for number, (family, lines) in enumerate(batch):
            digits = getattr(generators[family], "DIGITS", None)
            found[number] = intended.class_names(found[number])
            expected[number] = intended.class_names(expected[number])
            if same(found[number], expected[number], digits):
                continue
            reason = intended.reason(lines, found[number], expected[number])
            if reason:
                meant[reason] += 1
                if reason in arguments.tell:
                    print(f"--- {family}, {reason}", "\n".join(lines), sep="\n")
                    print(f"NumPy:  {expected[number]}\nprompt: {found[number]}", flush=True)
                continue
            differing += 1
            if differing <= arguments.show:
                print(f"--- {family}")
                print("\n".join(lines))
                print(f"NumPy:  {expected[number]}\nprompt: {found[number]}", flush=True)
        compared += len(batch)
    by_intent = ", ".join(f"{count} {reason}" for reason, count in meant.most_common())
    print(f"{compared} statements, {differing} differ, and by intent: {by_intent or 'none'}; seed {seed}")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
