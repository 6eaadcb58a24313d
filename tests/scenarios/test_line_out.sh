#!/usr/bin/env bash
# All 83 questions of the LINE Out policy are cases, and come out as their source says or say why not.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
source=$top/../shared/law/line_out.yaml

[ -f "$source" ] || { echo "no ../shared/law/line_out.yaml here: compared with the table alone"; source=; }
python3 "$top/tests/scenarios/line_out.py" "$1/carnet" "$top/registry-data" \
	"$top/tests/scenarios/line_out.table" ${source:+"$source"}
