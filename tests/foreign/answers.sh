# Sourced after daemon.sh, with a daemon begun: what clients ask, and what they are to hear.
#   questions_begin     sets cases: every file that asks something (under a sanitizer those of the
#                       policy, the live ones, and the smallest of the laws')
#   answers_begin       the same, and sets answers (a file with one CheckResponse a line: what
#                       `carnet check` hears, case by case), and exports CALLS, how many at least

questions_begin() {
	local ours laws
	mapfile -t ours < <(grep -rlE '^ask:' "$top"/registry-data/{live,line-out} --include='*.yaml')
	mapfile -t laws < <(grep -rlE '^ask:' "$top/registry-data" --include='*.yaml' --exclude-dir={live,line-out} |
		xargs -d '\n' ls -Sr)
	[ ${#laws[@]} -ge 6 ] || fail "too few files of cases: ${laws[*]}"
	laws=("${laws[@]:0:$(fewer "files of the laws' questions" ${#laws[@]} 4)}")
	mapfile -t cases < <(printf '%s\n' "${ours[@]}" "${laws[@]}" | sort)
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
