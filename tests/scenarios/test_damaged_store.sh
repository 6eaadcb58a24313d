#!/usr/bin/env bash
# A store with a changed bit is refused, or the damage is reported: never signed, never answered from.
#   test_damaged_store.sh BIN [FLIPS [SEED]]
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
source "$top/tests/hostile/stubs.sh"

bin=$(cd "$1" && pwd)
home=$(mktemp -d)/carnet
may_fault=1
trap 'rm -rf "$home-damaged" "$home-stubs"; scenario_end' EXIT
daemon_init
stubs_make "$home-stubs"
"$python" -B "$top/tests/hostile/damage.py" "$bin" "$home" "$home-stubs" "${2:-$(fewer "flips at random" 40 5)}" "${3:-$RANDOM}" ||
	fail "a damaged store"
