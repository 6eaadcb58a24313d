#!/usr/bin/env bash
# Remedies of every shipped case, carried out: it permits, and without any of its steps it does not.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
bin=$1
# Two remedies of each case; without the number it would be all of them.
exec python3 "$top/tests/remedies/apply.py" "$bin/carnet" "$top/registry-data" 2
