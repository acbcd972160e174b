"""Measures the new model and the registered one on the same held-back rows."""

import argparse
from pathlib import Path

import mlflow
from decide import is_better
from mlflow.exceptions import MlflowException
from sklearn.datasets import load_diabetes
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split


def error_of(uri: str) -> float:
    features, target = load_diabetes(return_X_y=True, as_frame=True)
    _, held_back, _, truth = train_test_split(features, target, test_size=0.2, random_state=0)
    return float(mean_squared_error(truth, mlflow.sklearn.load_model(uri).predict(held_back)))


def current_error(name: str) -> float | None:
    versions = mlflow.MlflowClient().search_model_versions(f"name='{name}'")
    if not versions:
        return None
    latest = max(int(it.version) for it in versions)
    try:
        return error_of(f"models:/{name}/{latest}")
    except MlflowException as error:
        raise SystemExit(f"the registered model {name}:{latest} cannot be loaded: {error}") from error


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--promote", type=Path, required=True)
    arguments = parser.parse_args()
    error = error_of(str(arguments.model))
    mlflow.log_metric("mse", error)
    arguments.promote.write_text("promote" if is_better(error, current_error(arguments.name)) else "reject")


if __name__ == "__main__":
    main()
