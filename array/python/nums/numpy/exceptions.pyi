"""`numpy.exceptions` on arrays of a cluster."""

# Written by tests/python_package/stubs.py.


from numpy.exceptions import AxisError as AxisError
from numpy.exceptions import RankWarning as RankWarning
