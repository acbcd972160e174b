"""The data the model learns from: shape, ranges, no gaps."""

import pandas as pd
import pytest
from sklearn.datasets import load_diabetes


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return load_diabetes(as_frame=True).frame


def test_it_has_the_columns_the_model_needs(table):
    assert {"age", "sex", "bmi", "bp", "target"} <= set(table.columns)


def test_nothing_is_missing(table):
    assert not table.isna().any().any()


def test_features_are_scaled(table):
    features = table.drop(columns="target")
    assert features.abs().to_numpy().max() < 1
