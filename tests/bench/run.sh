#!/usr/bin/env bash
# Speed and memory, as ratios within one run:
#   run.sh BUILD          (what ./dev bench runs)
#
# Everything that is compared runs in the same minutes, in turns, up to three rounds of it; the
# table shows medians.  Beside carnetd: the same number of connections and streams on nghttpd, which
# serves a file of 200 bytes over TLS and decides nothing; a lone fdatasync; four SHA-256.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../scenarios/daemon.sh"

build=$(cd "$1" && pwd)
bin=$build/bin bench=$build/bench
cases=$top/registry-data/live
rounds=3
enough_s=80 # no further round begins after so many seconds
shapes=(1x1 8x32 64x100) # connections x streams on each
part_ms=2000
sizes=(1000 10000 100000 1000000) # agreements
# At most so many questions in one part.
declare -A asked_max=([1x1]=4000 [8x32]=200000 [64x100]=400000)
declare -A served_max=([1x1]=10000 [8x32]=200000 [64x100]=300000)

# On the disk of the build: /tmp is often memory, where a sync costs nothing.
work=$(mktemp -d "$bench/run.XXXXXX")
home=$work/carnet
peer_pid=

finish() {
	local code=$? pid
	for pid in $daemon_pid $peer_pid; do
		if kill -9 "$pid"; then wait "$pid" || true; fi
	done 2>/dev/null
	[ "$code" = 0 ] || tail -n 20 "$home/carnetd.log" "$work/log" 2>/dev/null >&2 || true
	rm -rf "$work" # also the log of `carnetd init`
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

# --- Figures: lines `<name> <number>` in one file; of several with one name the median counts.

# keep PREFIX: the figures on standard input.
keep() { sed "s/^/$1./" >>"$work/figures"; }
values() { awk -v name="$1" '$1 == name { print $2 }' "$work/figures" | sort -g; }
figure() { values "$1" | awk '{ of[NR] = $1 } END { print NR ? of[int((NR + 1) / 2)] : "?" }'; }
least() { values "$1" | head -n 1; }
greatest() { values "$1" | tail -n 1; }
compute() { awk "BEGIN { print $1 }"; }
# round DIGITS NUMBER, with thousands set apart.
round() { LC_ALL=C awk -v d="$1" -v n="$2" 'BEGIN {
	if (n !~ /^[-+.0-9e]+$/) { print n; exit }
	text = sprintf("%.*f", d, n); point = index(text, "."); whole = point ? substr(text, 1, point - 1) : text
	while (match(whole, /[0-9][0-9][0-9][0-9]($|,)/))
		whole = substr(whole, 1, RSTART) "," substr(whole, RSTART + 1)
	print whole (point ? substr(text, point) : "") }'; }

# --- What the system says of a process and of the store.

# One core for the server, the others for those who ask; if there is only one, they share it.
mapfile -t cores < <(taskset -cp $$ | sed 's/.*: //' | tr , '\n' | awk -F- '{ for (i = $1; i <= $NF; i++) print i }')
server_core=${cores[0]}
load_cores=$(IFS=,; echo "${cores[*]:1}")
load_cores=${load_cores:-$server_core}

cpu_ms() { awk -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) * 1000 / tick }' "/proc/$1/stat"; }
memory_mib() { awk -v name="$2:" '$1 == name { print $2 / 1024 }' "/proc/$1/status"; }
folder_bytes() { du -sb "$home/store" | cut -f1; }

# Each commit of LMDB writes the next transaction number into one of its two meta pages (64-bit
# LMDB 0.9: 128 bytes behind the 16 bytes of a page's header).
commits() {
	local page=4096 newest=0 at number
	for at in 0 "$page"; do
		[ "$(od -An -t x4 -j $((at + 16)) -N 4 "$home/store/data.mdb" | tr -d ' ')" = beefc0de ] ||
			fail "the store's file is none of LMDB 0.9"
		number=$(od -An -t u8 -j $((at + 144)) -N 8 "$home/store/data.mdb" | tr -d ' ')
		[ "$number" -le "$newest" ] || newest=$number
	done
	echo "$newest"
}

# How often carnetd has waited for the disk: LMDB's flushes are not to be seen from outside.
flushes() { od -An -t u8 -N 8 "$work/flushes" | tr -d ' '; }

# --- The parts.

# Each of the three leaves what the others are compared with in the same minute.

measure_disk() {
	"$bench/bench_sync" "$work/sync" 400 >"$work/part"
	sync_us=$(said us)
	keep sync <"$work/part"
}

# One figure of the part just measured.
said() { sed -n "s/^$1 //p" "$work/part"; }

# Starts nghttpd on a port that is free.
start_peer() {
	local port tries=0
	mkdir "$work/www"
	head -c 200 /dev/zero | tr '\0' x >"$work/www/file"
	until [ -n "$peer_pid" ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 20 ] || fail "nghttpd finds no free port"
		port=$((20000 + RANDOM % 10000))
		! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || continue
		taskset -c "$server_core" nghttpd -a 127.0.0.1 -d "$work/www" "$port" "$home/server.key" "$home/server.pem" \
			>"$work/peer.log" 2>&1 &
		peer_pid=$!
		await_peer "$port" || peer_pid=
	done
	peer=https://127.0.0.1:$port/file
}

await_peer() {
	local tries
	for ((tries = 0; tries < 100; tries++)); do
		kill -0 "$peer_pid" 2>/dev/null || return 1
		! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || return 0
		sleep 0.05
	done
	return 1
}

load_peer() { # SHAPE
	local count=${served_max[$1]} before
	before=$(cpu_ms "$peer_pid")
	timeout 20 taskset -c "$load_cores" h2load -n "$count" -c "${1%x*}" -m "${1#*x}" "$peer" >"$work/log" 2>&1 ||
		fail "h2load does not end"
	grep -q " $count succeeded, 0 failed" "$work/log" || fail "nghttpd did not serve everything"
	peer_per_s=$(sed -n 's/^finished in .*, \([0-9.]*\) req\/s.*/\1/p' "$work/log")
	peer_cpu_us=$(compute "($(cpu_ms "$peer_pid") - $before) * 1000 / $count")
	printf '%s\n' "per_s $peer_per_s" "cpu_us $peer_cpu_us" | keep "peer.$1"
}

load_daemon() { # full|handle SHAPE
	local before_cpu before_bytes before_commits before_flushes leaves committed cpu_us
	before_cpu=$(cpu_ms "$daemon_pid") before_bytes=$(folder_bytes) before_commits=$(commits)
	before_flushes=$(flushes)
	timeout 30 taskset -c "$load_cores" "$bench/bench_load" "$address" "$cases" "$1" "${2%x*}" "${2#*x}" \
		"${asked_max[$2]}" "$part_ms" >"$work/part" 2>"$work/log" || fail "the load generator does not end well"
	cat "$work/log" >&2
	leaves=$(said leaves) committed=$(($(commits) - before_commits))
	[ "$committed" -gt 0 ] || fail "answers came, but nothing was committed"
	cpu_us=$(compute "($(cpu_ms "$daemon_pid") - $before_cpu) * 1000 / $leaves")
	{
		cat "$work/part"
		echo "of_peer $(compute "$(said per_s) / $peer_per_s")"
		echo "syncs $(compute "$(said p50_us) / $sync_us")"
		echo "cpu_us $cpu_us"
		echo "disk $(compute "($(folder_bytes) - $before_bytes) / $leaves")"
		echo "batch $(compute "$leaves / $committed")"
		echo "flushes $(compute "($(flushes) - $before_flushes) / $committed")"
	} | keep "$1.$2"
	keep all <"$work/part"
}

# --- The table.

row() { printf '  %-44s %14s  %s\n' "$@"; }
head_line() { printf '\n%s\n' "$*"; }
sum() { values "$1" | awk '{ sum += $1 } END { print sum + 0 }'; }

# A ratio beside what is asked of it.
against() { # RATIO at-least|at-most BOUND
	local verdict
	verdict=$(awk -v r="$1" -v how="$2" -v b="$3" 'BEGIN { print (how == "at-least" ? r >= b : r <= b) ? "met" : "MISSED" }')
	echo "${2/-/ } $3: $verdict"
}

table_engine() {
	head_line "One thread, $(figure decide.decide.questions) live questions of up to four legs in turn; the unit: four SHA-256 of 300 bytes"
	row "one decision, for the first time" "$(nanoseconds decide.decide.first)" \
		"$(in_units decide.decide.first 1)"
	row "  the same asked again, found by its digest" "$(nanoseconds decide.decide.again)" \
		"$(in_units decide.decide.again 1)"
	row "  a refusal with its remedies" "$(nanoseconds decide.decide.refusal)" \
		"$(in_units decide.decide.refusal 80)"
	row "  its share of an arena" "$(round 0 "$(figure decide.decide.arena)") B" \
		"at most $(round 0 "$(figure decide.decide.arena_max)") B"
	row "request bytes to answer and evidence bytes" "$(round 1 "$(compute "$(figure decide.answer.ns) / 1000")") us" \
		"$(round 1 "$(figure decide.answer.ratio)") units"
	row "leaf, five disclosures, hash" "$(round 0 "$(figure receipt.leaf.per_s)") /s" \
		"$(round 0 "$(figure receipt.value.bytes)") B of values before they are made to fit"
	row "append to the tree" "$(round 0 "$(figure receipt.append.per_s)") /s" "with a root every 256"
	row "receipt verified, its checkpoint too" "$(round 0 "$(figure receipt.verify.per_s)") /s" \
		"$(round 2 "$(figure receipt.verify.ratio)") x one Ed25519 verification; $(round 0 "$(figure receipt.file.bytes)") B a file"
	row "lone fdatasync of a 4 KiB append" "$(round 0 "$(figure sync.us)") us" \
		"fastest $(round 0 "$(least sync.min_us)"), p99 $(round 0 "$(figure sync.p99_us)")"
}

# NAME: its nanoseconds.
nanoseconds() { echo "$(round 0 "$(figure "$1.ns")") ns"; }
# NAME BOUND: its ratio, and whether that is what is asked.
in_units() { echo "$(round 2 "$(figure "$1.ratio")") units, $(against "$(figure "$1.ratio")" at-most "$2")"; }

table_scale() {
	local size first again
	head_line "Generated registries: 100,000 parties, agreements between them, and registry-data"
	printf '  %-12s %9s %9s %10s %12s %9s %12s %12s %12s\n' agreements 'build s' 'CPU s' 'B each' 'after edit s' 'CPU s' \
		'live first' 'live again' 'pair first'
	for size in "${sizes[@]}"; do
		printf '  %-12s %9s %9s %10s %12s %9s %9s us %9s us %9s us\n' "$(round 0 "$size")" \
			"$(round 2 "$(figure "scale.$size.build_s")")" "$(round 2 "$(figure "scale.$size.build_cpu_s")")" \
			"$(round 0 "$(figure "scale.$size.bytes_each")")" "$(round 2 "$(figure "scale.$size.edit_s")")" "$(round 2 "$(figure "scale.$size.edit_cpu_s")")" \
			"$(round 2 "$(compute "$(figure "scale.$size.live.first.ns") / 1000")")" \
			"$(round 2 "$(compute "$(figure "scale.$size.live.again.ns") / 1000")")" \
			"$(round 2 "$(compute "$(figure "scale.$size.pairs.first.ns") / 1000")")"
	done
	size=${sizes[-1]}
	first=$(compute "$(figure "scale.$size.live.first.ratio") / $(figure decide.decide.first.ratio)")
	again=$(compute "$(figure "scale.$size.live.again.ratio") / $(figure decide.decide.again.ratio)")
	row "among $(round 0 "$size"): first, over that above" "$(round 2 "$first")" "$(against "$first" at-most 1.5)"
	row "  again, over that above" "$(round 2 "$again")" "$(against "$again" at-most 1.5)"
	row "  again, in units" "$(round 2 "$(figure "scale.$size.live.again.ratio")")" \
		"$(against "$(figure "scale.$size.live.again.ratio")" at-most 1.5)"
	row "  built in" "$(round 2 "$(figure "scale.$size.build_s")") s" \
		"$(against "$(figure "scale.$size.build_s")" at-most 3); $(round 0 "$(figure "scale.$size.edit_answers")") answers from the world before while an edit was built, the slowest $(round 0 "$(figure "scale.$size.edit_longest_us")") us"
	row "  bytes of each in the snapshot" "$(round 0 "$(figure "scale.$size.bytes_each")") B" \
		"$(against "$(figure "scale.$size.bytes_each")" at-most 300)"
}

table_load() {
	local name form
	head_line "Loopback, mutual TLS, connections x streams: answers a second, and R = as many from nghttpd over TLS"
	printf '  %-8s %-8s %10s %8s %10s %10s %8s %9s %9s %9s %8s %8s\n' shape receipt answers/s 'of R' 'p50 us' 'p99 us' \
		'CPU us' 'B answer' 'B receipt' 'B on disk' leaves flushes
	printf '  %-8s %-8s %10s %8s %10s %10s %8s %9s %9s %9s %17s\n' '' '' '' '' '' '' '' each each each '- a commit -'
	for name in "${shapes[@]}"; do
		printf '  %-8s %-8s %10s %8s %10s %10s %8s\n' "$name" nghttpd "$(round 0 "$(figure "peer.$name.per_s")")" 1.00 - - \
			"$(round 1 "$(figure "peer.$name.cpu_us")")"
		for form in handle full; do
			printf '  %-8s %-8s %10s %8s %10s %10s %8s %9s %9s %9s %8s %8s\n' "$name" "$form" \
				"$(round 0 "$(figure "$form.$name.per_s")")" \
				"$(round 3 "$(figure "$form.$name.of_peer")")" \
				"$(round 0 "$(figure "$form.$name.p50_us")")" "$(round 0 "$(figure "$form.$name.p99_us")")" \
				"$(round 1 "$(figure "$form.$name.cpu_us")")" "$(round 0 "$(figure "$form.$name.bytes")")" \
				"$(round 0 "$(figure "$form.$name.receipt_bytes")")" "$(round 0 "$(figure "$form.$name.disk")")" \
				"$(round 1 "$(figure "$form.$name.batch")")" "$(round 2 "$(figure "$form.$name.flushes")")"
		done
	done
}

table_bounds() {
	local lone disk form shape bound share
	lone=$(figure full.1x1.syncs)
	disk=$(for shape in 8x32 64x100; do values "full.$shape.disk"; values "handle.$shape.disk"; done | sort -g)
	head_line "What is asked of it"
	while read -r form shape bound; do
		share=$(figure "$form.$shape.of_peer")
		row "$form at $shape, of R" "$(round 3 "$share")" "$(against "$share" at-least "$bound")"
	done <<<$'handle 64x100 0.40\nfull 64x100 0.28\nhandle 8x32 0.24\nfull 8x32 0.19'
	row "p50 at 1x1, in lone fdatasyncs" "$(round 2 "$lone")" "$(against "$lone" at-most 3.5)"
	row "bytes on disk a receipt, questions repeat" "$(round 0 "$(tail -n 1 <<<"$disk")")" \
		"$(against "$(tail -n 1 <<<"$disk")" at-most 180); least $(round 0 "$(head -n 1 <<<"$disk")"), $(wc -l <<<"$disk") runs"
	row "errors" "$(sum all.errors)" "of $(round 0 "$(sum all.answers)") answers; every answer has its leaf"
	row "receipts verified as handed out" "$(sum all.verified)" "all that were tried"
	row "carnetd's memory: at the start, at the end" "$(round 0 "$(figure memory.start)") MiB" \
		"$(round 0 "$(figure memory.end)") MiB, at most $(round 0 "$(figure memory.most)") MiB"
}

# --- In this order.

for program in "$bin/carnetd" "$bench"/bench_{decide,scale,receipt,load,sync} "$bench/libcount_flushes.so"; do
	[ -x "$program" ] || fail "$program is not built"
done
say "measuring: about two minutes"
"$bench/bench_decide" "$top/registry-data" "$cases" | keep decide
"$bench/bench_scale" "$top/registry-data" "$cases" | keep scale
"$bench/bench_receipt" "$top/registry-data" "$cases" | keep receipt
daemon_init
FLUSHES=$work/flushes LD_PRELOAD=$bench/libcount_flushes.so daemon_start
taskset -a -p -c "$server_core" "$daemon_pid" >/dev/null
as checker
start_peer
echo "start $(memory_mib "$daemon_pid" VmRSS)" | keep memory
for ((round_number = 1; round_number <= rounds; round_number++)); do
	[ "$SECONDS" -lt "$enough_s" ] || break
	for shape in "${shapes[@]}"; do
		say "  round $round_number of $rounds, ${shape/x/ connections x } streams"
		measure_disk
		load_peer "$shape"
		load_daemon handle "$shape"
		load_daemon full "$shape"
	done
done
echo "end $(memory_mib "$daemon_pid" VmRSS)" | keep memory
echo "most $(memory_mib "$daemon_pid" VmHWM)" | keep memory
daemon_stop

echo "carnet bench, $(date -u +%Y-%m-%dT%H:%MZ), ${#cores[@]} cores ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)), servers on core $server_core, those who ask on $load_cores"
table_engine
table_scale
table_load
table_bounds
cat <<'END'

Absolute numbers are noisy: they drift by a factor of two between minutes, those of the disk by
ten.  Compare ratios and counts, and only within one run.
END
[ "$(sum all.errors)" = 0 ]
