#!/usr/bin/env bash
# Receipts pass verifiers that nobody here wrote: Go's x/mod, OpenSSL, @sigstore/verify, @sd-jwt/decode
# and canonicalize.  With any bit changed `carnet verify` refuses them all, and each foreign verifier
# those in its part, by the table in tests/foreign/README.md.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
daemon_begin "$1"
node=$bin/../foreign/node
"$top/tests/foreign/node/install.sh" "$node"
command -v go >/dev/null || fail "there is no go: install the Debian packages golang-go and golang-golang-x-mod-dev"
mkdir -p "$node/../go-cache"
GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOCACHE=$(cd "$node/../go-cache" && pwd) \
	go build -o "$home/verify" "$top/tests/foreign/go/verify.go"

"$bin/carnet" check -f "$top/registry-data/live/cases.yaml" --receipt "$home/receipts/" >/dev/null 2>&1 || true
daemon_stop # what follows asks nobody

mapfile -t receipts < <(find "$home/receipts" -name '*.tlog-proof' | sort)
[ ${#receipts[@]} -ge 10 ] || fail "only ${#receipts[@]} receipts"
"$home/verify" "$(sed -n 's/^log \([^ ]*\).*/\1/p' "$home/policy")" "${receipts[@]}" >"$home/out" ||
	{ cat "$home/out" >&2; fail "Go refuses a receipt"; }
node "$node/verify.mjs" "$home/policy" "${receipts[@]}" >"$home/out" || { cat "$home/out" >&2; fail "Node refuses a receipt"; }
say "${#receipts[@]} receipts pass Go and Node"

# The shortest one bit by bit; of the longest one bit in 199: a tenth of both where it is slow.
mapfile -t by_size < <(stat -c '%s %n' "${receipts[@]}" | sort -n | cut -d' ' -f2-)
damage() { # RECEIPT STEP
	/usr/bin/python3 -B "$top/tests/foreign/python/damage.py" "$bin/carnet" "$home/verify" "$node" "$home/policy" \
		"$1" "$home/damage-$2" "$2" || fail "a changed receipt passes"
}
of=$(fewer "of twenty changes" 20 1)
damage "${by_size[0]}" "$((of == 20 ? 1 : 19))" # no divisor of 8: each bit of a byte has its turn
damage "${by_size[-1]}" "$((of == 20 ? 199 : 3989))"
