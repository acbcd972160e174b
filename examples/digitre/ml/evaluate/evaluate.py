"""Decides whether a model is good enough: writes `promote` or `reject`."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd

TOLERANCE = 0.1


def main() -> None:
    args = parse_arguments()
    listings = pd.read_csv(args.data / "test.csv", dtype={"postcode": str, "department": str})
    listings = listings.astype({"surface": float, "rooms": float})
    score = share_within_tolerance(mlflow.pyfunc.load_model(str(args.model)), listings)
    mlflow.log_metric("within_tolerance", score)
    decision = "promote" if score >= args.passing_point else "reject"
    args.promote.parent.mkdir(parents=True, exist_ok=True)
    args.promote.write_text(decision)
    print(f"{score:.1f} of 100 estimates within {TOLERANCE:.0%} of the price: {decision}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder with the MLflow model")
    parser.add_argument("--data", type=Path, required=True, help="folder that prepare.py wrote")
    parser.add_argument("--passing-point", type=float, required=True, help="percent of good estimates needed")
    parser.add_argument("--promote", type=Path, required=True, help="file to write the decision to")
    return parser.parse_args()


def share_within_tolerance(model: mlflow.pyfunc.PyFuncModel, listings: pd.DataFrame) -> float:
    """In percent."""
    columns = model.metadata.get_input_schema().input_names()
    estimates = model.predict(listings[columns])
    return float(((estimates / listings["price"] - 1).abs() <= TOLERANCE).mean() * 100)


if __name__ == "__main__":
    main()
