#!/usr/bin/env bash
# What ends or is due for review, by day, with who looks after it: the same from folders and from a server.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"

scratch=$(mktemp -d)
mkdir "$scratch/ours"
cat >"$scratch/ours/firm.yaml" <<'E2'
party: {id: firm, area: DE, bound-by: [{rulebook: us, until: 2020-03-01}], establishments: [{area: FR, until: 2020-04-01}], review-by: 2019-12-01}
---
party: {id: vendor, area: US, bound-by: none}
---
term: {id: firm-paper, kind: instrument-kind, owner: company-board}
---
term: {id: firm-seal, kind: scheme, owner: vendor-management}
---
term: {id: firm-check, kind: assessment, owner: security-team}
---
agreement: {id: firm.vendor.old, exporter: firm, importer: vendor, instrument: firm-contract, signed: 2018-01-01, until: 2020-02-01}
---
agreement: {id: firm.vendor.old, from: 2020-02-01, exporter: firm, importer: vendor, instrument: firm-contract, signed: 2020-01-20}
---
instrument:
  id: firm-contract
  kind: firm-paper
  laws: [{rulebook: firm-rules, sign-until: 2020-01-15, rely-until: 2020-06-01}]
  source: [Handbook]
  confidence: high
---
certificate: {id: vendor.shield, holder: vendor, scheme: firm-seal, status: active, next-due: 2020-05-01}
---
assessment: {id: firm.vendor.check, kind: firm-check, exporter: firm, importer: vendor, outcome: passed, date: 2018-12-01, next-due: 2019-12-15}
---
order:
  id: stop-vendor
  by: eu-gdpr
  importer: vendor
  stays: [{from: 2019-06-01, until: 2020-01-10}]
  source: [Letter]
  confidence: high
---
finding:
  id: firm-on-us
  by: firm-rules
  area: US
  says: adequate
  until: 2020-01-31
  sunset: 2020-01-31
  source: [Minutes]
  confidence: high
---
rulebook:
  id: firm-rules
  kind: policy
  owner: security-team
  applies: {exporter.party: firm}
  grounds:
    - {id: firm-rules/1, cite: Rule 1, needs: [{leg.area: US}], until: 2020-01-20, review-by: 2020-02-20, source: [Handbook], confidence: high}
  default: prohibited
  source: [Handbook]
  confidence: high
E2

carnet=$(cd "$1" && pwd)/carnet
listed() { # FILE OPTION...: day, kind, id and what, of our own records alone
	local file=$1
	shift
	code=0
	"$carnet" expiring --on 2020-01-01 --within 200 "$@" -o json >"$scratch/json" 2>"$scratch/err" || code=$?
	[ "$code" = 1 ] || { cat "$scratch/err" >&2; fail "exits with $code"; }
	python3 -c 'import json, sys
for line in open(sys.argv[1]):
    one = json.loads(line)
    if "firm" in one["id"] or "vendor" in one["id"]:
        print(one["day"], one["kind"], one["id"], one["field"] + ":", one["what"], "|", one["owner"] or "nobody")' "$scratch/json" >"$file"
}

cat >"$scratch/wanted" <<'E2'
2019-12-01 party firm review-by: OVERDUE: is due for review | nobody
2019-12-15 assessment firm.vendor.check next-due: OVERDUE: is due again; from that day it does not count | security-team
2020-01-10 order stop-vendor stays.until: is no longer stayed: it bites | legal-team
2020-01-15 instrument firm-contract laws.sign-until: can no longer be signed for firm-rules | security-team
2020-01-20 rulebook firm-rules grounds.until: ground firm-rules/1 ends | security-team
2020-01-31 finding firm-on-us sunset: ends with its own act, unless that is renewed; nothing follows | security-team
2020-02-01 agreement firm.vendor.old until: ends; another slice goes on | company-board
2020-02-20 rulebook firm-rules grounds.review-by: ground firm-rules/1 is due for review | security-team
2020-03-01 party firm bound-by.until: is no longer bound by us | nobody
2020-04-01 party firm establishments.until: is no longer established in FR | nobody
2020-05-01 certificate vendor.shield next-due: is due again; from that day it does not count | vendor-management
2020-06-01 agreement firm.vendor.old instrument: can no longer be relied on under firm-rules: its instrument firm-contract cannot | company-board
2020-06-01 instrument firm-contract laws.rely-until: can no longer be relied on under firm-rules | security-team
E2
listed "$scratch/offline" --registry "$top/registry-data" --registry "$scratch/ours"
diff "$scratch/wanted" "$scratch/offline" >&2 || fail "from folders"
# All of it is in the order of days.
python3 -c 'import json, sys
days = [json.loads(line)["day"] for line in open(sys.argv[1])]
assert len(days) > 13 and days == sorted(days)' "$scratch/json" || fail "not in the order of days"
cp "$scratch/json" "$scratch/offline.json"

# The same of a server that holds the same.
cp -r "$top/registry-data" "$scratch/both"
cp "$scratch/ours/firm.yaml" "$scratch/both/firm.yaml"
daemon_init() {
	"$bin/carnetd" init --dev --data "$home" --registry "$scratch/both" >>"$home.log" 2>&1 || { cat "$home.log" >&2; fail "carnetd init"; }
}
daemon_begin "$1"
as auditor
listed "$scratch/online"
diff "$scratch/wanted" "$scratch/online" >&2 || fail "from a server"
diff "$scratch/offline.json" "$scratch/json" >&2 || fail "a server lists otherwise than its folders"
daemon_stop

# A table for people, YAML for programs; 0 when there is nothing; 2 for a wrong command line.
expect() { # CODE WHAT COMMAND...
	local wanted=$1 what=$2
	shift 2
	code=0
	"$@" >"$scratch/out" 2>"$scratch/err" || code=$?
	[ "$code" = "$wanted" ] || { head -n 20 "$scratch/out" "$scratch/err" >&2; fail "$what exits with $code, not $wanted"; }
}
folders=(--registry "$top/registry-data" --registry "$scratch/ours")
expect 1 "the table" "$carnet" expiring "${folders[@]}" --on 2020-01-01 --within 30
grep -qE '^2019-12-01 +party +firm +OVERDUE: is due for review' "$scratch/out" || fail "the table does not say what is overdue"
! grep -q 2020-02-20 "$scratch/out" || fail "--within 30 looks further"
expect 1 "YAML" "$carnet" expiring "${folders[@]}" --on 2020-01-01 -o yaml
python3 -c 'import sys, yaml
one = next(iter(yaml.safe_load_all(open(sys.argv[1]))))
assert one["day"] == "2019-12-01" and one["overdue"] is True and one["kind"] == "party", one' "$scratch/out" || fail "YAML"
expect 0 "a day before anything" "$carnet" expiring "${folders[@]}" --on 1990-01-01 --within 1
expect 2 "no number of days" "$carnet" expiring "${folders[@]}" --within soon
expect 2 "a date that does not exist" "$carnet" expiring "${folders[@]}" --on 2020-02-30
expect 2 "an argument" "$carnet" expiring "${folders[@]}" agreement
expect 4 "nobody listens" "$carnet" expiring --server 127.0.0.1:1

# The shipped law: the decision on the United Kingdom ends with its act.
expect 1 "the shipped registry" "$carnet" expiring --registry "$top/registry-data" --on 2031-11-01
grep -qE '^2031-12-28 +finding +eu-gb +ends with its own act, unless that is renewed; nothing follows +legal-team' "$scratch/out" ||
	fail "the sunset of eu-gb is not listed"
rm -rf "$scratch"
