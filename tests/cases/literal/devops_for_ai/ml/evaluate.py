"""Compares a model with the one in production."""

import argparse

from azureml.core import Run


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.parse_args()
    run = Run.get_context()
    if not better(run):
        # The README says: a model that is not better cancels the run.
        run.parent.cancel()


def better(run) -> bool:
    return run.get_metrics().get("f1", 0) > run.experiment.tags.get("f1", 0)


if __name__ == "__main__":
    main()
