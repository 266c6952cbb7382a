"""Runs one workload on one system in this process and prints one JSON line.

The workload runs once untimed, so that imports, compilers and memory are warm for everybody, and then once timed.
"""

import argparse
import importlib
import json
import sys
import time

import workloads


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("system")
    parser.add_argument("workload")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    workload = workloads.BY_NAME[options.workload]
    module = importlib.import_module(f"systems.{options.system}_peer")
    size = workload.quick if options.quick else workload.size
    run = getattr(module, workload.name)(*size)
    run()
    start = time.perf_counter()
    checksum = run()
    seconds = time.perf_counter() - start
    if _rank() == 0:
        print(json.dumps({"seconds": seconds, "checksum": checksum}), flush=True)


def _rank():
    """Of the processes of an MPI run, one reports."""
    mpi = sys.modules.get("mpi4py.MPI")
    return mpi.COMM_WORLD.Get_rank() if mpi else 0


if __name__ == "__main__":
    main()
