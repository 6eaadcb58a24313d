#!/usr/bin/env bash
# The main job, on real input: what `./dev run` does once the programs are built.
#   first_run.sh BIN [--once] [--folder FOLDER]
# Fills a registry, starts carnetd on loopback, asks it the questions of the LINE Out policy and the
# live ones, keeps and verifies each receipt, and leaves it running (--once: stops it again).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/daemon.sh"

bin=$(cd "$1" && pwd)
shift
home=$top/build/run
once=
while [ $# -gt 0 ]; do
	case $1 in
	--once) once=1 ;;
	--folder) home=$2; shift ;;
	*) fail "what is '$1'? Only --once" ;;
	esac
	shift
done
keep_home=1

# A daemon that an earlier run left behind.
if [ -s "$home/pid" ] && [ "$(readlink "/proc/$(cat "$home/pid")/exe" 2>/dev/null)" = "$bin/carnetd" ]; then
	kill -TERM "$(cat "$home/pid")"
	while kill -0 "$(cat "$home/pid")" 2>/dev/null; do sleep 0.05; done
fi
rm -rf "$home"
mkdir -p "$(dirname "$home")"

trap scenario_end EXIT
daemon_init
port=7443
(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && port=0
daemon_start "127.0.0.1:$port"
echo "$daemon_pid" >"$home/pid"
as checker
say "carnetd listens on $address; registry and keys are in ${home#"$top"/}"
say

mkdir "$home/receipts"
code=0
"$bin/carnet" check -f "$top/registry-data/live/cases.yaml" -f "$top/registry-data/line-out/cases.yaml" \
	--receipt "$home/receipts" 2>"$home/summary" || code=$?
# Denials are answers: 1, 3 and 5 are not failures here.
case $code in 0 | 1 | 3 | 5) ;; *) cat "$home/summary" >&2; fail "carnet check ended with $code" ;; esac
asked=$(sed -n 's/^asked \([0-9]*\),.*/\1/p' "$home/summary")
expected=$(sed -n 's/.* as expected \([0-9]*\),.*/\1/p' "$home/summary")
authorised=$(sed -n 's/.* authorised \([0-9]*\)$/\1/p' "$home/summary")
verified=$("$bin/carnet" verify "$home"/receipts/*.tlog-proof --policy "$home/policy" | grep -c '^valid ' || true)

if [ -n "$once" ]; then
	daemon_stop
	rm -f "$home/pid"
else
	cat <<EOF

carnetd stays up (process $daemon_pid).  To ask it something yourself:

  export CARNET_SERVER=$address CARNET_CA=$CARNET_CA
  export CARNET_CERT=$CARNET_CERT CARNET_KEY=$CARNET_KEY
  ${bin#"$top"/}/carnet check --data-set live-accounts --purpose essential.service --to carrier-be
  ${bin#"$top"/}/carnet verify ${home#"$top"/}/receipts/* --policy ${home#"$top"/}/policy
  kill $daemon_pid        # when you are done
EOF
	disown "$daemon_pid"
	daemon_pid=
fi

echo "asked ${asked:-0}, as expected ${expected:-0}, authorised ${authorised:-0}, receipts verified ${verified:-0}"
[ "${asked:-0}" -gt 0 ] && [ "$asked" = "${expected:-}" ] && [ "${authorised:-0}" -gt 0 ] && [ "$verified" = "$asked" ]
