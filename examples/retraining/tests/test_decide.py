import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "ml" / "evaluate"))

from decide import is_better  # noqa: E402


def test_the_first_model_is_better_than_none():
    assert is_better(3000.0, None)


def test_a_smaller_error_is_better():
    assert is_better(2900.0, 3000.0)
    assert not is_better(3000.0, 3000.0)
