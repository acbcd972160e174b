import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from app import create_app  # noqa: E402

FLAT = {"surface": 50, "rooms": 2, "property_type": "flat", "postcode": "1000"}


class FourThousandASquareMetre:
    def predict(self, listings):
        assert list(listings["department"]) == ["01"]
        return listings["surface"] * 4_000


@pytest.fixture
def client():
    return create_app(FourThousandASquareMetre()).test_client()


def test_it_says_that_it_is_ready(client):
    assert client.get("/").json == {"status": "ready"}


def test_it_estimates_a_price(client):
    assert client.post("/estimate", json=FLAT).json == {"price": 200_000}


@pytest.mark.parametrize(
    ("change", "message"),
    [({"surface": "large"}, "must be numbers"), ({"surface": None}, "must be numbers")],
)
def test_it_refuses_what_is_no_number(client, change, message):
    answer = client.post("/estimate", json=FLAT | change)
    assert answer.status_code == 400
    assert message in answer.json["error"]


def test_it_names_what_is_missing(client):
    answer = client.post("/estimate", json={"surface": 50, "rooms": 2})
    assert answer.status_code == 400
    assert answer.json["error"] == "missing: property_type, postcode"


def test_it_refuses_what_is_no_object(client):
    assert client.post("/estimate", data="50").status_code == 400
