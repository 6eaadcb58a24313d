#!/usr/bin/env bash
# Every remedy of every shipped case, carried out: it permits, and without any of its steps it does not.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
bin=$1
exec python3 "$top/tests/remedies/apply.py" "$bin/carnet" "$top/registry-data"
