"""Trains one model with the given settings, and logs how well it does on held-back rows."""

import argparse
from pathlib import Path

import mlflow
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import train_test_split


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--learning-rate", type=float, required=True)
    parser.add_argument("--depth", type=int, required=True)
    parser.add_argument("--model", type=Path, required=True)
    arguments = parser.parse_args()
    table = pd.read_csv(arguments.data / "measurements.csv")
    known, held_back = train_test_split(table, test_size=0.2, random_state=7)
    model = GradientBoostingRegressor(
        learning_rate=arguments.learning_rate, max_depth=arguments.depth, random_state=7
    )
    model.fit(known.drop(columns="target"), known["target"])
    score = model.score(held_back.drop(columns="target"), held_back["target"])
    mlflow.log_metric("r2", score)
    mlflow.sklearn.save_model(model, str(arguments.model))


if __name__ == "__main__":
    main()
