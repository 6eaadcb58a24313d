#!/usr/bin/env bash
# An edit proposed by one person and approved by another changes the next answer, the registry digest
# in its receipt, and its "holds until"; nobody approves their own.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
daemon_begin "$1"

ask() { # FILE: the live question about the Belgian carrier, as JSON
	as checker
	rm -rf "$home/kept"
	"$bin/carnet" check --data-set line-out-calls --category user.contact.phone_number.caller \
		--purpose essential.service.operations.call_setup --to carrier-be --mode transmission \
		--fact subject.area=KR --performs contract-measures --performs disclose-in-privacy-policy --performs art17-basis \
		--performs supervise-entrustee --receipt "$home/kept" --output json >"$1" 2>"$home/err" || return $?
}
field() { # FILE JQ-LIKE PATH of python
	/usr/bin/python3 -c '
import base64, json, sys
answer = json.loads(open(sys.argv[1]).readline())
leaf = json.loads(base64.b64decode(answer["receipt"]["leaf"]))
decision = answer["decision"]
print(eval(sys.argv[2]))' "$1" "$2"
}

ask "$home/before" || fail "the question was not authorised before the edit: $(cat "$home/err")"
[ "$(field "$home/before" 'decision["authorises"]')" = True ] || fail "not authorised"

# The finding on the EEA ends on a day to come.
as auditor
"$bin/carnet" get finding kr-eea --output yaml >"$home/finding.yaml" || fail "get"
/usr/bin/python3 - "$home/finding.yaml" <<'EOF'
import sys
lines = open(sys.argv[1]).read().splitlines()
at = next(i for i, line in enumerate(lines) if line.strip().startswith("from:"))
indent = lines[at][:len(lines[at]) - len(lines[at].lstrip())]
lines.insert(at + 1, indent + "until: 2027-01-01")
open(sys.argv[1], "w").write("\n".join(lines) + "\n")
EOF

as editor
"$bin/carnet" propose -f "$home/finding.yaml" --reason "sunset announced" --output json >"$home/proposal" || fail "propose"
proposal=$(/usr/bin/python3 -c 'import json,sys; print(json.loads(open(sys.argv[1]).readline())["proposal"]["id"])' "$home/proposal")

ask "$home/proposed" || fail "a mere proposal changed the answer"
[ "$(field "$home/proposed" 'leaf["reg"]')" = "$(field "$home/before" 'leaf["reg"]')" ] || fail "a proposal moved the registry"

as editor
! "$bin/carnet" approve "$proposal" >/dev/null 2>&1 || fail "the editor approved their own proposal"
as approver
"$bin/carnet" approve "$proposal" >/dev/null || fail "approve"

ask "$home/after" || fail "asking after the edit"
[ "$(field "$home/after" 'decision["holds_until"]')" = 2027-01-01 ] || fail "holds until $(field "$home/after" 'decision["holds_until"]')"
[ "$(field "$home/before" 'decision["holds_until"]')" != 2027-01-01 ] || fail "it held until then before"
[ "$(field "$home/after" 'leaf["reg"]')" != "$(field "$home/before" 'leaf["reg"]')" ] || fail "the digest stayed"
[ "$(field "$home/after" 'leaf["reg_rev"]')" = 2 ] || fail "revision $(field "$home/after" 'leaf["reg_rev"]')"
"$bin/carnet" verify "$home/kept" --policy "$home/policy" >/dev/null || fail "the receipt does not verify"

# Two clocks: as the registry was known before, the answer is the old one, and advisory.
code=0
"$bin/carnet" check --data-set line-out-calls --category user.contact.phone_number.caller \
	--purpose essential.service.operations.call_setup --to carrier-be --mode transmission \
	--fact subject.area=KR --known-at 1 --output json >"$home/known" 2>/dev/null || code=$?
[ "$code" = 5 ] || fail "an advisory permission exits with $code"

# The same after a restart.
daemon_stop
daemon_start
ask "$home/restarted" || fail "asking after the restart"
[ "$(field "$home/restarted" 'leaf["reg"]')" = "$(field "$home/after" 'leaf["reg"]')" ] || fail "another registry after the restart"

# An etag that is no longer current, a dangling id, a wrong date: each refused, nothing changed.
as editor
sed 's/until: .*/until: 2020-02-30/' "$home/finding.yaml" >"$home/wrong.yaml"
code=0
"$bin/carnet" propose -f "$home/wrong.yaml" --reason x >/dev/null 2>"$home/err" || code=$?
[ "$code" != 0 ] && grep -q '2020-02-30 does not exist' "$home/err" || fail "a wrong date: $(cat "$home/err")"
daemon_stop
