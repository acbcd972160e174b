"""The deployed service: is it there, and does it answer sensibly."""

import os

import pytest
import requests

URL = os.environ["SERVICE_URL"]
LOYAL = {"months": 120, "calls": 0, "price": 19.9}
LEAVING = {"months": 1, "calls": 30, "price": 99.9}


def test_it_is_ready():
    assert requests.get(URL, timeout=30).json() == {"status": "ready"}


def test_it_tells_loyal_customers_from_those_who_leave():
    answer = requests.post(f"{URL}/churn", json={"customers": [LOYAL, LEAVING]}, timeout=30)
    assert answer.json() == {"churned": [0, 1]}


@pytest.mark.parametrize("body", [{}, {"customers": [{"months": "many"}]}])
def test_what_is_no_customer_is_refused(body):
    assert requests.post(f"{URL}/churn", json=body, timeout=30).status_code == 400
