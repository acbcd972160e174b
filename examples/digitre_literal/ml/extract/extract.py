"""Gathers the agencies' files and keeps the listings of one country."""

import argparse
from pathlib import Path

import pandas as pd

COLUMNS = {
    "id": "listing",
    "country": "country",
    "type": "property_type",
    "postcode": "postcode",
    "surface": "surface",
    "rooms": "rooms",
    "price": "price",
}


def main() -> None:
    args = parse_arguments()
    listings = gather(args.raw, args.country)
    args.listings.mkdir(parents=True, exist_ok=True)
    listings.to_csv(args.listings / "listings.csv", index=False)
    print(f"{len(listings)} listings of {args.country}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, required=True, help="folder with one CSV file an agency")
    parser.add_argument("--country", required=True, help="two letters, such as FR")
    parser.add_argument("--listings", type=Path, required=True, help="folder to write to")
    return parser.parse_args()


def gather(raw: Path, country: str) -> pd.DataFrame:
    """A listing that several agencies have is kept once, as the last one has it."""
    files = sorted(raw.rglob("*.csv"))
    if not files:
        raise SystemExit(f"no CSV files in {raw}")
    frames = [pd.read_csv(file, dtype={"postcode": str}) for file in files]
    listings = pd.concat(frames, ignore_index=True)[list(COLUMNS)].rename(columns=COLUMNS)
    listings = listings[listings["country"] == country]
    return listings.drop_duplicates("listing", keep="last")


if __name__ == "__main__":
    main()
