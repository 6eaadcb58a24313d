#!/usr/bin/env bash
# Every dated pair of the source of adequacy findings comes out as the source says, and is a shipped case.
set -euo pipefail
bin=$1
top=$(cd "$(dirname "$0")/../.." && pwd)
source=$top/../shared/law/adequacy.yaml

[ -f "$source" ] || { echo "skipped: no ../shared/law/adequacy.yaml beside this folder" >&2; exit 0; }
/usr/bin/python3 -B "$top/tests/scenarios/adequacy_pairs.py" "$bin/carnet" "$top/registry-data" "$source" >&2
