# Sourced by scenarios: a carnetd of one's own on loopback, in a folder of its own, gone at the end.
#   daemon_begin BIN [FOLDER]   a fresh registry and a running daemon
# sets: bin, home (the folder), address; exports CARNET_* for the role checker; `as ROLE` changes it.

say() { printf '%s\n' "$*" >&2; }
fail() { say "FAILED: $*"; exit 1; }

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
daemon_pid=

daemon_start() {
	: >"$home/carnetd.log"
	"$bin/carnetd" --config "$home/carnetd.yaml" --listen "${1:-127.0.0.1:0}" 2>>"$home/carnetd.log" &
	daemon_pid=$!
	local tries=0
	until address=$(sed -n 's/.*"host":"\([^"]*\)".*"message":"serving".*"port":"\([0-9]*\)".*/\1:\2/p' "$home/carnetd.log") && [ -n "$address" ]; do
		kill -0 "$daemon_pid" 2>/dev/null || { cat "$home/carnetd.log" >&2; fail "carnetd did not start"; }
		tries=$((tries + 1))
		[ "$tries" -lt 600 ] || fail "carnetd says nothing"
		sleep 0.05
	done
	export CARNET_SERVER=$address
}

daemon_stop() {
	[ -n "$daemon_pid" ] || return 0
	kill -TERM "$daemon_pid" 2>/dev/null || true
	wait "$daemon_pid" || { local code=$?; daemon_pid=; tail -5 "$home/carnetd.log" >&2; fail "carnetd ended with $code"; }
	daemon_pid=
}

as() { export CARNET_CA=$home/ca.pem CARNET_CERT=$home/$1.pem CARNET_KEY=$home/$1.key; }

daemon_init() {
	"$bin/carnetd" init --dev --data "$home" --registry "$top/registry-data" >>"$home.log" 2>&1 || { cat "$home.log" >&2; fail "carnetd init"; }
}

scenario_end() {
	local code=$?
	[ -z "$daemon_pid" ] || kill -9 "$daemon_pid" 2>/dev/null || true
	[ "$code" = 0 ] || [ ! -s "$home/carnetd.log" ] || tail -20 "$home/carnetd.log" >&2
	[ -n "${keep_home:-}" ] || rm -rf "$home" "$home.log"
	exit "$code"
}

daemon_begin() {
	bin=$(cd "$1" && pwd)
	home=${2:-$(mktemp -d)/carnet}
	trap scenario_end EXIT
	daemon_init
	daemon_start
	as checker
}
