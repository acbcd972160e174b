"""The service with a model that always says 6."""

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src/scoring"))

from app import create_app  # noqa: E402


class Six:
    def predict(self, wines):
        return [6.0] * len(wines)


@pytest.fixture
def client():
    return create_app(model=Six(), key="secret").test_client()


def test_the_service_is_ready(client):
    assert client.get("/").json == {"status": "ready"}


def test_the_test_request_is_answered(client):
    request = json.loads((ROOT / ".azureml/test.json").read_text())
    answer = client.post("/score", json=request, headers={"Authorization": "Bearer secret"})
    assert answer.json == {"quality": [6.0, 6.0]}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer other"}])
def test_nobody_scores_without_the_key(client, headers):
    assert client.post("/score", json={"wines": []}, headers=headers).status_code == 401


def test_what_is_no_wine_is_refused(client):
    answer = client.post("/score", json={"wines": [{"alcohol": "much"}]}, headers={"Authorization": "Bearer secret"})
    assert answer.status_code == 400
