#!/usr/bin/env bash
# Bad input at every door: the socket, gRPC, the command line, the files that are read.  Each gets the
# error that is promised, and the daemon stays up: the same process answers at the end.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
source "$top/tests/hostile/stubs.sh"
daemon_begin "$1"
stubs_make "$home/stubs"
first_pid=$daemon_pid
faults=0

wrong() {
	say "$*"
	faults=$((faults + 1))
}

# The command must end with CODE and say PATTERN, on one line or more, and never by a signal.
expect() { # WHAT CODE PATTERN COMMAND...
	local what=$1 code=$2 pattern=$3 got=0
	shift 3
	timeout 60 "$@" >"$home/out" 2>&1 </dev/null || got=$?
	[ "$got" = "$code" ] || wrong "$what: ended with $got, expected $code: $(head -c 300 "$home/out")"
	grep -qE -- "$pattern" "$home/out" || wrong "$what: does not say '$pattern': $(head -c 300 "$home/out")"
}

carnet() { "$bin/carnet" "$@"; }
check() { # WHAT CODE PATTERN OPTION...: a question that is good but for the options
	expect "$1" "$2" "$3" "$bin/carnet" check --exporter line-plus --category user.contact --purpose essential.service "${@:4}"
}

# ---- The socket and gRPC

"$python" -B "$top/tests/hostile/bad_bytes.py" "$address" "$home" "$home/stubs" || wrong "bad bytes"
"$python" -B "$top/tests/hostile/bad_calls.py" "$address" "$home" "$home/stubs" || wrong "bad calls"

# ---- The command line: questions

as checker
check "an unknown party" 1 "did you mean 'carrier-be'" --to carrier-bee
check "an unknown area" 1 "did you mean 'KR'" --to carrier-be --storage KRR
check "a day that does not exist" 2 '2025-02-30 does not exist' --to carrier-be --as-of 2025-02-30
check "no recipient" 2 'recipients|--to'
check "a purpose twice" 2 '--purpose is there twice' --purpose essential.service --to carrier-be
check "a mode that is none" 2 'teleport' --to carrier-be --mode teleport
check "a revision that is no number" 2 'known-at' --to carrier-be --known-at yesterday
check "a revision far ahead" 2 'known_at|known-at' --to carrier-be --known-at 99999
check "a fact without a name" 2 'fact' --to carrier-be --fact =5
check "an option that is none" 2 'frobnicate' --to carrier-be --frobnicate
check "an option without its value" 2 'to' --to
check "bad UTF-8" 2 'UTF-8' --to $'carrier-\xff'
check "a form that is none" 2 'output' --to carrier-be --output xml
check "a receipt where nothing can be" 2 'nowhere' --to carrier-be --receipt "$home/nowhere/at/all.tlog-proof"
expect "a command that is none" 2 'chekc' "$bin/carnet" chekc
expect "no command" 2 'Usage' "$bin/carnet"
expect "a file that is not there" 2 'not-there.yaml' "$bin/carnet" check -f "$home/not-there.yaml"

# ---- The command line: servers and identities

expect "nobody listens" 4 'refused' "$bin/carnet" check --exporter line-plus --category user.contact --to carrier-be --server 127.0.0.1:1
expect "an address that is none" 2 'host:port' "$bin/carnet" check --to carrier-be --server nowhere
expect "a port that is none" 2 'port' "$bin/carnet" check --to carrier-be --server 127.0.0.1:99999
expect "no certificate" 2 'not-there' "$bin/carnet" check --to carrier-be --cert "$home/not-there.pem"
expect "a key for a certificate" 2 'checker.key' "$bin/carnet" check --to carrier-be --cert "$home/checker.key"
expect "another's key" 2 'auditor.key' "$bin/carnet" check --to carrier-be --key "$home/auditor.key"
as auditor
check "the wrong role" 4 'lacks the role checker' --to carrier-be
as checker
expect "an approval by a checker" 4 'lacks the role approver' "$bin/carnet" approve "$(printf 'A%.0s' {1..43})"
expect "no such record" 1 'area/XX' "$bin/carnet" get area XX
expect "no such kind" 2 'aera' "$bin/carnet" get aera KR

# ---- Files of questions

bad_file() { # WHAT CODE PATTERN TEXT
	printf "$4" >"$home/bad.yaml"
	expect "$1" "$2" "$3" "$bin/carnet" check -f "$home/bad.yaml"
}
bad_file "an empty file" 2 'there is no case' ''
bad_file "no YAML" 2 'bad.yaml:2:1: not YAML' 'ask: [unclosed'
bad_file "a tab" 2 'bad.yaml:2:1: not YAML: .*indent with spaces' 'ask:\n\texporter: x\n'
bad_file "a field nobody knows" 2 "did you mean 'exporter'" 'id: x\nask: {exportr: line-plus}\n'
bad_file "a key twice" 2 'bad.yaml:4: ask.exporter: the key stands here a second time, first on line 3' 'id: x\nask:\n  exporter: a\n  exporter: b\n'
bad_file "an anchor" 2 'anchor' 'id: x\nask: &a {exporter: line-plus}\n'
bad_file "an alias" 2 'anchor|alias' 'id: x\nask: *a\n'
bad_file "a tag" 2 'tag' 'id: x\nask: !!python/object:os.system {exporter: line-plus}\n'
bad_file "bad UTF-8 in a file" 2 'UTF-8' 'id: x\nask: {exporter: "line\xffplus"}\n'
bad_file "a NUL in a file" 2 'NUL|control' 'id: x\nask: {exporter: "line\\0plus"}\n'
bad_file "a bare NUL in a file" 2 'NUL|control' 'id: x\nask: {exporter: line\0plus}\n'
"$python" -c 'print("id: x\nask: {given: " + "[" * 200000 + "]" * 200000 + "}")' >"$home/deep.yaml"
expect "a deep file" 2 'deep|nest' "$bin/carnet" check -f "$home/deep.yaml"

# ---- Receipts and policies

carnet check --exporter line-plus --category user.contact --purpose essential.service --to carrier-be \
	--receipt "$home/good.tlog-proof" >/dev/null 2>&1 || true
expect "a good receipt" 0 '^valid' "$bin/carnet" verify "$home/good.tlog-proof" --policy "$home/policy"
expect "no policy" 2 'policy' "$bin/carnet" verify "$home/good.tlog-proof"
expect "a policy of nothing" 2 '/dev/null: there is no quorum line' "$bin/carnet" verify "$home/good.tlog-proof" --policy /dev/null
expect "a receipt for a policy" 2 'good.tlog-proof' "$bin/carnet" verify "$home/good.tlog-proof" --policy "$home/good.tlog-proof"
expect "no such receipt" 2 'not-there' "$bin/carnet" verify "$home/not-there" --policy "$home/policy"
bad_receipt() { # WHAT PATTERN COMMAND...: what the command makes of a good one
	local what=$1 pattern=$2
	shift 2
	"$@" <"$home/good.tlog-proof" >"$home/bad.tlog-proof"
	expect "$what" 1 "$pattern" "$bin/carnet" verify "$home/bad.tlog-proof" --policy "$home/policy"
}
bad_receipt "an empty receipt" '^INVALID .*first line' true
bad_receipt "half a receipt" '^INVALID .*the line .extra.' head -c 500
bad_receipt "a receipt with CRLF" '^INVALID .*first line' sed 's/$/\r/'
bad_receipt "a receipt without its last line feed" '^INVALID .*base64 of a signature' head -c -1
bad_receipt "a leading zero" '^INVALID .*the index is missing or malformed' sed 's/^index /index 0/'
bad_receipt "an index beyond the tree" '^INVALID .*the index is missing or malformed' sed 's/^index .*/index 9223372036854775808/'
bad_receipt "another log's receipt" '^INVALID .*does not know the log' sed 's/carnet.dev/carnet.evil/'
bad_receipt "an extra beyond the limit" '^INVALID .*at most 45000 bytes' sed "s/^extra /extra $(printf 'AAAA%.0s' {1..20000})/"
bad_receipt "noise" '^INVALID .*first line' head -c 5000 /dev/urandom

# ---- Folders of records, at `init`

broken() { # WHAT PATTERN FILE TEXT: a record that lies over the shipped areas
	rm -rf "$home/broken" "$home/made"
	mkdir "$home/broken"
	printf "$4" >"$home/broken/$3"
	expect "init: $1" 1 "$2" "$bin/carnetd" init --dev --data "$home/made" "$top/registry-data/areas" "$home/broken"
	[ ! -e "$home/made/store" ] || wrong "init: $1: left a store behind"
}
party='party:\n  id: broken\n  name: Broken\n  source: [a test]\n  from: %s\n  kind: organisation\n  area: %s\n  bound-by: [none]\n'
broken "no YAML" 'broken/x.yaml:2:1: not YAML' x.yaml 'party: [unclosed'
broken "a kind that is none" 'praty' x.yaml 'praty: {id: x}\n'
broken "a field that is none" "did you mean 'area'" x.yaml 'party: {id: x, aera: KR}\n'
broken "a day that does not exist" '2025-02-30 does not exist' x.yaml "$(printf "$party" 2025-02-30 KR)"
broken "an area that is none" "'KRR'" x.yaml "$(printf "$party" 2025-01-01 KRR)"
broken "bad UTF-8" 'UTF-8' x.yaml 'party: {id: "x\xff"}\n'
broken "a NUL in an id" 'NUL|control' x.yaml 'party: {id: "x\\0y"}\n'
broken "an id twice" 'broken' x.yaml "$(printf "$party---\n$party" 2025-01-01 KR 2025-01-01 KR)"
broken "an alias" 'anchor|alias' x.yaml 'party: {id: &x y, name: *x}\n'
broken "no JSON" 'x.json' x.json '{"party": {"id": '
broken "JSON with a key twice" 'twice|duplicate' x.json '{"party": {"id": "x", "id": "y"}}'
expect "init: no such folder" 1 'not-there' "$bin/carnetd" init --dev --data "$home/made" "$home/not-there"
rm -rf "$home/made"
: >"$home/plain"
expect "init: a file for a data folder" 1 'plain' "$bin/carnetd" init --dev --data "$home/plain" "$top/registry-data"
expect "init: no folder" 2 'folders' "$bin/carnetd" init --dev --data "$home/made"
expect "init: an origin that is none" 1 'origin' "$bin/carnetd" init --dev --origin 'a b' --data "$home/made" "$top/registry-data"
rm -rf "$home/made"

# ---- carnetd's configuration

config() { # WHAT PATTERN SED-PROGRAM
	sed "$3" "$home/carnetd.yaml" >"$home/bad-config.yaml"
	expect "config: $1" 1 "$2" "$bin/carnetd" --config "$home/bad-config.yaml" --check-config
}
config "a field that is none" "did you mean 'listen'" 's/^listen:/lisetn:/'
config "an address that is none" 'listen' 's/^listen:.*/listen: nowhere/'
config "a port that is none" 'listen' 's/^listen:.*/listen: "127.0.0.1:70000"/'
config "a role that is none" 'aproover' 's/\[approver\]/[aproover]/'
config "no origin" 'origin' '/^origin:/d'
config "no data" 'data' '/^data:/d'
expect "config: not there" 1 'not-there' "$bin/carnetd" --config "$home/not-there.yaml"
expect "config: none named" 2 'config' "$bin/carnetd" run
expect "carnetd: an option that is none" 2 'frobnicate' "$bin/carnetd" --frobnicate
expect "carnetd: no loops" 2 'loops|carnetd -h' "$bin/carnetd" --config "$home/carnetd.yaml" --loops 0

# ---- The same process, after all that

kill -0 "$first_pid" || fail "the daemon is gone"
[ "$(grep -c '"message":"serving"' "$home/carnetd.log")" = 1 ] || fail "the daemon had to start again"
as checker
rm -f "$home/good.tlog-proof"
carnet check --exporter line-plus --category user.contact --purpose essential.service --to carrier-be \
	--receipt "$home/good.tlog-proof" >/dev/null 2>&1 || true
carnet verify "$home/good.tlog-proof" --policy "$home/policy" >/dev/null || fail "the last answer's receipt"
daemon_stop
[ "$faults" = 0 ] || fail "$faults answers were not as promised"
