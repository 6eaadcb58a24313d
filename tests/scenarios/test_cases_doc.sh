#!/usr/bin/env bash
# docs/cases.md is true: each block of YAML on it is read and answered, and it leaves no record kind, fact or
# caller's term of the shipped registry out.
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
carnet=$1/carnet
page=$top/docs/cases.md
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() { echo "FAILED: $*" >&2; exit 1; }

# One file per block, named by its line: what is wrong is found again.
mkdir "$scratch/page"
awk -v folder="$scratch/page" '
	/^```yaml$/ { file = sprintf("%s/line-%04d.yaml", folder, NR); next }
	/^```$/ { file = ""; next }
	file { print >file }' "$page"
blocks=$(grep -c '^```yaml$' "$page")
files=$(find "$scratch/page" -type f | wc -l)
[ "$blocks" = "$files" ] || fail "$blocks blocks, $files files"

# Alone: records and cases together, so that `test` finds both; the shipped cases are tested elsewhere.
grep -lE '^ask:' "$scratch"/page/* >"$scratch/cases"
while read -r file; do set -- "$@" --case "$(sed -n 's/^id: //p' "$file")"; done <"$scratch/cases"
shift
count=$(wc -l <"$scratch/cases")
[ "$count" -ge 18 ] || fail "only $count worked cases"
"$carnet" test --registry "$top/registry-data" --registry "$scratch/page" --case trial-data-is-never-sold "$@" \
	-v >"$scratch/out" 2>"$scratch/err" || { grep -v "^ok " "$scratch/out" >&2 || true; cat "$scratch/err" >&2; fail "a case of the page"; }
[ "$(grep -c '^ok ' "$scratch/out")" = $((count + 1)) ] || { cat "$scratch/out" >&2; fail "a case was not asked"; }
! grep -q 'was ignored' "$scratch/err" || { cat "$scratch/err" >&2; fail "the page states what nobody may state"; }

# Each compares something, or it could not fail.
while read -r file; do grep -qE '^expect:' "$file" || fail "$file expects nothing"; done <"$scratch/cases"

missing=
mention() { grep -qF "\`$1\`" "$page" || missing+=" $1"; }
kinds=$(sed -n '/oneof body/,/}/s/^ *[A-Za-z]* \([a-z_]*\) = .*/\1/p' "$top/proto/carnet/v1/registry.proto" | tr _ -)
facts=$(sed -n '/facts\[FACT_COUNT\]/,/^};/s/.*("\([a-z.-]*\)".*/\1/p' "$top/lib/engine/fact.c")
terms=$("$carnet" list term --registry "$top/registry-data" -o json | grep '"kind":"FACT"' | grep '"by":"CALLER"' |
	sed 's/.*"id":"\([^"]*\)".*/\1/')
[ "$(wc -w <<<"$kinds")" -ge 18 ] && [ "$(wc -w <<<"$facts")" -ge 36 ] && [ "$(wc -w <<<"$terms")" -ge 52 ] ||
	fail "$(wc -w <<<"$kinds") kinds, $(wc -w <<<"$facts") facts, $(wc -w <<<"$terms") terms: not all were found"
for name in $kinds $facts $terms; do mention "$name"; done
[ -z "$missing" ] || fail "docs/cases.md does not mention:$missing"

# A kind is not only named: there is one in a block.
for kind in $kinds; do grep -rqE "^$kind:" "$scratch/page" || missing+=" $kind"; done
[ -z "$missing" ] || fail "docs/cases.md shows no record of kind$missing"
# A caller's term is not only named: a case states it.
for term in $terms; do grep -rqE "^    $term: " "$scratch/page" || missing+=" $term"; done
[ -z "$missing" ] || fail "no case of docs/cases.md states$missing"
for fact in $facts; do grep -rqE "[ {]$fact: " "$scratch/page" || missing+=" $fact"; done
[ -z "$missing" ] || fail "no case of docs/cases.md reads$missing"
echo "$blocks blocks, $count cases, $(wc -w <<<"$kinds $facts $terms") words"
