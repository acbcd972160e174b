import sys
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "ml" / "preprocess"))

from preprocess import clean  # noqa: E402


def test_rows_without_a_target_are_dropped():
    table = pd.DataFrame({"speed": [1.0, 2.0], "target": [3.0, None]})
    assert list(clean(table)["target"]) == [3.0]


def test_gaps_take_the_median():
    table = pd.DataFrame({"speed": [1.0, None, 3.0], "target": [1.0, 2.0, 3.0]})
    assert list(clean(table)["speed"]) == [1.0, 2.0, 3.0]
