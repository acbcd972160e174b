"""Decides whether a model is good enough to be registered."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd

FEATURES = ["alcohol", "acidity", "sugar"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds test.csv")
    parser.add_argument("--model", required=True, help="folder of the MLflow model")
    parser.add_argument("--max-error", type=float, required=True, help="largest average error, in points")
    parser.add_argument("--promote", type=Path, required=True, help="file that takes the decision")
    args = parser.parse_args()
    wines = pd.read_csv(args.data / "test.csv")
    estimates = mlflow.pyfunc.load_model(args.model).predict(wines[FEATURES].astype(float))
    error = float((estimates - wines["quality"]).abs().mean())
    mlflow.log_metric("error", error)
    decision = "promote" if error <= args.max_error else "reject"
    args.promote.write_text(decision)
    print(f"average error {error:.2f}: {decision}")


if __name__ == "__main__":
    main()
