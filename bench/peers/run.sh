#!/usr/bin/env bash
# The same work on the peers and on ours, alternating in one run: see bench/README.md.
# usage: bench/peers/run.sh [--only W[,W]] [--quick] [--peers all] [--runs N]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
environment="$root/target/peers"
unset OPENBLAS_CORETYPE

if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
case " $* " in
*" --peers all "*)
    command -v mpirun > /dev/null || { echo "heat needs mpirun: install openmpi-bin and libopenmpi-dev" >&2; exit 1; }
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements-heavy.txt"
    ;;
esac

cargo build --release --locked --manifest-path "$root/Cargo.toml" --example workloads
mkdir -p "$root/target/peers-data"
exec "$environment/bin/python" "$here/run.py" --scratch "$root/target/peers-data" \
    --ours "$root/target/release/examples/workloads" "$@"
