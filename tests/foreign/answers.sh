# Sourced after daemon.sh, with a daemon begun: what clients ask, and what they are to hear.
#   questions_begin     sets cases: every file that asks something (under a sanitizer those of the
#                       policy, the live ones, and some of the laws')
#   answers_begin       the same, and sets answers (a file with one CheckResponse a line: what
#                       `carnet check` hears, case by case), and exports CALLS, how many at least

questions_begin() {
	local all step
	mapfile -t all < <(grep -rlE '^ask:' "$top/registry-data" --include='*.yaml' | sort)
	[ ${#all[@]} -ge 6 ] || fail "too few files of cases: ${all[*]}"
	step=$((${#all[@]} / $(fewer "files of questions" ${#all[@]} 5)))
	mapfile -t cases < <({
		printf '%s\n' "${all[@]}" | grep -E '/(live|line-out)/'
		printf '%s\n' "${all[@]}" | awk -v step="$step" 'NR % step == 0'
	} | sort -u)
}

answers_begin() {
	local flags=() file code=0
	answers=$home/answers
	questions_begin
	CALLS=$(fewer "calls" 1000 200)
	export CALLS
	for file in "${cases[@]}"; do flags+=(-f "$file"); done
	"$bin/carnet" check "${flags[@]}" --output json >"$answers" 2>"$home/err" || code=$?
	# Denials are answers: 1, 3 and 5 are not failures here.
	case $code in 0 | 1 | 3 | 5) ;; *) cat "$home/err" >&2; fail "carnet check ended with $code" ;; esac
	sed 's/^/carnet: /' "$home/err" >&2
}
