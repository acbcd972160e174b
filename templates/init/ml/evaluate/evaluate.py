"""Decides whether a model is good enough."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd

FEATURES = ["surface", "rooms"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds prices.csv")
    parser.add_argument("--model", required=True, help="folder of the MLflow model")
    parser.add_argument("--tolerance", type=float, required=True, help="average error, as a share of the price")
    parser.add_argument("--promote", type=Path, required=True, help="file that takes the decision")
    args = parser.parse_args()
    prices = pd.read_csv(args.data / "prices.csv").astype(float)
    estimates = mlflow.pyfunc.load_model(args.model).predict(prices[FEATURES])
    error = ((estimates - prices["price"]).abs() / prices["price"]).mean()
    mlflow.log_metric("error", error)
    decision = "promote" if error <= args.tolerance else "reject"
    args.promote.write_text(decision)
    print(f"average error {error:.3f}: {decision}")


if __name__ == "__main__":
    main()
