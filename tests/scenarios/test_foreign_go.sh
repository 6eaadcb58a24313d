#!/usr/bin/env bash
# A receipt that `carnet check --receipt` kept passes Go's x/mod/sumdb/note and tlog, and `carnet
# verify`; with any byte changed `carnet verify` refuses it.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
daemon_begin "$1"

receipt=$home/one.tlog-proof
"$bin/carnet" check -f "$top/registry-data/live/cases.yaml" --receipt "$home/receipts/" >/dev/null 2>&1 || true
cp "$(find "$home/receipts" -name '*.tlog-proof' | sort | sed -n 3p)" "$receipt"

GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOCACHE=$home/go-cache \
	go build -o "$home/verify" "$top/tests/foreign/go/verify.go"
key=$(sed -n 's/^log \([^ ]*\).*/\1/p' "$home/policy")
"$home/verify" "$key" "$receipt" "$home"/receipts/*.tlog-proof || fail "Go refuses a receipt"
"$bin/carnet" verify "$receipt" --policy "$home/policy" >/dev/null || fail "carnet verify refuses a receipt"

size=$(stat -c %s "$receipt")
for at in $(seq 0 "$((size / $(fewer bytes 300 20)))" $((size - 1))); do
	/usr/bin/python3 -c '
import sys
path, at, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
data = bytearray(open(path, "rb").read())
data[at] ^= 1
open(out, "wb").write(data)' "$receipt" "$at" "$home/damaged.tlog-proof"
	! "$bin/carnet" verify "$home/damaged.tlog-proof" --policy "$home/policy" >/dev/null 2>&1 || fail "byte $at may be changed"
done
daemon_stop
