#!/usr/bin/env bash
# --language: check, find and expiring say nothing of their own in English, their columns stand below each other
# whatever the environment says, and neither JSON's codes nor exit codes change.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"

bin=$(cd "$1" && pwd)
home=$(mktemp -d)
trap scenario_end EXIT
sanitizers_begin
locale=C
locales=(C C.UTF-8 ko_KR.EUC-KR)
locales=("${locales[@]:0:$(fewer locales 3 1)}")
folder=(--registry "$top/registry-data")
question=(--as-of 2026-06-01 --data-set line-out-calls --purpose essential.service.operations.call_setup
	--to carrier-be --mode transmission)
found=(--category user.contact.phone_number.caller --fact subject.area=KR)

run() { # EXIT-CODE COMMAND...: what it says stays in $home/out and $home/err, both in $home/all
	local wanted=$1 code=0
	shift
	LC_ALL=$locale "$bin/carnet" "$@" >"$home/out" 2>"$home/err" || code=$?
	[ "$code" = "$wanted" ] || { cat "$home/err" >&2; fail "carnet $*: exit code $code, not $wanted"; }
	cat "$home/out" "$home/err" >"$home/all"
}
shows() { # WORD...: what is there in one language and in no other
	local word
	for word; do
		grep -qF -- "$word" "$home/all" || { head -n 20 "$home/all" >&2; fail "$language: '$word' is missing"; }
	done
}
hides() {
	local word
	for word; do
		! grep -F -- "$word" "$home/all" >&2 || fail "$language: '$word' is not $language"
	done
}
# The cells of a table begin where their headings do; a character of East Asia takes two places.
aligned() {
	/usr/bin/python3 - "$home/out" "$@" <<'END' || fail "$language, LC_ALL=$locale: the columns do not stand below each other"
import sys, unicodedata
def width(text): return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
def from_place(line, place):
    for at in range(len(line) + 1):
        if width(line[:at]) >= place:
            return line[at:] if width(line[:at]) == place else None
    return ""
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
assert len(lines) > 3, lines
for heading in sys.argv[2:]:
    place = width(lines[0][:lines[0].index(heading)])
    for line in lines[1:]:
        cell = from_place(line, place)
        assert cell is not None and not cell.startswith(" "), (heading, line)
        assert place == 0 or from_place(line, place - 1).startswith(" "), (heading, line)
END
}

english=(authorises ADVISORY advisory opinions duties 'what would' 'who can settle' condition: expected: 'judged for' 'registry revision'
	'does not hold' 'may hold' INDETERMINATE\  ' PERMITTED' DENIED ' to carrier' 'ignored' 'did you mean' 'found:')
for language in en ko ja; do
	case $language in
	en) page=(DENIED 'authorises: no' ADVISORY: opinions duties 'what would permit it' 'judged for' 'registry revision' 'ignored: suject.area')
		table=(RECIPIENT VERDICT DUTIES PERMITTED_WITH_OBLIGATIONS found 'a search never') place=DESTINATION
		calendar=(DAY KIND ID 'WHAT HAPPENS' OWNER) days=('OVERDUE: is due for review' 'renewed; nothing follows' within) counts='asked 15,' ;;
	ko) page=(불허 '승인: 아니요' 참고용: 법령·방침별 의무 '허용되기 위한 조치' '기준일 ' '등록부 개정판' '무시함: suject.area')
		table=('받는 자' 판단 의무 '의무 이행 조건으로 허용' 찾음 '승인이 아니다') place='이전 지역'
		calendar=(일자 종류 식별자 내용 담당) days=('기한 경과: 재검토 기한' '종료, 이어지는 기록 없음' 이내) counts='질의 15건' ;;
	ja) page=(認められない 承認：なし 参考： 法令・方針別 義務 認められるための措置 基準日 登録簿の版 無視した：suject.area)
		table=(受領者 判断 義務 義務付きで認められる 該当 承認ではない) place=移転先の地域
		calendar=(日付 種類 識別子 内容 担当) days=(期限超過：見直しの期限 終了、後に続く記録なし 以内) counts=照会15件 ;;
	esac
	run 1 check "${folder[@]}" "${question[@]}" --fact suject.area=KR --language "$language"
	shows "${page[@]}"
	[ "$language" = en ] || hides "${english[@]}"
	for locale in "${locales[@]}"; do
		run 5 find recipients "${folder[@]}" "${question[@]}" "${found[@]}" -l "$language"
		shows "${table[@]}"
		aligned "${table[@]:0:3}"
	done
	[ "$language" = en ] || hides RECIPIENT VERDICT DUTIES PERMITTED found ADVISORY
	run 5 find destinations "${folder[@]}" "${question[@]}" "${found[@]}" -l "$language"
	aligned "$place" "${table[@]:1:2}"
	run 1 expiring "${folder[@]}" --on 2031-11-01 -l "$language"
	shows "${calendar[@]}" "${days[@]}"
	aligned "${calendar[@]}"
	[ "$language" = en ] || hides DAY KIND 'WHAT HAPPENS' OWNER OVERDUE 'is due' ends within
	run 1 find recipients "${folder[@]}" --data-set line-out-cals -l "$language"
	shows line-out-calls
	[ "$language" = en ] || hides 'So nothing' 'No data-set' 'did you mean'
	run 1 check -f "$top/registry-data/live/cases.yaml" "${folder[@]}" -l "$language"
	shows "$counts"
	# For programs only the sentences change.
	run 1 check "${folder[@]}" "${question[@]}" -o json -l "$language"
	shows '"verdict":"DENIED"' '"act":"say"'
	run 1 expiring "${folder[@]}" --on 2031-11-01 -o json -l "$language"
	shows '"field":"review-by"'
done
for command in check "find recipients" expiring; do
	# shellcheck disable=SC2086
	run 2 $command "${folder[@]}" --language fr
	grep -qF "'fr' is none of en, ko, ja" "$home/err" || fail "$command: another language: $(cat "$home/err")"
done
