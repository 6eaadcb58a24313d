#!/usr/bin/env bash
# Remedies of every shipped case, carried out: it permits, and without any of its steps it does not.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
bin=$1
sanitizers_begin
every=1
[ "$(fewer 'of twenty cases' 20 1)" = 20 ] || every=20
# Two remedies of each case; without the number it would be all of them.
/usr/bin/python3 "$top/tests/remedies/apply.py" "$bin/carnet" "$top/registry-data" 2 "$every"
sanitizers_silent
