#!/usr/bin/env bash
# Stock Python gRPC over mutual TLS gets the same answers as the command line, a thousand times and
# more; strangers get none.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
source "$top/tests/foreign/answers.sh"
source "$top/tests/foreign/strangers.sh"
daemon_begin "$1"
strangers_begin
answers_begin

python=/usr/bin/python3 # Debian's own, which has Debian's grpcio
stubs=$home/stubs
mkdir "$stubs"
protoc -I "$top/proto" --python_out="$stubs" --grpc_python_out="$stubs" \
	--plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" \
	"$top"/proto/carnet/v1/{registry,transfer,receipt}.proto "$top"/proto/google/rpc/status.proto
# Not below a folder `grpc`, which would hide grpcio's own package.
protoc -I "$top/proto/grpc/health/v1" --python_out="$stubs" --grpc_python_out="$stubs" \
	--plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" "$top/proto/grpc/health/v1/health.proto"

"$python" -B "$top/tests/foreign/python/ask.py" "$address" "$CARNET_CA" "$CARNET_CERT" "$CARNET_KEY" "$stubs" \
	"$answers" "${cases[@]}" || fail "Python got other answers"
# grpcio logs each handshake that fails; here they are meant to.
GRPC_VERBOSITY=NONE "$python" -B "$top/tests/foreign/python/strangers.py" "$address" "$home" "$stubs" || fail "a stranger was let in"
daemon_stop
