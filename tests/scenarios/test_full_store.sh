#!/usr/bin/env bash
# Without room for receipts no answer leaves: refused with a retry hint, and nothing is lost.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
source "$top/tests/hostile/stubs.sh"

bin=$(cd "$1" && pwd)
home=$(mktemp -d)/carnet
trap scenario_end EXIT
daemon_init
stubs_make "$home/stubs"
"$python" -B "$top/tests/hostile/full.py" "$bin" "$home" "$home/stubs" || fail "a full store"
