"""Trains the price model."""

import argparse
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder

NUMBERS = ["surface", "rooms"]
CATEGORIES = ["property_type", "department"]


def main() -> None:
    args = parse_arguments()
    listings = pd.read_csv(args.data / "train.csv", dtype={"postcode": str, "department": str})
    features = listings[NUMBERS + CATEGORIES].astype({name: float for name in NUMBERS})
    mlflow.log_param("learning_rate", args.learning_rate)
    mlflow.log_metric("listings", len(listings))
    model = build(args.learning_rate).fit(features, listings["price"])
    signature = infer_signature(features, model.predict(features))
    mlflow.sklearn.save_model(model, str(args.model), signature=signature)
    print(f"trained on {len(listings)} listings")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare.py wrote")
    parser.add_argument("--learning-rate", type=float, required=True)
    parser.add_argument("--model", type=Path, required=True, help="folder to write the MLflow model to")
    return parser.parse_args()


def build(learning_rate: float) -> TransformedTargetRegressor:
    """Prices span three orders of magnitude: the error that counts is relative, so their logarithm is learnt."""
    columns = ColumnTransformer(
        [("categories", OneHotEncoder(handle_unknown="ignore"), CATEGORIES)], remainder="passthrough"
    )
    boosting = GradientBoostingRegressor(learning_rate=learning_rate, n_estimators=300, random_state=0)
    steps = Pipeline([("columns", columns), ("boosting", boosting)])
    return TransformedTargetRegressor(steps, func=np.log1p, inverse_func=np.expm1)


if __name__ == "__main__":
    main()
