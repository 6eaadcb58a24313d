# Sourced by scenarios: stock Python's stubs of our contracts.
#   stubs_make FOLDER   sets: python (Debian's own, which has Debian's grpcio)

python=/usr/bin/python3

stubs_make() {
	local plugin
	plugin=$(command -v grpc_python_plugin) || fail "grpc_python_plugin is missing: install protobuf-compiler-grpc"
	mkdir -p "$1"
	protoc -I "$top/proto" --python_out="$1" --grpc_python_out="$1" --plugin=protoc-gen-grpc_python="$plugin" \
		"$top"/proto/carnet/v1/{registry,transfer,receipt}.proto "$top"/proto/google/rpc/status.proto
	export GRPC_ENABLE_FORK_SUPPORT=0 GRPC_VERBOSITY=NONE
}
