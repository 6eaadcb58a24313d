#!/usr/bin/env bash
# Every exit code, so that `carnet check ... && send` is safe: 0 authorised, 1 denied, 2 usage, 3 indeterminate,
# 4 away or not allowed, 5 permitted but advisory or with duties not accepted; and of many answers the weightiest.
# An advisory answer is unmistakable in the table, in JSON, in its receipt and in the code.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
daemon_begin "$1"
carnet=$bin/carnet

expect() { # CODE WHAT COMMAND...: its output stays in $home/out and $home/err
	local wanted=$1 what=$2 code=0
	shift 2
	"$@" >"$home/out" 2>"$home/err" || code=$?
	[ "$code" = "$wanted" ] || { head -n 20 "$home/out" "$home/err" >&2; fail "$what exits with $code, not $wanted"; }
}
shows() { grep -qE -- "$1" "$home/out" || { head -n 20 "$home/out" >&2; fail "$2"; }; }
hides() { ! grep -qE -- "$1" "$home/out" || { head -n 20 "$home/out" >&2; fail "$2"; }; }
leaf_kind() { # FILE
	python3 -c 'import base64, json, sys
print(json.loads(base64.b64decode(json.loads(open(sys.argv[1]).readline())["receipt"]["leaf"]))["kind"])' "$1"
}

question=(--data-set line-out-calls --category user.contact.phone_number.caller
	--purpose essential.service.operations.call_setup --to carrier-be --mode transmission --fact subject.area=KR)
duties=(--performs contract-measures --performs disclose-in-privacy-policy --performs art17-basis
	--performs supervise-entrustee)
folder=(--registry "$top/registry-data")

# ---- One answer ----
expect 0 "an authorised answer" "$carnet" check "${question[@]}" "${duties[@]}"
shows '^authorises: yes' "no authorisation in the table"
hides 'ADVISORY|advisory' "a live answer calls itself advisory"
expect 5 "duties not accepted" "$carnet" check "${question[@]}"
shows 'NOT ACCEPTED' "the table does not say which duty"
hides 'ADVISORY' "a live answer calls itself advisory"
expect 1 "a refused duty" "$carnet" check "${question[@]}" --performs contract-measures=no
expect 1 "a denial" "$carnet" check "${question[@]/carrier-be/nobody-of-that-name}"
expect 3 "an open question" "$carnet" check --exporter line-plus --category user.name --to carrier-us

# ---- Advisory: for each of its four reasons ----
printf 'party: {id: somebody-else, area: BE, bound-by: none}\n' >"$home/given.yaml"
advisory() { # WHAT OPTION...
	local what=$1
	shift
	expect 5 "$what" "$carnet" check "${question[@]}" "${duties[@]}" "$@"
	shows '^PERMITTED[A-Z_]* \(advisory\)$' "$what: the verdict does not say so"
	shows '^authorises: no' "$what authorises"
	shows '^ADVISORY: this can never authorise' "$what: no line says so"
	expect 5 "$what as JSON" "$carnet" check "${question[@]}" "${duties[@]}" "$@" -o json
	shows '"advisory":true' "$what: not in JSON"
	hides '"authorises":true' "$what authorises in JSON"
}
advisory "as-of today" --as-of "$(date -u +%F)"
advisory "an older revision" --known-at 1
advisory "records given" --given "$home/given.yaml"
advisory "no server" "${folder[@]}"
expect 0 "a live receipt" "$carnet" check "${question[@]}" "${duties[@]}" -o json --receipt "$home/live"
[ "$(leaf_kind "$home/out")" = decision ] || fail "the receipt of a live answer is of kind $(leaf_kind "$home/out")"
for option in "--as-of $(date -u +%F)" "--known-at 1" "--given $home/given.yaml"; do
	# shellcheck disable=SC2086
	expect 5 "$option" "$carnet" check "${question[@]}" "${duties[@]}" -o json --receipt "$home/advice" $option
	[ "$(leaf_kind "$home/out")" = advisory ] || fail "$option: the receipt is of kind $(leaf_kind "$home/out")"
	rm "$home/advice"
done

# ---- Not asked at all ----
expect 2 "no question" "$carnet" check
expect 2 "an unknown option" "$carnet" check --two PARTY
expect 2 "a date that does not exist" "$carnet" check "${question[@]}" --as-of 2026-02-30
expect 2 "a file that is not there" "$carnet" check -f "$home/no-such-file.yaml" "${folder[@]}"
expect 2 "a broken folder" "$carnet" check "${question[@]}" --registry "$home/no-such-folder"
expect 2 "an unknown command" "$carnet" chekc
expect 4 "nobody listens" "$carnet" check "${question[@]}" --server 127.0.0.1:1
as auditor
expect 4 "a role that may not ask" "$carnet" check "${question[@]}"
as checker

# ---- Many answers: 1 if any, else 3, else 5, else 0 ----
cases() { # NAME...: a file of these cases
	local name separator=
	for name in "$@"; do
		printf '%s' "$separator"
		separator=$'---\n'
		case $name in
		good|bare)
			printf 'id: %s\nask:\n  data-set: line-out-calls\n  categories: [user.contact.phone_number.caller]\n' "$name"
			printf '  purpose: essential.service.operations.call_setup\n  facts: {subject.area: KR}\n'
			printf '  recipients: [{party: carrier-be, mode: transmission}]\n'
			[ "$name" = bare ] ||
				printf '  performs: {%s}\n' "contract-measures: yes, disclose-in-privacy-policy: yes, art17-basis: yes, supervise-entrustee: yes"
			;;
		open) printf 'id: open\nask: {exporter: line-plus, categories: [user.name], recipients: [carrier-us]}\n' ;;
		denied) printf 'id: denied\nask: {exporter: line-plus, categories: [user.name], recipients: [nobody-of-that-name]}\n' ;;
		wrong) printf 'id: wrong\nask: {exporter: line-plus}\n' ;;
		esac
	done
}
many() { # CODE NAME...
	local wanted=$1
	shift
	cases "$@" >"$home/many.yaml"
	expect "$wanted" "$*" "$carnet" check -f "$home/many.yaml"
}
many 0 good good
many 5 good bare good
many 3 bare open good
many 1 open denied bare good
many 1 good denied
many 2 good wrong denied
expect 5 "many offline" "$carnet" check -f <(cases good good) "${folder[@]}"
expect 4 "many, and nobody listens" "$carnet" check -f "$home/many.yaml" --server 127.0.0.1:1

# ---- Each answer says which case it was, and how it came out ----
{ cases good; printf 'expect: {verdict: permitted-with-obligations}\n---\n'; cases denied; printf 'expect: {verdict: permitted}\n---\n'
	cases open | grep -v '^id:'; } >"$home/many.yaml"
for where in "" "${folder[*]}"; do
	# shellcheck disable=SC2086
	expect 1 "the cases" "$carnet" check -f "$home/many.yaml" $where
	shows "^good \($home/many.yaml:1\)$" "the first case has no name"
	shows '^as expected$' "nothing is as expected"
	shows "^denied \($home/many.yaml:11\)$" "the second case has no name"
	shows '^NOT AS EXPECTED$' "nothing is otherwise"
	shows '^  verdict: expected PERMITTED, came out DENIED$' "the difference is not told"
	shows "^$home/many.yaml:15$" "a case without id is not named by its place"
	# shellcheck disable=SC2086
	expect 1 "the cases as JSON" "$carnet" check -f "$home/many.yaml" -o json $where
	python3 - "$home/out" "$home/many.yaml" <<-'EOF' || fail "the members of case, in JSON"
		import json, sys
		good, denied, unnamed = [json.loads(line) for line in open(sys.argv[1])]
		assert good["case"] == {"id": "good", "file": sys.argv[2], "line": 1, "as_expected": True}, good["case"]
		assert denied["case"]["as_expected"] is False, denied["case"]
		assert denied["case"]["differences"] == ["verdict: expected PERMITTED, came out DENIED"], denied["case"]
		assert unnamed["case"] == {"file": sys.argv[2], "line": 15}, unnamed["case"]
		assert all("verdict" in one["decision"] for one in (good, denied, unnamed))
	EOF
	# shellcheck disable=SC2086
	expect 1 "the cases as YAML" "$carnet" check -f "$home/many.yaml" -o yaml $where
	python3 -c 'import sys, yaml
good, denied, unnamed = yaml.safe_load_all(open(sys.argv[1]))
assert good["case"]["as-expected"] is True and denied["case"]["as-expected"] is False and "id" not in unnamed["case"]
assert "verdict" in good["decision"]' "$home/out" || fail "the members of case, in YAML"
done

# ---- carnet test and carnet expiring: 0 nothing to report, 1 found something ----
# (offline a verdict is compared as the server would give it)
expect 1 "a case that comes out otherwise" "$carnet" test -f "$home/many.yaml" "${folder[@]}"
shows '^FAIL denied \(' "the failing case is not named"
shows '^     asked: line-plus \[user.name\] to nobody-of-that-name, on ' "the question is not told"
shows '^     verdict: expected PERMITTED, came out DENIED$' "the difference is not told"
expect 1 "the same, asked of the server" "$carnet" test -f "$home/many.yaml"
expect 0 "the one that does" "$carnet" test -f "$home/many.yaml" "${folder[@]}" --case good
expect 0 "the same by pattern" "$carnet" test -f "$home/many.yaml" "${folder[@]}" --case 'g*'
expect 2 "a case that is not there" "$carnet" test -f "$home/many.yaml" "${folder[@]}" --case goood
grep -q "did you mean 'good'" "$home/err" || fail "no guess at the case: $(cat "$home/err")"
expect 2 "a date that does not exist" "$carnet" test "${folder[@]}" --on 2026-02-30
expect 2 "coverage of nothing" "$carnet" test -f "$home/many.yaml" --coverage
expect 4 "nobody listens" "$carnet" test -f "$home/many.yaml" --server 127.0.0.1:1

# The set time: the same on every day, another one on demand.
printf 'id: t\nask: {exporter: line-plus, categories: [user.name], recipients: [carrier-us]}\nexpect: {verdict: permitted}\n' >"$home/day.yaml"
reviewed=$(grep -rhoE '^  reviewed: [0-9-]+' "$top/registry-data" --include='rulebook*.yaml' | sort | tail -1 | cut -d' ' -f4)
expect 1 "a case without as-of" "$carnet" test -f "$home/day.yaml" "${folder[@]}" -o json
shows "on $reviewed\"" "without --on the day is not the last review, $reviewed"
expect 1 "the same on a day" "$carnet" test -f "$home/day.yaml" "${folder[@]}" --on 2024-02-29 -o json
shows 'on 2024-02-29"' "--on did not set the day"
expect 1 "the same of the server" "$carnet" test -f "$home/day.yaml" --on 2024-02-29 -o json
shows 'on 2024-02-29"' "--on did not set the server's day"

# Coverage: what the shipped cases do not touch, as a table and as JSON.
expect 0 "coverage of one case" "$carnet" test "${folder[@]}" --case LO-001 --coverage
shows '^RULEBOOK +SLICES +GROUNDS' "no table by rulebook"
shows '^line-out-policy +[0-9]+/[0-9]+ +1/' "the one ground that was touched is not counted"
shows '^  rulebook/cn-pipl@2024-03-22$' "a rulebook that no case touched is not listed"
hides 'ground line-out-policy/85$' "the ground that decided is called untouched"
expect 0 "coverage as JSON" "$carnet" test "${folder[@]}" --case LO-001 --coverage -o json
tail -1 "$home/out" | python3 -c 'import json, sys
coverage = json.load(sys.stdin)["coverage"]
law = next(one for one in coverage["rulebooks"] if one["rulebook"] == "line-out-policy")
assert law["grounds"]["touched"] == 1 < law["grounds"]["of"], law
assert {"kind": "rulebook", "id": "cn-pipl", "from": "2024-03-22"} in coverage["untouched"]
assert coverage["kinds"]["finding"]["of"] > 100' || fail "coverage in JSON"
daemon_stop
