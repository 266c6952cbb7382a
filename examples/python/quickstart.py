"""Logistic regression on four nodes in this process: read, standardize, fit and judge.

python examples/python/quickstart.py
"""

from pathlib import Path

import nums

# Blocks of a few rows, so that even this small table is spread over all nodes.
nums.init(nodes=4, block_bytes=4096)

# Thirty measurements of 569 tumours, and whether each is benign.
path = Path(__file__).parents[1] / "data" / "breast_cancer.csv"
table = nums.read_csv(str(path), header=False, skip_lines=1)
x, y = table[[str(column) for column in range(30)]], table["30"]
print(f"{x.shape[0]} tumours, {x.shape[1]} measurements of each, on {nums.nodes()} nodes in this process\n")

x = nums.models.StandardScaler().fit_transform(x)
model = nums.models.LogisticRegression(tol=1e-10).fit(x, y)
print(model.convergence_)
print(f"Accuracy on the training data: {model.score(x, y):.4f}")
