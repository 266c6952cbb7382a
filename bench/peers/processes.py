"""What the kernel counts for a process and its descendants."""

import os

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def tree(pid):
    """The process and its descendants that run."""
    found = [pid]
    for parent in found:
        try:
            tasks = os.listdir(f"/proc/{parent}/task")
        except OSError:
            continue
        for task in tasks:
            try:
                with open(f"/proc/{parent}/task/{task}/children", encoding="ascii") as children:
                    found.extend(int(child) for child in children.read().split())
            except OSError:
                pass
    return found


def resident_bytes(pid):
    """Memory of a tree of processes without file-mapped pages, whose file could give them back at any time."""
    return sum(_resident_bytes(own) for own in tree(pid))


def cpu_seconds(pid):
    """Time on cores that a tree of processes has taken so far, in hundredths of a second."""
    return sum(_cpu_seconds(own) for own in tree(pid))


def _resident_bytes(pid):
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            fields = dict(line.split(":", 1) for line in status if ":" in line)
    except OSError:
        return 0
    kib = lambda name: int(fields.get(name, "0 kB").split()[0])
    return (kib("RssAnon") + kib("RssShmem")) * 1024


def _cpu_seconds(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            # The name of the program stands in brackets and may hold spaces.
            fields = stat.read().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
