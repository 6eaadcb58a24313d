#!/usr/bin/env bash
# kill -9 under load: every receipt that a client holds verifies afterwards, and the log only grew.
#   test_crash.sh BIN [ROUNDS [SEED]]
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
source "$top/tests/hostile/stubs.sh"

bin=$(cd "$1" && pwd)
home=$(mktemp -d)/carnet
trap scenario_end EXIT
daemon_init
stubs_make "$home/stubs"
mkdir "$home/kept"

rounds=${2:-$(fewer rounds 100 10)}
"$python" -B "$top/tests/hostile/crash.py" "$bin" "$home" "$home/stubs" "$home/kept" "$rounds" "${3:-$RANDOM}" ||
	fail "after a kill -9"

files=$(find "$home/kept" -name '*.tlog-proof' | wc -l)
"$bin/carnet" verify "$home/kept" --policy "$home/policy" >"$home/verified" || { grep -v '^valid ' "$home/verified" | head -20 >&2; fail "carnet verify"; }
verified=$(grep -c '^valid ' "$home/verified")
[ "$verified" = "$files" ] && [ "$files" -gt 0 ] || fail "$verified of $files files verify"
say "receipt files verified: $verified"
