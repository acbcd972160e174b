"""The service with a model that keeps everybody, and the checks of data."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "engine"), str(ROOT / "ml/sanity")]

from app import create_app  # noqa: E402
from check import problems  # noqa: E402

CUSTOMER = {"months": 12, "calls": 3, "price": 39.9}


class Nobody:
    def predict(self, customers):
        return [0] * len(customers)


def test_customers_are_answered_one_by_one():
    client = create_app(model=Nobody()).test_client()
    assert client.get("/").json == {"status": "ready"}
    assert client.post("/churn", json={"customers": [CUSTOMER, CUSTOMER]}).json == {"churned": [0, 0]}
    assert client.post("/churn", json={"customers": [{}]}).status_code == 400


def test_data_that_is_not_sane_is_found():
    good = {name: str(value) for name, value in CUSTOMER.items()} | {"churned": "1"}
    assert problems([good]) == []
    assert problems([good | {"months": "-1"}]) == ["line 2: `months` is -1.0, not from 0 to 600"]
    assert problems([good | {"calls": ""}]) == ["line 2: `calls` is no number"]
    assert problems([]) == ["there are no rows"]
