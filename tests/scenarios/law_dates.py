#!/usr/bin/env python3
"""The findings of the shipped registry against the days that the law data gives them.

usage: law_dates.py CARNET REGISTRY_DATA ADEQUACY_YAML

A finding that the source ends on a day may not be in force on the next.  Reviews that the source
knows and the registry does not are listed; they are a gap, not a fault.
"""
import datetime
import json
import subprocess
import sys

import yaml


def findings_on(carnet, registry, day):
    """(by, area, from) of every finding in force, and its record."""
    out = subprocess.run([carnet, "list", "finding", "--registry", registry, "--as-of", day, "-o", "json"],
                         stdout=subprocess.PIPE, check=True).stdout
    records = [json.loads(line)["record"]["finding"] for line in out.splitlines()]
    return {(one["by"], one["area"], one.get("from", "")): one for one in records}


def areas_of(row):
    return [word.split("(")[0].strip() for word in row["dest"].split(",")]


def main():
    carnet, registry, source = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        rows = yaml.safe_load(file)["findings"]
    wrong, compared = [], 0
    today = findings_on(carnet, registry, datetime.date.today().isoformat())
    for row in rows:
        by = row["by"].lower()
        if row["to"] not in ("open", "none"):
            after = datetime.date.fromisoformat(row["to"]) + datetime.timedelta(days=1)
            before = findings_on(carnet, registry, row["to"])
            in_force = findings_on(carnet, registry, after.isoformat())
            for area in areas_of(row):
                compared += (by, area, row["from"]) in before
                if (by, area, row["from"]) in in_force:
                    wrong.append(f"{row['id']}: in force on {after}, but it ended on {row['to']}")
        for name in ("reviewed", "review"):
            for area in areas_of(row):
                for key, record in today.items():
                    if name in row and key[:2] == (by, area) and not record.get("reviewed"):
                        print(f"gap: finding {record['id']}: the source says {name}: {row[name]}")
    if compared < 5:
        wrong.append(f"only {compared} findings with an end were found in the registry")
    print(f"{compared} findings end when their source says")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
