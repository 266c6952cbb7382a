"""The workloads: their sizes, and how near two checksums have to be.

Every system makes the same data from NumPy's Philox generator outside the timer, computes inside it, and gives a
checksum of the materialised result, which is computed inside the timer too.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    """One row of the table."""

    name: str
    title: str
    size: tuple
    quick: tuple
    # Relative difference of checksums that is still the same result: sums are added in different orders.
    tolerance: float = 1e-8
    # Bytes of inputs and outputs at full size; 0 for rows too small for a bound on memory.
    bytes: int = 0
    # Whether our arrays can do it yet; the peers are measured all the same.
    ours: bool = True


def _f8(*counts):
    return 8 * sum(counts)


ALL = [
    Workload("matmul4096", "C = A B, 4096", (4096,), (512,), bytes=_f8(3 * 4096**2)),
    Workload("matmul8192", "C = A B, 8192", (8192,), (1024,), bytes=_f8(3 * 8192**2)),
    Workload("xtx", "X^T X, 2,000,000 x 64", (2_000_000, 64), (200_000, 64), bytes=_f8(128_000_000)),
    Workload("newton28", "logistic regression, Newton, 10 steps, 1,000,000 x 28", (1_000_000, 28),
             (100_000, 28), tolerance=1e-6, bytes=_f8(29_000_000)),
    Workload("newton256", "logistic regression, Newton, 10 steps, 500,000 x 256", (500_000, 256),
             (50_000, 256), tolerance=1e-6, bytes=_f8(128_500_000)),
    Workload("lbfgs28", "logistic regression, L-BFGS, 10 steps, 1,000,000 x 28", (1_000_000, 28),
             (100_000, 28), tolerance=1e-2, bytes=_f8(29_000_000)),
    Workload("fused", "sum((a*b+c)/(1+exp(-d))), 1e8 elements", (100_000_000,), (10_000_000,),
             bytes=_f8(400_000_000)),
    Workload("add_fresh", "x + y, 1e8 elements, a fresh result", (100_000_000,), (10_000_000,),
             bytes=_f8(300_000_000)),
    Workload("add_into", "x + y, 1e8 elements, memory used before", (100_000_000,), (10_000_000,),
             bytes=_f8(300_000_000)),
    # HeAT counts in single precision along the axis that is split, and divides by n - 1 along the other.
    Workload("moments0", "mean and std of 100,000 x 1,000, axis 0", (100_000, 1_000), (10_000, 1_000),
             tolerance=1e-3, bytes=_f8(100_000_000)),
    Workload("moments1", "mean and std of 100,000 x 1,000, axis 1", (100_000, 1_000), (10_000, 1_000),
             tolerance=1e-3, bytes=_f8(100_000_000)),
    Workload("transpose", "x + x.T, 8192 x 8192", (8192,), (1024,), bytes=_f8(2 * 8192**2)),
    Workload("redistribute", "row blocks to column blocks, 8192 x 8192", (8192,), (1024,),
             bytes=_f8(2 * 8192**2)),
    Workload("csv", "read a 680 MB CSV of 29 columns", (1_250_000, 29), (125_000, 29)),
    Workload("tasks", "10,000 opaque identity tasks", (10_000,), (1_000,)),
    Workload("blocks", "1,000 blocks of 100 elements, x + 1", (1_000, 100), (100, 100)),
    Workload("mttkrp", "MTTKRP, 400 x 400 x 400 with rank 32", (400, 32), (80, 32), bytes=_f8(400**3)),
    Workload("tensordot", "tensordot over two axes, 400 x 400 x 400", (400, 32), (80, 32),
             bytes=_f8(400**3, 400**2 * 32)),
    Workload("sort", "sort, 1e8 elements", (100_000_000,), (10_000_000,), bytes=_f8(200_000_000)),
    Workload("percentile", "three percentiles of 1e8 elements", (100_000_000,), (10_000_000,),
             bytes=_f8(100_000_000), ours=False),
    Workload("qr_r", "R of 1,000,000 x 64", (1_000_000, 64), (100_000, 64), bytes=_f8(64_000_000)),
    Workload("qr", "Q and R of 1,000,000 x 64", (1_000_000, 64), (100_000, 64), bytes=_f8(128_000_000)),
    Workload("svd", "SVD of 1,000,000 x 64", (1_000_000, 64), (100_000, 64), bytes=_f8(128_000_000),
             ours=False),
    Workload("cholesky", "Cholesky, 8192", (8192,), (1024,), bytes=_f8(2 * 8192**2)),
]

BY_NAME = {workload.name: workload for workload in ALL}
