"""Evaluates a model; one below the passing point cancels the whole run."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd
from azureml.core import Run

TOLERANCE = 0.1


def main() -> None:
    args = parse_arguments()
    run = Run.get_context()
    listings = pd.read_csv(args.data / "test.csv", dtype={"postcode": str, "department": str})
    listings = listings.astype({"surface": float, "rooms": float})
    model = mlflow.pyfunc.load_model(str(args.model))
    estimates = model.predict(listings[model.metadata.get_input_schema().input_names()])
    score = float(((estimates / listings["price"] - 1).abs() <= TOLERANCE).mean() * 100)
    run.log("within_tolerance", score)
    if score < args.passing_point:
        run.parent.cancel()


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passing-point", type=float, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
