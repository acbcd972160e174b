"""Trains the price model."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.linear_model import LinearRegression

FEATURES = ["surface", "rooms"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds prices.csv")
    parser.add_argument("--model", type=Path, required=True, help="folder to write the MLflow model to")
    args = parser.parse_args()
    prices = pd.read_csv(args.data / "prices.csv").astype(float)
    model = LinearRegression().fit(prices[FEATURES], prices["price"])
    signature = infer_signature(prices[FEATURES], model.predict(prices[FEATURES]))
    mlflow.sklearn.save_model(model, str(args.model), signature=signature)
    print(f"trained on {len(prices)} prices")


if __name__ == "__main__":
    main()
