#!/usr/bin/env bash
# Stock @grpc/grpc-js over mutual TLS gets the same answers as the command line, a thousand times and
# more; strangers get none.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
source "$top/tests/foreign/answers.sh"
source "$top/tests/foreign/strangers.sh"
daemon_begin "$1"
node=$bin/../foreign/node
"$top/tests/foreign/node/install.sh" "$node"
strangers_begin
answers_begin

# Python alone knows our YAML a second time; Node gets the requests in protobuf's own JSON.
mkdir "$home/stubs"
protoc -I "$top/proto" --python_out="$home/stubs" "$top"/proto/carnet/v1/{registry,receipt}.proto
/usr/bin/python3 -B "$top/tests/foreign/python/questions.py" "$home/stubs" "${cases[@]}" >"$home/questions"

node "$node/ask.mjs" "localhost:${address##*:}" "$CARNET_CA" "${CARNET_CERT%.pem}" "$top/proto" "$home/questions" "$answers" ||
	fail "Node got other answers"
node "$node/strangers.mjs" "localhost:${address##*:}" "$home" "$top/proto" || fail "a stranger was let in"
daemon_stop
