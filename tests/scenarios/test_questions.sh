#!/usr/bin/env bash
# Every shipped case comes out as expected: offline over the folder, and asked of the running daemon.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
daemon_begin "$1"

expect_all() { # WHAT COMMAND...
	local what=$1
	shift
	"$@" >"$home/out" 2>"$home/err" || { cat "$home/out" "$home/err" >&2; fail "$what"; }
	say "$what: $(tail -1 "$home/err")"
}

source "$top/tests/foreign/answers.sh"
questions_begin
files=()
for file in "${cases[@]}"; do files+=(-f "$file"); done

if [ -z "$sanitizer" ]; then
	expect_all "offline" "$bin/carnet" test --registry "$top/registry-data"
else
	expect_all "offline" "$bin/carnet" test --registry "$top/registry-data" "${files[@]}"
fi
expect_all "asked of carnetd" "$bin/carnet" test "${files[@]}"

# The questions of the policy that are certain and need only the policy or Korean law: 46 of them.
certain="001 002 004 005 007 010 013 014 016 019 020 022 026 028 029 031 032 034 035 037 038 040 041 044 046 050
	052 053 055 058 059 061 062 064 065 067 068 070 071 074 076 077 082 083 089 091"
count=0
for number in $certain; do
	grep -qE "^id: (LO-$number|lo-$number)\$" "$top/registry-data/line-out/cases.yaml" || fail "LO-$number is no case"
	count=$((count + 1))
done
[ "$count" = 46 ] || fail "$count certain questions"
daemon_stop
