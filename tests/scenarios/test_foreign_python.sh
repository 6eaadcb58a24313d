#!/usr/bin/env bash
# Stock Python gRPC over mutual TLS gets the same answers; strangers get none.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
daemon_begin "$1"

# A checker that may ask for one exporter only.
daemon_stop
cat >>"$home/carnetd.yaml" <<'EOF'
  - identity: spiffe://carnet.dev/bound
    roles: [checker]
    exporters: [google-llc]
EOF
daemon_start

python=/usr/bin/python3 # Debian's own, which has Debian's grpcio
stubs=$home/stubs
mkdir "$stubs"
protoc -I "$top/proto" --python_out="$stubs" --grpc_python_out="$stubs" \
	--plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" \
	"$top"/proto/carnet/v1/{registry,transfer,receipt}.proto "$top"/proto/google/rpc/status.proto
# Not below a folder `grpc`, which would hide grpcio's own package.
protoc -I "$top/proto/grpc/health/v1" --python_out="$stubs" --grpc_python_out="$stubs" \
	--plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" "$top/proto/grpc/health/v1/health.proto"

mapfile -t cases < <(grep -rlE '^ask:' "$top/registry-data" --include='*.yaml' | sort)
"$python" -B "$top/tests/foreign/python/ask.py" "$address" "$CARNET_CA" "$CARNET_CERT" "$CARNET_KEY" "$stubs" \
	"${cases[@]}" || fail "Python got other answers"
"$python" -B "$top/tests/foreign/python/strangers.py" "$address" "$home" "$stubs" || fail "a stranger was let in"
daemon_stop
