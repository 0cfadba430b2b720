"""What is said about a column that is not there."""

from __future__ import annotations

from dlstudio.data.near_columns import MOST_NAMES, missing_column, near_names


def test_near_names_are_offered_whatever_their_case() -> None:
    found = missing_column("PRICE ", ["prices", "city", "price"])
    assert "“PRICE ”" in found.message
    assert found.hint == "Did you mean price, prices?"
    assert near_names("城市名", ["城市", "rooms"]) == ["城市"]


def test_without_a_near_name_the_columns_are_listed() -> None:
    assert missing_column("xyz", ["city", "rooms"]).hint.endswith(": city, rooms.")
    many = [f"column {number}" for number in range(99)]
    hint = missing_column("xyz", many).hint
    assert f"column {MOST_NAMES - 1}, …" in hint and "column 98" not in hint
