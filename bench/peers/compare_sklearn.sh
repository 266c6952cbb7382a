#!/usr/bin/env bash
# Our logistic regression beside scikit-learn's on the same data: coefficients and times. It makes the Python
# environment that it needs under target/, and fails when a coefficient differs by more than 1e-6 of the largest.
# usage: bench/peers/compare_sklearn.sh [flights.csv.gz]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
environment="$root/target/peers"
unset OPENBLAS_CORETYPE

if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --disable-pip-version-check -c "$here/requirements.txt" numpy scikit-learn
exec "$environment/bin/python" "$here/compare_sklearn.py" "$@"
