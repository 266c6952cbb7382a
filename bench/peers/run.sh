#!/usr/bin/env bash
# The same work on the peers and on ours, alternating in one run: see bench/README.md.
# usage: bench/peers/run.sh [--only W[,W]] [--quick] [--peers all] [--runs N]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
environment="$root/target/peers"
heat="$root/target/peers-heat"
unset OPENBLAS_CORETYPE

if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
# What cannot be installed here is told, and then fails its rows of the table.
case " $* " in
*" --peers all "*)
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements-heavy.txt" ||
        echo "the heavy peers of requirements-heavy.txt are missing" >&2
    # Debian's PyTorch is built for CPUs; the one of the package index brings several GB of libraries for GPUs along.
    # HeAT's own dependencies are Debian's packages.
    if [ ! -x "$heat/bin/python" ]; then
        /usr/bin/python3 -m venv --system-site-packages "$heat" || echo "heat needs python3-venv" >&2
    fi
    "$heat/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements-heat.txt" ||
        echo "heat is missing" >&2
    /usr/bin/python3 -c "import mpi4py, torch, torchvision" && command -v mpirun > /dev/null ||
        echo "heat needs openmpi-bin python3-mpi4py python3-torch python3-torchvision libopenblas0-pthread" >&2
    ;;
esac

# Cargo names the binary of a benchmark after a hash, and says what it is.
ours=$(cargo build --release --locked --manifest-path "$root/Cargo.toml" --bench workloads \
    --message-format json-render-diagnostics | "$environment/bin/python" -c '
import json, sys
artifacts = [json.loads(line) for line in sys.stdin]
built = [a for a in artifacts if a.get("executable") and a["target"]["name"] == "workloads"]
print(built[0]["executable"])')
mkdir -p "$root/target/peers-data"
exec "$environment/bin/python" "$here/run.py" --scratch "$root/target/peers-data" \
    --ours "$ours" --heat-python "$heat/bin/python" "$@"
