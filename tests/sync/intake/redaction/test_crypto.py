"""Wallet addresses by their checksum; the examples are those of the standards."""

import pytest

from sync.intake.redaction.recognisers.crypto import CryptoRecogniser

GOOD = [
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr",
]


@pytest.mark.parametrize("address", GOOD)
def test_an_address_is_found_in_a_sentence_and_beside_other_scripts(address: str) -> None:
    for text in (f"send to {address}, please", f"钱包{address}在"):
        found = [text[start:end] for start, end, _ in CryptoRecogniser().scored(text)]
        assert found == [address]


@pytest.mark.parametrize("address", GOOD)
def test_a_mistyped_one_is_not(address: str) -> None:
    other = address[:-1] + ("p" if address[-1] not in "pP" else "q")
    assert list(CryptoRecogniser().scored(other)) == []


def test_long_codes_are_none() -> None:
    for text in ("1" * 60, "3" * 30, "bc1qqqqqqqqqqqqqqqqqqqq", "9f86d081884c7d659a2feaa0c55ad015"):
        assert list(CryptoRecogniser().scored(text)) == []
