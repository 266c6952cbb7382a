"""One module a system. A module has one function a workload that it can do.

A function takes the size of the workload, makes its data, and returns a function without arguments: that is what is
timed. It returns the checksum of the result, which it has materialised.
"""
