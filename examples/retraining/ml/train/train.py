"""Trains a ridge regression on the diabetes data."""

import argparse
from pathlib import Path

import mlflow
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--alpha", type=float, required=True)
    parser.add_argument("--model", type=Path, required=True)
    arguments = parser.parse_args()
    features, target = load_diabetes(return_X_y=True, as_frame=True)
    known, _, known_target, _ = train_test_split(features, target, test_size=0.2, random_state=0)
    mlflow.sklearn.save_model(Ridge(alpha=arguments.alpha).fit(known, known_target), str(arguments.model))


if __name__ == "__main__":
    main()
