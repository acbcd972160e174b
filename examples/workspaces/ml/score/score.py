"""Scores cleaned measurements with the registered model."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scores", type=Path, required=True)
    arguments = parser.parse_args()
    table = pd.read_csv(arguments.data / "measurements.csv")
    model = mlflow.sklearn.load_model(str(arguments.model))
    scores = table.assign(score=model.predict(table.drop(columns="target", errors="ignore")))
    arguments.scores.mkdir(parents=True, exist_ok=True)
    scores.to_csv(arguments.scores / "scores.csv", index=False)


if __name__ == "__main__":
    main()
