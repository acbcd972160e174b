"""Registers the model; only reached when evaluation decided to promote it."""

import argparse
from pathlib import Path

import mlflow


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--name", required=True)
    arguments = parser.parse_args()
    version = mlflow.register_model(f"file://{arguments.model.resolve()}", arguments.name)
    print(f"registered {version.name}:{version.version}")


if __name__ == "__main__":
    main()
