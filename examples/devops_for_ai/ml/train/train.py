"""Learns which customers leave."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FEATURES = ["months", "calls", "price"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train.csv")
    parser.add_argument("--model", type=Path, required=True, help="folder to write the MLflow model to")
    args = parser.parse_args()
    customers = pd.read_csv(args.data / "train.csv")
    features = customers[FEATURES].astype(float)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, customers["churned"])
    mlflow.log_metric("customers", len(customers))
    mlflow.sklearn.save_model(model, str(args.model), signature=infer_signature(features, model.predict(features)))


if __name__ == "__main__":
    main()
