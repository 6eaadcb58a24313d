# Sourced by scenarios: a carnetd of one's own on loopback, in a folder of its own, gone at the end.
#   daemon_begin BIN [FOLDER]   a fresh registry and a running daemon
# sets: bin, home (the folder), address; exports CARNET_* for the role checker; `as ROLE` changes it.
#
# BIN may be a build with sanitizers.  What they report, in whatever program, goes to files, so that
# nothing is lost with a process that is killed, and fails the scenario at its end.  Everything takes
# many times as long there: a scenario that counts rounds goes fewer, by `fewer`, and says so.

say() { printf '%s\n' "$*" >&2; }
fail() { say "FAILED: $*"; exit 1; }

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
daemon_pid=

# Sets: sanitizer (address, thread or nothing).  A scenario in which LMDB may read beyond a file that
# was cut says so with `may_fault`: that ends a process by a signal, as in a release build.
sanitizers_begin() {
	local options
	sanitizer=
	! grep -qa __asan_init "$bin/carnetd" || sanitizer=address
	! grep -qa __tsan_init "$bin/carnetd" || sanitizer=thread
	[ -n "$sanitizer" ] && [ -z "${reports:-}" ] || return 0
	reports=$(mktemp -d)
	options=log_path=$reports/report:print_stacktrace=1
	[ -z "${may_fault:-}" ] || options+=:handle_segv=0:handle_sigbus=0
	export UBSAN_OPTIONS=$options ASAN_OPTIONS=$options:exitcode=99 TSAN_OPTIONS=$options:exitcode=66
}

# fewer WHAT MANY FEW: MANY, or under a sanitizer FEW.
fewer() {
	if [ -z "$sanitizer" ]; then
		echo "$2"
	else
		say "fewer: $(basename "$0" .sh) under the $sanitizer sanitizer: $3 instead of $2 $1"
		echo "$3"
	fi
}

# True if no sanitizer has reported anything.
sanitizers_silent() {
	[ -n "${reports:-}" ] || return 0
	if [ -n "$(find "$reports" -type f -size +0)" ]; then
		say "FAILED: the $sanitizer sanitizer reports"
		find "$reports" -type f -size +0 -exec head -c 20000 {} + >&2
		return 1
	fi
}

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
	sanitizers_begin
	"$bin/carnetd" init --dev --data "$home" --registry "$top/registry-data" >>"$home.log" 2>&1 || { cat "$home.log" >&2; fail "carnetd init"; }
}

scenario_end() {
	local code=$?
	[ -z "$daemon_pid" ] || kill -9 "$daemon_pid" 2>/dev/null || true
	[ "$code" = 0 ] || [ ! -s "$home/carnetd.log" ] || tail -20 "$home/carnetd.log" >&2
	sanitizers_silent || code=1
	[ -z "${reports:-}" ] || rm -rf "$reports"
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
