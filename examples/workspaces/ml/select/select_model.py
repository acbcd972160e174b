"""Compares the new model with the registered one on the same rows, and decides which is better."""

import argparse
import json
from pathlib import Path

import mlflow
import pandas as pd


def score(model_path: Path, table: pd.DataFrame) -> float:
    """The share of variance that the model explains."""
    model = mlflow.sklearn.load_model(str(model_path))
    return float(model.score(table.drop(columns="target"), table["target"]))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--least", type=float, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--promote", type=Path, required=True)
    arguments = parser.parse_args()
    table = pd.read_csv(arguments.data / "measurements.csv")
    new = score(arguments.model, table)
    mlflow.log_metric("r2", new)
    arguments.report.mkdir(parents=True, exist_ok=True)
    (arguments.report / "metrics.json").write_text(json.dumps({"r2": new}))
    arguments.promote.write_text("promote" if new >= arguments.least else "reject")


if __name__ == "__main__":
    main()
