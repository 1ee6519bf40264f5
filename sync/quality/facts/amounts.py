"""Amounts of money: a number of the text, and the currency beside it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from drafting.sums.numbers import NumberInText

_SIGN = r"[A-Z]{0,3}[$€£¥₹₽₩₪₫฿₴₦]|\b[A-Z]{3}\b|\b(?:Rs|kr|zł|Kč|Ft|lei|лв|руб)\b\.?"
_BEFORE = re.compile(rf"(?:{_SIGN})\s?$")
_AFTER = re.compile(
    rf"\s?(?:{_SIGN}|(?P<word>(?:US )?dollars?|euros?|pounds? sterling|pounds|yen|rupees?|francs?"
    rf"|cents?"
    r"|pence|baht|บาท|ريال|درهم|円|元)\b)"
)
_WORDS = {
    "dollar": "$", "euro": "€", "pound": "£", "yen": "¥", "rupee": "₹", "franc": "CHF",
    "baht": "฿", "บาท": "฿", "円": "¥", "元": "¥", "ريال": "﷼", "درهم": "AED",
}  # fmt: skip
# codes by the sign that may stand for them
_SAME = {
    "$": "$", "USD": "$", "CAD": "$", "AUD": "$", "NZD": "$", "SGD": "$", "HKD": "$",
    "€": "€", "EUR": "€", "£": "£", "GBP": "£", "¥": "¥", "JPY": "¥", "CNY": "¥", "RMB": "¥",
    "₹": "₹", "INR": "₹", "RS": "₹", "CHF": "CHF", "฿": "฿", "THB": "฿", "₽": "₽", "RUB": "₽",
    "РУБ": "₽", "SAR": "﷼", "QAR": "﷼", "OMR": "﷼", "YER": "﷼",
    "AED": "AED", "MAD": "AED", "KR": "kr", "SEK": "kr", "NOK": "kr", "DKK": "kr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that is money.

    Attributes:
        text: with its currency, as written.
        currency: a sign that stands for it and others like it: `$` for every kind of dollar.
    """

    number: NumberInText
    text: str
    currency: str


def amounts_in(text: str, numbers: Iterable[NumberInText]) -> Iterator[Amount]:
    """The numbers of a text beside which a currency stands, in order."""
    for number in numbers:
        before = _BEFORE.search(text, max(0, number.start - 6), number.start)
        if before and (currency := _currency(before[0].strip())):
            start = before.start()
            yield Amount(_scaled(number), text[start : number.end], currency)
            continue
        after = _AFTER.match(text, number.end)
        if after and (currency := _currency(after[0].strip())):
            yield Amount(number, text[number.start : after.end()], currency)


def _scaled(number: NumberInText) -> NumberInText:
    """Of `€3k`, in which the letter is no unit, the thousands alone."""
    if number.text[-1] not in "kM":
        return number
    return replace(number, readings=number.readings[len(number.readings) // 2 :])


@lru_cache(maxsize=4096)
def _currency(written: str) -> str | None:
    """What a sign, a code or a word stands for; None for what is no currency, such as `DNA`."""
    word = written.casefold().removeprefix("us ").removesuffix(" sterling")
    if word in _WORDS or word.removesuffix("s") in _WORDS:
        return _WORDS.get(word) or _WORDS[word.removesuffix("s")]
    if written.rstrip(".").upper() in _SAME:
        return _SAME[written.rstrip(".").upper()]
    from price_parser import Price  # knows three hundred signs and codes

    found = Price.fromstring(f"5 {written}").currency
    if found is None or found.casefold() != written.casefold():
        return None
    return _SAME.get(found[-1], found.upper())
