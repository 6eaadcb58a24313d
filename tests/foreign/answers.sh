# Sourced after daemon.sh, with a daemon begun: what foreign clients are to hear.
#   answers_begin       sets cases (every file that asks something) and answers (a file with one
#                       CheckResponse a line: what `carnet check` hears, case by case)

answers_begin() {
	local flags=() file code=0
	answers=$home/answers
	mapfile -t cases < <(grep -rlE '^ask:' "$top/registry-data" --include='*.yaml' | sort)
	for file in "${cases[@]}"; do flags+=(-f "$file"); done
	"$bin/carnet" check "${flags[@]}" --output json >"$answers" 2>"$home/err" || code=$?
	# Denials are answers: 1, 3 and 5 are not failures here.
	case $code in 0 | 1 | 3 | 5) ;; *) cat "$home/err" >&2; fail "carnet check ended with $code" ;; esac
	sed 's/^/carnet: /' "$home/err" >&2
}
