#!/usr/bin/env bash
# carnet find: the same online and offline, never exit code 0, each page with an advisory receipt that
# verifies; what is found is what carnet check permits.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
daemon_begin "$1"

question=(--data-set line-out-calls --category user.contact.phone_number.caller
	--purpose essential.service.operations.call_setup --mode transmission --fact subject.area=KR)

run() { # EXIT-CODE OUT COMMAND...
	local wanted=$1 out=$2 code=0
	shift 2
	"$bin/carnet" "$@" >"$out" 2>"$home/err" || code=$?
	[ "$code" = "$wanted" ] || { cat "$out" "$home/err" >&2; fail "carnet $*: exit code $code, not $wanted"; }
}
ids() { /usr/bin/python3 -c 'import json, sys
for line in open(sys.argv[1]):
    for one in json.loads(line).get("found", []): print(one["id"], one["verdict"], *one.get("duties", []))' "$1"; }

search() { # WHAT FLAG...: online and offline alike
	run 5 "$home/online" find "$@" --output json --receipt "$home/kept"
	run 5 "$home/offline" find "$@" --output json --registry "$top/registry-data"
	ids "$home/online" >"$home/found"
	ids "$home/offline" | cmp - "$home/found" || fail "find $1 finds something else offline"
	[ -s "$home/found" ] || fail "find $1 found nothing"
}
search recipients "${question[@]}"
mv "$home/found" "$home/recipients"
search destinations --to carrier-be "${question[@]}"

# Whoever is found, check permits; whoever is not, it does not.
"$bin/carnet" list party --output json | /usr/bin/python3 -c 'import json, sys
for line in sys.stdin: print(json.loads(line)["record"]["party"]["id"])' >"$home/parties"
while read -r party; do
	code=0
	"$bin/carnet" check "${question[@]:0:6}" --to "$party" "${question[@]:6}" >/dev/null 2>&1 || code=$?
	case $code in 0 | 5) verdict=permits ;; 1 | 3) verdict=refuses ;; *) fail "check --to $party: $code" ;; esac
	grep -q "^$party " "$home/recipients" && found=permits || found=refuses
	[ "$found" = "$verdict" ] || fail "$party: check $verdict, find $found"
done <"$home/parties"

# Receipts: advisory, and they verify.
run 0 "$home/verified" verify "$home/kept" --policy "$home/policy" --output json
/usr/bin/python3 - "$home/verified" <<'EOF' || fail "the receipts of searches"
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert len(lines) == 2, lines
for line in lines:
    assert line["valid"] and line["kind"] == "advisory", line
    assert sorted(line["disclosures"]) == ["context", "outcome", "request", "subject"], line
assert {line["disclosures"]["request"]["open"] for line in lines} == {"recipient", "destination"}
EOF

# For people; nothing found; words that nobody registered; usage; nobody there.
run 5 "$home/out" find recipients "${question[@]}"
grep -q '^carrier-be  *PERMITTED_WITH_OBLIGATIONS' "$home/out" || fail "the table: $(cat "$home/out")"
grep -q 'ADVISORY: a search never authorises' "$home/err" || fail "it does not say what it is"
run 1 "$home/out" find destinations --to support-vn --data-set line-out-calls --registry "$top/registry-data"
run 1 "$home/out" find recipients --data-set line-out-cals
grep -q "did you mean 'line-out-calls'" "$home/err" || fail "no did-you-mean: $(cat "$home/err")"
run 2 "$home/out" find destinations "${question[@]}"
grep -q 'question.recipients\[0\].party: missing' "$home/err" || fail "no recipient: $(cat "$home/err")"
run 2 "$home/out" find recipients --data-set line-out-calls --to carrier-be --to line-plus --to any
grep -q "recipients\[1\].party: the chain comes back to 'line-plus'" "$home/err" || fail "a circle: $(cat "$home/err")"
run 2 "$home/out" find everything
run 1 "$home/out" find recipients -f "$top/registry-data/live/cases.yaml" --output json
run 1 "$home/offline" find recipients -f "$top/registry-data/live/cases.yaml" --output json --registry "$top/registry-data"
ids "$home/out" >"$home/found"
ids "$home/offline" | cmp - "$home/found" || fail "the questions of a file have other answers offline"
as auditor
run 4 "$home/out" find recipients "${question[@]}"
daemon_stop
as checker
run 4 "$home/out" find recipients "${question[@]}"
