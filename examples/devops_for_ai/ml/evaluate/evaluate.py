"""Compares a model with the one in production, on the same customers; the better one wins."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd
from mlflow import MlflowClient
from sklearn.metrics import f1_score

FEATURES = ["months", "calls", "price"]
NAME = "churn"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds test.csv")
    parser.add_argument("--model", required=True, help="folder of the MLflow model")
    parser.add_argument("--promote", type=Path, required=True, help="file that takes the decision")
    args = parser.parse_args()
    customers = pd.read_csv(args.data / "test.csv")
    new, old = score(args.model, customers), in_production(customers)
    mlflow.log_metrics({"f1": new, "f1_in_production": old or 0.0})
    decision = "promote" if old is None or new > old else "reject"
    args.promote.write_text(decision)
    print(f"new {new:.3f}, in production {old}: {decision}")


def in_production(customers: pd.DataFrame) -> float | None:
    """Of the newest version that a release has tagged; nothing is in production before the first one."""
    versions = MlflowClient().search_model_versions(f"name='{NAME}'")
    tagged = [it for it in versions if it.tags.get("stage") == "production"]
    if not tagged:
        return None
    newest = max(tagged, key=lambda it: int(it.version))
    return score(f"models:/{NAME}/{newest.version}", customers)


def score(model: str, customers: pd.DataFrame) -> float:
    estimates = mlflow.pyfunc.load_model(model).predict(customers[FEATURES].astype(float))
    return float(f1_score(customers["churned"], estimates))


if __name__ == "__main__":
    main()
