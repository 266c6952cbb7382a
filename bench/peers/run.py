"""Runs every workload on every system, alternating, and prints a table and JSON lines. Started by run.sh."""

import argparse
import json
import math
import os
import signal
import statistics
import subprocess
import sys
import threading
import time

import data
import processes
import workloads

HERE = os.path.dirname(os.path.abspath(__file__))
# Which module knows which workload is asked of the source, so that a missing peer fails its rows rather than vanish.
PEERS = ["numpy", "numexpr", "sklearn", "dask", "pandas", "pyarrow"]
HEAVY_PEERS = ["heat", "ray"]
OURS = ["nums-embedded", "nums-processes"]
RUN_SECONDS_MAX = 900


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", help="one workload, or several with commas between")
    parser.add_argument("--quick", action="store_true", help="once, at a tenth of the size")
    parser.add_argument("--peers", choices=["light", "all"], default="light")
    parser.add_argument("--runs", type=int, default=None)
    parser.add_argument("--ours", help="the binary of our workloads; without it only the peers run")
    parser.add_argument("--scratch", required=True, help="a folder for files that are made")
    parser.add_argument("--heat-python", help="the interpreter that has heat")
    options = parser.parse_args()
    runs = options.runs or (1 if options.quick else 5)
    chosen = workloads.ALL
    if options.only:
        chosen = [workloads.BY_NAME[name] for name in options.only.split(",")]
    print("two threads, or two processes of one thread, for every system;", "quick" if options.quick else "full",
          f"size; {runs} runs, alternating; one untimed run before each timed one", flush=True)
    failed = False
    rows = []
    for workload in chosen:
        if workload.name == "csv":
            data.csv_path(*_size(workload, options), options.scratch)
        systems = [system for system in _systems(options) if _knows(system, workload)]
        results = {system: [] for system in systems}
        for _ in range(runs):
            for system in systems:
                results[system].append(_run(system, workload, options))
        row, sound = _summarise(workload, results)
        failed |= not sound
        rows.append(row)
        for line in row["systems"]:
            print(json.dumps({"workload": workload.name, **line}), flush=True)
    _print_table(rows, options.quick)
    sys.exit(1 if failed else 0)


def _systems(options):
    peers = PEERS + (HEAVY_PEERS if options.peers == "all" else [])
    return (OURS if options.ours else []) + peers


def _knows(system, workload):
    if system in OURS:
        return workload.ours
    with open(os.path.join(HERE, "systems", f"{system}_peer.py"), encoding="utf-8") as source:
        text = source.read()
    return f"def {workload.name}(" in text or f"\n{workload.name} = " in text


def _command(system, workload, options):
    quick = ["--quick"] if options.quick else []
    if system in OURS:
        form = system.removeprefix("nums-")
        sizes = [str(number) for number in _size(workload, options)]
        return [options.ours, workload.name, "--form", form, *sizes]
    one = [os.path.join(HERE, "one.py"), system, workload.name, *quick]
    if system == "heat":
        mpirun = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "2"]
        return [*mpirun, options.heat_python or sys.executable, *one]
    return [sys.executable, *one]


def _size(workload, options):
    return workload.quick if options.quick else workload.size


def _run(system, workload, options):
    """One process: its seconds, checksum and the peak of its anonymous memory, summed over its children."""
    # An inherited kernel choice would make OpenBLAS slower than it is.
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    threads = "1" if system == "heat" else "2"
    for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"]:
        environment[name] = threads
    environment["PYTHONPATH"] = HERE
    try:
        started = subprocess.Popen(_command(system, workload, options), cwd=options.scratch, env=environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   start_new_session=True)
    except OSError as error:
        return {"error": str(error)}
    peak = _Peak(started.pid)
    try:
        out, err = started.communicate(timeout=RUN_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        # Ranks and nodes are processes of their own.
        os.killpg(started.pid, signal.SIGKILL)
        out, err = started.communicate()
        err += f"\nended after {RUN_SECONDS_MAX} s"
    peak.stop()
    line = next((line for line in reversed(out.splitlines()) if line.startswith("{")), None)
    if started.returncode != 0 or line is None:
        told = [line.strip() for line in err.splitlines() if line.strip(" -")]
        return {"error": told[-1] if told else f"exit {started.returncode}"}
    return {**json.loads(line), "peak_bytes": peak.bytes}


class _Peak:
    """Samples the memory of a process and its descendants without file-mapped pages."""

    def __init__(self, pid):
        self.bytes = 0
        self._pid = pid
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._thread.start()

    def stop(self):
        self._stopped.set()
        self._thread.join()

    def _sample(self):
        while not self._stopped.wait(0.02):
            self.bytes = max(self.bytes, processes.resident_bytes(self._pid))


def _summarise(workload, results):
    """Medians, and whether every system gave the same checksum."""
    lines, sound = [], True
    checksums = [run["checksum"] for runs in results.values() for run in runs if "checksum" in run]
    reference = statistics.median(checksums) if checksums else math.nan
    for system, runs in results.items():
        errors = [run["error"] for run in runs if "error" in run]
        off = [run["checksum"] for run in runs if "checksum" in run
               and abs(run["checksum"] - reference) > workload.tolerance * max(1.0, abs(reference))]
        if errors or off:
            sound = False
            lines.append({"system": system, "error": errors[0] if errors else f"checksum {off[0]} for {reference}"})
            continue
        lines.append({"system": system, "seconds": statistics.median(run["seconds"] for run in runs),
                      "seconds_min": min(run["seconds"] for run in runs),
                      "cpu_seconds": statistics.median(run["cpu_seconds"] for run in runs),
                      "peak_bytes": max(run["peak_bytes"] for run in runs), "checksum": runs[0]["checksum"]})
    times = [line["seconds"] for line in lines if "seconds" in line and line["system"] not in OURS]
    for line in lines:
        if "seconds" in line and times:
            line["ratio_to_best_peer"] = line["seconds"] / min(times)
    return {"workload": workload, "systems": lines}, sound


def _print_table(rows, quick):
    print(f"\nmachine: {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}\n")
    print("| workload | system | seconds | to best peer | CPU seconds | peak MB | of inputs and outputs |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for row in rows:
        title = row["workload"].title
        for line in row["systems"]:
            if "error" in line:
                print(f"| {title} | {line['system']} | failed: {line['error']} | | | | |")
            else:
                ratio = line.get("ratio_to_best_peer")
                needed = 0 if quick else row["workload"].bytes
                share = f"{line['peak_bytes'] / needed:.2f}" if needed else ""
                print(f"| {title} | {line['system']} | {line['seconds']:.4g} | "
                      f"{'' if ratio is None else f'{ratio:.2f}'} | {line['cpu_seconds']:.2f} | "
                      f"{line['peak_bytes'] / 1e6:.0f} | {share} |")
            title = ""


if __name__ == "__main__":
    main()
