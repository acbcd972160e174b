"""Checks that data is what training expects: its columns, their ranges, nothing missing."""

import csv
import sys

RANGES = {"months": (0, 600), "calls": (0, 1000), "price": (0, 10_000), "churned": (0, 1)}


def problems(rows: list[dict]) -> list[str]:
    found = [] if rows else ["there are no rows"]
    for number, row in enumerate(rows, start=2):
        for name, (low, high) in RANGES.items():
            try:
                value = float(row[name])
            except (KeyError, TypeError, ValueError):
                found.append(f"line {number}: `{name}` is no number")
                continue
            if not low <= value <= high:
                found.append(f"line {number}: `{name}` is {value}, not from {low} to {high}")
    return found


def main() -> int:
    with open(sys.argv[1], newline="") as file:
        found = problems(list(csv.DictReader(file)))
    for problem in found:
        print(f"##vso[task.logissue type=error]{problem}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
