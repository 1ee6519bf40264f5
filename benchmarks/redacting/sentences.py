"""Templates filled with invented values, the same ones in every run."""

import random
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from benchmarks.redacting.templates import LANGUAGES
from sync.intake.redaction.spans import Span

# of each template with different values
ROUNDS = 4

_ENTITIES = {
    "call": "PHONE_NUMBER",
    "number": "PHONE_NUMBER",
    "mail": "EMAIL_ADDRESS",
    "page": "URL",
    "site": "URL",
    "mac": "MAC_ADDRESS",
}
_NAMES = ("li.wei", "k_tanaka", "mina-park", "somchai88", "o.hassan", "7012345", "anna+shop", "v")
_HOSTS = ("example.com", "mail.example.org", "example.co.jp", "post.example.de", "example-shop.net")
_PATHS = ("/", "/help", "/u/4711", "/a/b.html?id=12&x=y", "/wiki/%E6%97%A5", "/faq#top")
# None: the national one without its signs
_STYLES = (
    ("country code", PhoneNumberFormat.INTERNATIONAL),
    ("national", PhoneNumberFormat.NATIONAL),
    ("country code", PhoneNumberFormat.E164),
    ("national, digits alone", None),
)


@dataclass(frozen=True)
class Sentence:
    """A sentence with what is personal in it.

    Attributes:
        values: where they stand, in order.
        forms: of each value what it is to be told apart by, such as `call, NATIONAL`.
    """

    language: str
    script: str
    text: str
    values: tuple[Span, ...]
    forms: tuple[str, ...]


def sentences(rounds: int = ROUNDS) -> Iterator[Sentence]:
    """Every template `rounds` times."""
    draw = random.Random(4217)
    for name, language in LANGUAGES.items():
        for template in language.templates:
            for turn in range(rounds):
                yield _filled(name, language.script, language.region, template, turn, draw)


def _filled(
    name: str, script: str, region: str, template: str, turn: int, draw: random.Random
) -> Sentence:
    text = ""
    values: list[Span] = []
    forms: list[str] = []
    for before, gap, _, _ in string.Formatter().parse(template):
        text += before
        if gap is None:
            continue
        value, form = _value(gap, region, turn, draw)
        if gap in _ENTITIES:
            values.append(Span(len(text), len(text) + len(value), _ENTITIES[gap], 1.0))
            forms.append(form)
        text += value
    return Sentence(name, script, text, tuple(values), tuple(forms))


def _value(gap: str, region: str, turn: int, draw: random.Random) -> tuple[str, str]:
    if gap in ("call", "number"):
        form, style = _STYLES[turn % len(_STYLES)]
        told = "with a telling word" if gap == "call" else "without one"
        return _phone(region, style, draw), f"{form}, {told}"
    if gap == "mail":
        return f"{draw.choice(_NAMES)}@{draw.choice(_HOSTS)}", gap
    if gap == "page":
        return f"https://{draw.choice(_HOSTS)}{draw.choice(_PATHS)}", gap
    if gap == "site":
        return draw.choice(("www.example.com", "example.org", "help.example.net/start")), gap
    if gap == "mac":
        return ":".join(f"{draw.randrange(256):02X}" for _ in range(6)), gap
    return _plain(gap, draw), gap


def _plain(gap: str, draw: random.Random) -> str:
    if gap == "order":
        return str(draw.randrange(10**9, 10**13))
    if gap == "sum":
        return draw.choice(("128,500", "1250000", "349.90", "12 400"))
    if gap == "date":
        return draw.choice(("2026-03-14", "14.03.2026", "03/14/2026", "2026/3/14"))
    if gap == "part":
        return f"{draw.choice('ABX')}-{draw.randrange(10**4, 10**7)}"
    return f"{draw.randrange(20)}.{draw.randrange(20)}.{draw.randrange(20)}"


def _phone(region: str, style: int | None, draw: random.Random) -> str:
    """A valid mobile number of the region with random last digits."""
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    while True:
        number = phonenumbers.PhoneNumber()
        number.merge_from(example)
        last = draw.randrange(10**5)
        number.national_number = example.national_number // 10**5 * 10**5 + last
        if phonenumbers.is_valid_number(number):
            signs = PhoneNumberFormat.NATIONAL if style is None else style
            written: str = phonenumbers.format_number(number, signs)
            return written if style is not None else re.sub(r"\D", "", written)
