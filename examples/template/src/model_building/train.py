"""Learns the quality of wines."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.ensemble import RandomForestRegressor

FEATURES = ["alcohol", "acidity", "sugar"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train.csv")
    parser.add_argument("--model", type=Path, required=True, help="folder to write the MLflow model to")
    args = parser.parse_args()
    wines = pd.read_csv(args.data / "train.csv")
    features = wines[FEATURES].astype(float)
    model = RandomForestRegressor(n_estimators=200, random_state=0).fit(features, wines["quality"])
    mlflow.log_metric("wines", len(wines))
    mlflow.sklearn.save_model(model, str(args.model), signature=infer_signature(features, model.predict(features)))


if __name__ == "__main__":
    main()
