#!/usr/bin/env bash
# ./dev run --once, on programs that are built already.
exec "$(dirname "$0")/first_run.sh" "$1" --once --folder "$(mktemp -d)/run"
