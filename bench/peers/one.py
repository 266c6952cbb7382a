"""Runs one workload on one system in this process and prints one JSON line.

The workload runs once untimed, so that imports, compilers and memory are warm for everybody, and then once timed.
"""

import argparse
import importlib
import json
import os
import sys
import time

import processes
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
    cpu = processes.cpu_seconds(os.getpid())
    start = time.perf_counter()
    checksum = run()
    seconds = time.perf_counter() - start
    cpu = processes.cpu_seconds(os.getpid()) - cpu
    # Of the processes of an MPI run, one reports, for all.
    mpi = sys.modules.get("mpi4py.MPI")
    if mpi:
        cpu = mpi.COMM_WORLD.allreduce(cpu)
    if not mpi or mpi.COMM_WORLD.Get_rank() == 0:
        print(json.dumps({"seconds": seconds, "cpu_seconds": cpu, "checksum": checksum}), flush=True)


if __name__ == "__main__":
    main()
