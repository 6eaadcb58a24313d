#!/usr/bin/env bash
# No finding of the shipped registry goes on past the last day that the law data gives it.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
source=$top/../shared/law/adequacy.yaml

[ -f "$source" ] || { echo "no ../shared/law/adequacy.yaml here: nothing to compare with"; exit 0; }
python3 "$top/tests/scenarios/law_dates.py" "$1/carnet" "$top/registry-data" "$source"
