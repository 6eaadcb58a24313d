#!/usr/bin/env bash
# One log has one writer and one history: a second daemon on the same folder, a copy of yesterday, a
# fork, another key or another name are each refused, and nothing is signed.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
may_fault=1
daemon_begin "$1"

ask() { # the live question about the Belgian carrier; any answer will do, an error will not
	local code=0
	as checker
	rm -f "$home/last.tlog-proof"
	"$bin/carnet" check --data-set line-out-calls --category user.contact.phone_number.caller \
		--purpose essential.service.operations.call_setup --to carrier-be --mode transmission \
		--receipt "$home/last.tlog-proof" --output json >"$home/answer" 2>"$home/err" || code=$?
	case $code in 0 | 1 | 3 | 5) ;; *) cat "$home/err" >&2; fail "carnet check ended with $code" ;; esac
	"$bin/carnet" verify "$home/last.tlog-proof" --policy "$home/policy" >/dev/null || fail "the receipt does not verify"
}
log_size() { "$bin/carnet" verify "$home/last.tlog-proof" --policy "$home/policy" | sed -n 's/.*#[0-9]* of \([0-9]*\)$/\1/p'; }

# The daemon must end with 1, say PATTERN, and leave store and high-water file as they were.
refuses() { # WHAT PATTERN [OPTION...]
	local what=$1 pattern=$2 code=0 before after
	shift 2
	before=$(cat "$home/store/data.mdb" "$home/high-water" | sha256sum)
	timeout 60 "$bin/carnetd" --config "$home/carnetd.yaml" --listen 127.0.0.1:0 "$@" >"$home/out" 2>&1 || code=$?
	after=$(cat "$home/store/data.mdb" "$home/high-water" | sha256sum)
	# LMDB has no checksums: reading beyond the end of a store that was cut ends the
	# process (with 66 under the thread sanitizer).
	case $code in 134 | 135 | 139 | 66) [ -z "${may_die:-}" ] || return 0 ;; esac
	[ "$code" = 1 ] || { cat "$home/out" >&2; fail "$what: carnetd ended with $code"; }
	grep -q -- "$pattern" "$home/out" || { cat "$home/out" >&2; fail "$what: it does not say '$pattern'"; }
	! grep -q '"message":"serving"' "$home/out" || fail "$what: it served"
	[ "$before" = "$after" ] || [ -n "${may_write:-}" ] || fail "$what: it wrote"
}

# Two daemons, one folder: the second goes, the first stays.
ask
code=0
timeout 60 "$bin/carnetd" --config "$home/carnetd.yaml" --listen 127.0.0.1:0 >"$home/out" 2>&1 || code=$?
[ "$code" = 1 ] && grep -q "another carnetd is using '.*/store': one log has one writer" "$home/out" || { cat "$home/out" >&2; fail "a second daemon: $code"; }
code=0
timeout 60 "$bin/carnetd" init --dev --data "$home" --registry "$top/registry-data" >"$home/out" 2>&1 || code=$?
[ "$code" = 1 ] || { cat "$home/out" >&2; fail "init over a running daemon: $code"; }
# Nor by another way to the same folder, with another high-water file.
ln -s "$home" "$home-link"
sed -e "s|^data: .*|data: $home-link/store|" -e 's|^high-water: .*|high-water: other|' "$home/carnetd.yaml" >"$home/second.yaml"
code=0
timeout 60 "$bin/carnetd" --config "$home/second.yaml" --listen 127.0.0.1:0 >"$home/out" 2>&1 || code=$?
rm -f "$home-link" "$home/other"
[ "$code" = 1 ] && grep -q 'another carnetd is using' "$home/out" || { cat "$home/out" >&2; fail "a second daemon by another path: $code"; }
# Nor on the address of the first, from a folder of its own.
cp -r "$home" "$home-other"
code=0
timeout 60 "$bin/carnetd" --config "$home-other/carnetd.yaml" --listen "$address" >"$home/out" 2>&1 || code=$?
rm -rf "$home-other"
[ "$code" = 1 ] && grep -q "${address#*:}" "$home/out" || { cat "$home/out" >&2; fail "a second daemon on one port: $code"; }
ask

# A daemon that died without a word leaves no lock behind.
kill -9 "$daemon_pid"
wait "$daemon_pid" 2>/dev/null || true
daemon_start
ask

# Yesterday's copy: refuses to sign, however it is asked to start.
daemon_stop
cp -r "$home/store" "$home/yesterday"
cp "$home/high-water" "$home/yesterday-high-water"
daemon_start
ask
ask
daemon_stop
mv "$home/store" "$home/today"
cp -r "$home/yesterday" "$home/store"
refuses "yesterday's copy" 'this is an older copy; it must not sign again under this origin'
refuses "yesterday's copy, again" 'this is an older copy'

# A fork: the copy of yesterday grew on its own, with yesterday's high-water file, beyond today's.
cp "$home/high-water" "$home/today-high-water"
cp "$home/yesterday-high-water" "$home/high-water"
daemon_start
for _ in 1 2 3 4; do ask; done
daemon_stop
cp "$home/today-high-water" "$home/high-water"
refuses "a fork" 'is not the one that its high-water file remembers'

# Today's store is what it was, and goes on.
rm -rf "$home/store"
mv "$home/today" "$home/store"
daemon_start
ask
before=$(log_size)
daemon_stop

# Another key under the same name, another name with the same key, a foreign or a broken high-water file.
cp "$home/log.key" "$home/log.key.kept"
openssl genpkey -algorithm ed25519 -out "$home/log.key" 2>/dev/null
refuses "another key" 'nothing may be signed under an origin that the registry does not know'
mv "$home/log.key.kept" "$home/log.key"
cp "$home/carnetd.yaml" "$home/carnetd.yaml.kept"
sed -i 's|^origin: .*|origin: carnet.dev/n2|' "$home/carnetd.yaml"
refuses "another origin" 'carnet.dev/n'
mv "$home/carnetd.yaml.kept" "$home/carnetd.yaml"
cp "$home/high-water" "$home/high-water.kept"
sed -i 's|carnet.dev/n1|carnet.dev/n7|' "$home/high-water"
refuses "another log's high-water file" "remembers the log 'carnet.dev/n7', not 'carnet.dev/n1'"
echo garbage >"$home/high-water"
refuses "a broken high-water file" 'is no high-water file'
mv "$home/high-water.kept" "$home/high-water"

# No store, an empty one, half of one.
mv "$home/store" "$home/kept"
mkdir "$home/store" && : >"$home/store/data.mdb"
may_write=1 refuses "an empty store" 'cannot open the tables of the store' # LMDB lays out its first pages
refuses "a store without tables" 'cannot open the tables of the store'
head -c 20000 "$home/kept/data.mdb" >"$home/store/data.mdb"
may_die=1 refuses "half a store" '.'
head -c 65536 /dev/urandom >"$home/store/data.mdb"
refuses "noise for a store" 'cannot open the store'
rm -rf "$home/store"
mv "$home/kept" "$home/store"

# After all that the log goes on where it was.
daemon_start
ask
[ "$(log_size)" = $((before + 1)) ] || fail "the log has $(log_size) entries after $before and one more"
daemon_stop
