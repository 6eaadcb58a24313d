#!/usr/bin/env bash
# Stock Python gRPC searches: pages of every size equal asking each candidate singly, also while the
# registry moves.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
daemon_begin "$1"

python=/usr/bin/python3 # Debian's own, which has Debian's grpcio
stubs=$home/stubs
mkdir "$stubs"
protoc -I "$top/proto" --python_out="$stubs" --grpc_python_out="$stubs" \
	--plugin=protoc-gen-grpc_python="$(command -v grpc_python_plugin)" \
	"$top"/proto/carnet/v1/{registry,transfer,receipt}.proto "$top"/proto/google/rpc/status.proto

# Who and where can be found at all.
as auditor
for kind in party area; do "$bin/carnet" list "$kind" --output json >"$home/$kind.json" || fail "list $kind"; done
"$python" - "$home" >"$home/candidates" <<'EOF'
import json, sys
ids = lambda kind: [json.loads(line)["record"][kind]["id"] for line in open(f"{sys.argv[1]}/{kind}.json")]
json.dump({"recipients": ids("party"), "destinations": ids("area")}, sys.stdout)
EOF

# The edit: a carrier that is found moves to where it is not.
"$bin/carnet" get party carrier-nl --output yaml | sed 's/\barea: .*/area: PH/' >"$home/moved.yaml"
grep -q 'area: PH' "$home/moved.yaml" || fail "carrier-nl has no seat to move"
cat >"$home/edit.sh" <<EOF
set -eu
export CARNET_SERVER=$address CARNET_CA=$home/ca.pem
with() { CARNET_CERT=$home/\$1.pem CARNET_KEY=$home/\$1.key "$bin/carnet" "\${@:2}"; }
id=\$(with editor propose -f "$home/moved.yaml" --reason moves --output json |
	"$python" -c 'import json,sys; print(json.loads(sys.stdin.readline())["proposal"]["id"])')
with approver approve "\$id" >/dev/null
EOF

as checker
"$python" -B "$top/tests/foreign/python/find.py" "$address" "$CARNET_CA" "$CARNET_CERT" "$CARNET_KEY" "$stubs" \
	"bash $home/edit.sh" <"$home/candidates" || fail "Python found something else"
daemon_stop
