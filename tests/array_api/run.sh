#!/usr/bin/env bash
# The public suite array-api-tests on nums.numpy: an embedded cluster of 4 nodes, with blocks so small that every example
# crosses their borders. Fails when a test fails that excluded.txt does not name. The Python environment and the suite are
# made under target/.
# usage: tests/array_api/run.sh [arguments of pytest, such as -k exp]
#   MAX_EXAMPLES=20        examples of each test; tests that compare element by element run a tenth of them
#   ARRAY_API_TESTS=path   a checkout of the suite with its submodule, which is cloned otherwise
#   PACKAGE=path           a folder with a built package `nums`; the package of this checkout is built and installed otherwise
#   EXCLUDED=run           runs what is excluded too, and lists what passes by now
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
made="$root/target/array_api"
python="$made/environment/bin/python"
suite_commit=55fcc60179efa2680ddd6cd926ddf17b83530e2b

if [ ! -x "$python" ]; then
    python3 -m venv "$made/environment"
fi
"$python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
export PYTHONPATH="$here${PACKAGE:+:$PACKAGE}"
if [ -z "${PACKAGE:-}" ]; then
    "$python" -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps "$root/array/python"
fi

suite=${ARRAY_API_TESTS:-$made/suite}
if [ ! -d "$suite" ]; then
    # Under its name only when it is whole.
    rm -rf "$suite.part"
    git clone --quiet https://github.com/data-apis/array-api-tests "$suite.part"
    git -C "$suite.part" checkout --quiet "$suite_commit"
    git -C "$suite.part" submodule --quiet update --init
    mv "$suite.part" "$suite"
fi

case "${EXCLUDED:-skip}" in
    skip) export ARRAY_API_TESTS_XFAIL_MARK=skip; options=(-r fE) ;;
    run) export ARRAY_API_TESTS_XFAIL_MARK=xfail; options=(-r fEX -p no_shrink) ;;
    *) echo "expected EXCLUDED=run or nothing, got '$EXCLUDED'" >&2; exit 2 ;;
esac
export NUMS_NODES=4 NUMS_BLOCK_BYTES=16 NUMS_PLACES=8
export ARRAY_API_TESTS_MODULE=nums.numpy ARRAY_API_TESTS_VERSION=2025.12
cd "$suite"
exec "$python" -m pytest array_api_tests -q -p no:cacheprovider --tb short "${options[@]}" \
    --max-examples "${MAX_EXAMPLES:-20}" --derandomize --disable-deadline --xfails-file "$here/excluded.txt" "$@"
