#!/usr/bin/env bash
# Chains of onward recipients, asked of a daemon and offline: any depth, the weakest hop named, the law
# of the data's origin carried along, every place of storage and access judged, no way in a circle.
set -euo pipefail
source "$(dirname "$0")/daemon.sh"
daemon_begin "$1"

/usr/bin/python3 - "$home/cases.yaml" "$home/circle.yaml" <<'EOF'
import json, sys

def party(name, area):
    return {"party": {"id": name, "kind": "organisation", "area": area, "bound-by": "none", "public-body": "no",
                      "sector": "telecommunications"}}

def case(name, given, ask):
    return json.dumps({"id": name, "given": given, "ask": dict(ask, purpose="essential.service")})

cases = []
for depth in 1, 2, 5, 50, 900:
    # All at home but the last, for whose country nothing is on file.
    names = [f"hop-{i}" for i in range(depth)]
    given = [party("hop-from", "KR")] + [party(name, "KR") for name in names[:-1]] + [party(names[-1], "VN")]
    given.append({"data-set": {"id": "ours", "exporter": "hop-from", "categories": ["user.name"], "areas": ["KR"],
                               "origin": ["kr-pipa"], "policies": "none"}})
    cases.append(case(f"depth-{depth}", given, {
        "data-set": "ours", "recipients": [{"party": name, "mode": "storage"} for name in names]}))

def onward(name, origin):
    given = [party("union", "DE"), party("tokyo", "JP"), party("hanoi", "VN"),
             {"data-set": {"id": "theirs", "exporter": "union", "categories": ["user.name"], "areas": ["DE"],
                           "origin": [origin], "policies": "none"}}]
    for number, (one, other) in enumerate([("union", "tokyo"), ("tokyo", "hanoi")]):
        given.append({"engagement": {"id": f"e{number}", "exporter": one, "importer": other, "exporter-role": "controller",
                                     "importer-role": "controller", "provider-handles-data": "yes"}})
    facts = {"data.identifiability": "identified", "transfer.necessary-for-contract": False, "transfer.repetitive": True}
    cases.append(case(name, given, {"data-set": "theirs", "facts": facts, "recipients": [
        {"party": "tokyo", "mode": "storage"}, {"party": "hanoi", "mode": "storage"}]}))
    cases.append(case(name + "-second-hop", given, {"exporter": "tokyo", "data-set": "theirs", "facts": facts,
                                                    "recipients": [{"party": "hanoi", "mode": "storage"}]}))

onward("union-data", "eu-gdpr")
onward("own-data", "none")
cases.append(case("places", [party("hop-from", "KR"), party("hop-to", "KR")], {
    "exporter": "hop-from", "categories": ["user.name"], "recipients": [
        {"party": "hop-to", "storage": ["KR"], "access": ["KR", "VN", "KR"], "mode": "remote-access"}]}))
open(sys.argv[1], "w").write("---\n".join(line + "\n" for line in cases))
open(sys.argv[2], "w").write(case("circle", [party("hop-from", "KR"), party("hop-to", "KR")], {
    "exporter": "hop-from", "categories": ["user.name"], "recipients": ["hop-to", "hop-from"]}) + "\n")
EOF

for where in online offline; do
	offline=()
	[ $where = online ] || offline=(--registry "$top/registry-data")
	code=0
	"$bin/carnet" check -f "$home/cases.yaml" "${offline[@]}" --output json >"$home/$where" 2>"$home/err" || code=$?
	[ $code = 1 ] || fail "$where: exit code $code: $(cat "$home/err")"
	code=0
	"$bin/carnet" check -f "$home/circle.yaml" "${offline[@]}" >"$home/out" 2>"$home/err" || code=$?
	[ $code = 2 ] || fail "a circle, $where: exit code $code"
	grep -q "recipients\[1\].party: the chain comes back to 'hop-from'" "$home/err" || fail "a circle, $where: $(cat "$home/err")"
	/usr/bin/python3 - "$home/$where" <<'EOF' || fail "chains, $where"
import json, sys

depths = 1, 2, 5, 50, 900
answers = [json.loads(line)["decision"] for line in open(sys.argv[1])]
assert len(answers) == len(depths) + 5, len(answers)

def opinions(decision, rulebook):
    return {leg: one["verdict"] for one in decision["opinions"] if one.get("rulebook") == rulebook for leg in one["legs"]}

for depth, decision in zip(depths, answers):
    legs = decision["legs"]
    assert len(legs) == depth and [leg.get("hop", 0) for leg in legs] == list(range(depth))
    assert decision["verdict"] not in ("NOT_A_TRANSFER", "PERMITTED", "PERMITTED_WITH_OBLIGATIONS"), depth
    assert decision.get("weakest_leg", 0) == depth - 1, (depth, decision.get("weakest_leg"))
    assert all(leg["verdict"] == "NOT_A_TRANSFER" for leg in legs[:-1]), depth
union, second, own, own_second, places = answers[len(depths):]
# The Union's law judges both hops, finds Japan adequate, and is the weakest on the second.
assert opinions(union, "eu-gdpr") == {0: "PERMITTED", 1: "DENIED"}, opinions(union, "eu-gdpr")
assert union["verdict"] == "DENIED" and union["weakest_leg"] == 1
assert opinions(second, "eu-gdpr") == {0: "DENIED"}, opinions(second, "eu-gdpr")
# It travels because it applied to the first hop, also where the data-set names no origin.
assert opinions(own, "eu-gdpr") == {0: "PERMITTED", 1: "DENIED"}, opinions(own, "eu-gdpr")
# But what was Tokyo's own from the first is none of its business.
assert opinions(own_second, "eu-gdpr") == {}, opinions(own_second, "eu-gdpr")
assert [leg["area"] for leg in places["legs"]] == ["KR", "VN"]
assert places["weakest_leg"] == 1
EOF
done
daemon_stop
