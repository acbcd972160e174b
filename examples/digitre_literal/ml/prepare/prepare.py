"""Cleans listings and sets some of them aside for evaluation."""

import argparse
import zlib
from pathlib import Path

import pandas as pd

TEST_SHARE = 0.2
SQUARE_METRES = (9, 1_000)
EUROS_A_SQUARE_METRE = (300, 30_000)


def main() -> None:
    args = parse_arguments()
    listings = clean(pd.read_csv(args.listings / "listings.csv", dtype={"postcode": str}))
    if listings.empty:
        raise SystemExit("no listing is left after cleaning")
    test = listings["listing"].map(is_test)
    args.prepared.mkdir(parents=True, exist_ok=True)
    listings[~test].to_csv(args.prepared / "train.csv", index=False)
    listings[test].to_csv(args.prepared / "test.csv", index=False)
    print(f"{(~test).sum()} listings to train on, {test.sum()} to evaluate with")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=Path, required=True, help="folder that extract.py wrote")
    parser.add_argument("--prepared", type=Path, required=True, help="folder to write to")
    return parser.parse_args()


def clean(listings: pd.DataFrame) -> pd.DataFrame:
    listings = listings.dropna(subset=["property_type", "postcode", "surface", "price"])
    listings = listings.assign(
        rooms=listings["rooms"].fillna(1).clip(lower=1),
        department=listings["postcode"].str.zfill(5).str[:2],
    )
    plausible = listings["surface"].between(*SQUARE_METRES)
    plausible &= (listings["price"] / listings["surface"]).between(*EUROS_A_SQUARE_METRE)
    return listings[plausible]


def is_test(listing: object) -> bool:
    """By the listing's name, so that a listing never moves from the test set to the training set."""
    return zlib.crc32(str(listing).encode()) % 100 < TEST_SHARE * 100


if __name__ == "__main__":
    main()
