"""Cleans measurements: drops rows without a target, fills gaps with the column's median."""

import argparse
from pathlib import Path

import pandas as pd


def clean(table: pd.DataFrame) -> pd.DataFrame:
    """Rows without a target are dropped; other gaps take the median of their column."""
    known = table.dropna(subset=["target"])
    return known.fillna(known.median(numeric_only=True))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--raw", type=Path, required=True)
    parser.add_argument("--clean", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.clean.mkdir(parents=True, exist_ok=True)
    tables = [pd.read_csv(path) for path in sorted(arguments.raw.glob("*.csv"))]
    clean(pd.concat(tables)).to_csv(arguments.clean / "measurements.csv", index=False)


if __name__ == "__main__":
    main()
