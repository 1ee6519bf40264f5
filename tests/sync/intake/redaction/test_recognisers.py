"""Each recogniser on what it is for and on what only looks like it; all values are invented."""

import re
import statistics

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat
from presidio_analyzer.predefined_recognizers.generic import iban_patterns

from sync.intake.redaction.recognisers.credit_card import CardRecogniser, luhn
from sync.intake.redaction.recognisers.email_address import EmailRecogniser
from sync.intake.redaction.recognisers.iban import IbanRecogniser, _layouts, checked
from sync.intake.redaction.recognisers.ip_address import IpRecogniser
from sync.intake.redaction.recognisers.phone import PhoneRecogniser
from sync.intake.redaction.recognisers.recogniser import OwnPattern, Recogniser
from sync.intake.redaction.recognisers.ssn import SsnRecogniser
from sync.intake.redaction.recognisers.url import UrlRecogniser
from sync.settings.redaction import RedactionSection

LEAST = RedactionSection().least_score
RECOGNISERS: dict[str, Recogniser] = {
    "phone": PhoneRecogniser(RedactionSection().phone_regions),
    "card": CardRecogniser(),
    "email": EmailRecogniser(),
    "iban": IbanRecogniser(),
    "ip": IpRecogniser(),
    "ssn": SsnRecogniser(),
    "url": UrlRecogniser(),
    "own": OwnPattern("ORDER", r"\bA-\d{6}\b"),
}

# what is found stands between «»
FOUND = {
    "phone": [
        "Ring «+44 20 7946 0018» or «(0)20 7946 0018»",
        "«+1-202-555-0143x559», «202.555.0143» and «(202) 555-0143 ext. 7»",
        "«0044 20 7946 0018» please",
        "0A «+44 20 7946 0018» 0A",
        "«(202) 555-0143» 5pm, A5 «202-555-0143»",
        "ring «020 7946 0018» 2nd floor, or «020 7946 0018» 24h",
        "«+41 (0)44 668 18 00»",
        "my mobile is «7700 900 123»",
        "They never answer at «99 668472»",
        "Phone:\n«467 3395»",
        "Fax: «5403926876», call «78 651 450»",
        "«28-64-66-98» office",
        "from «085 175 7641»",
        "«202-555-0143» «202-555-0199»",
        "Meine Rufnummer: «030 901820»",
        "«030 901820», sagte er",
        "(«020 7946 0018»)",
    ],
    "card": [
        "«4111111111111111»",
        "«4111 1111 1111 1111» and «5500-0000-0000-0004»",
        "«3782 822463 10005»",
        "My card «4111111111111112» is lost",
        "cc «501864667909»",
        "order paid with «4111 1111 1111 1111» 12/27 123",
        "no. 1 «4111 1111 1111 1111», 12",
        "a,«4111111111111111»-Visa",
        "«4111-1111-1111-1112»",
        "my credit card number is «060426070011»",
    ],
    "email": [
        "Write to «joe.bloggs+news@mail.example.co.uk».",
        "<«joe@example.com»>, mailto:«ann@example.org»",
        "«joe@corp.local» and «bücher@müller.de»",
        "«joe [at] example [dot] com»",
        "'«o'neil@example.com»'",
    ],
    "iban": [
        "«GB82 WEST 1234 5698 7654 32» is mine",
        "«DE89370400440532013000» 2 days ago",
        "iban «gb82west12345698765432»",
        "IBAN: «GB83WEST12345698765432»",
        "«DE88370400440532013000»",
        "«PT50000201231234567890154», «MU17BOMM0101101030300200000MUR»",
        "«PS92 PALS 0000 0000 0400 1234 5670 2».",
    ],
    "ip": [
        "from «192.0.2.17»:8080",
        "«2001:db8::8a2e:370:7334», «::ffff:192.0.2.128».",
        "IP:«2001:db8::1»",
        "«192.168.001.010»",
    ],
    "ssn": [
        "«078-05-1120»",
        "SSN 078051120".replace("078051120", "«078051120»"),
        "ssn «078 05 1120»",
    ],
    "url": [
        "See «https://example.com/a?b=c#d».",
        "(«http://intranet:8080/wiki/A_(b)»)",
        "«www.example.com», «example.co.uk» and «EXAMPLE.COM»",
        "«help.example.is/start» [«ftp://example.org»]",
        "«example.de»!",
    ],
    "own": ["order «A-123456»"],
}
LEFT = {
    "phone": [
        "order 5403926876",
        "5403926876 is the order",
        "on 2026-04-16 11:34:35 or 16/04/2026",
        "from 1990-1995 to 2000-2004",
        "it costs $1500-2500, 1,250,000 USD or 1 234 567 EUR",
        "23786 - 17509 = 6277",
        "IP 192.0.2.17, SSN 078-05-1120",
        "account 905-674-3793",
        "version 10.2.3.4567",
        "3.14159265 and 12.5000000",
        "call 911",
        "call about order 12345678",
        "ZIP: 394 1300",
        "steps 10 20 30 40 50 60 70 80 90 100 110",
    ],
    "card": ["order 4111111111111112", "1234567890123456", "pi is 3.14159265358979", "41111111111"],
    "email": ["@joe", "joe@", "5 @ 3.50", "a@b", "look at example.com"],
    "iban": ["GB82", "de89 days", "ab12 cdef 3456", "xx82west12345698765432"],
    "ip": ["version 10.2.3.4", "12:30:45", "std::vector", "300.1.2.3", "1.2.3", "1.2.3.4.5", "::"],
    "ssn": ["078051120", "078-05-11201", "order 078 05 1120", "2026-05-1120"],
    "url": [
        "done.Next",
        "account.is there",
        "readme.md",
        "e.g. this",
        "3.50",
        "joe@example.com",
        "a.b",
    ],
    "own": ["order B-123456"],
}


def marked(kind: str, text: str) -> str:
    """The text with «» around what is found; of overlapping spans the longest."""
    spans = [(a, b) for a, b, score in RECOGNISERS[kind].scored(text) if score >= LEAST]
    for start, end in sorted(spans, reverse=True):
        if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans):
            text = f"{text[:start]}«{text[start:end]}»{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("kind", "expected"), [(kind, text) for kind, texts in FOUND.items() for text in texts]
)
def test_found(kind: str, expected: str) -> None:
    assert marked(kind, expected.translate({ord("«"): None, ord("»"): None})) == expected


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in LEFT.items() for text in texts]
)
def test_left_alone(kind: str, text: str) -> None:
    assert marked(kind, text) == text


def test_check_digits() -> None:
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert checked("GB82WEST12345698765432")
    assert not checked("GB83WEST12345698765432")


def test_every_country_of_presidio_has_an_iban() -> None:
    """Theirs are the same; three are cut short, with a longer one in the comment beside them."""
    layouts = iban_patterns.regex_per_country
    assert set(_layouts()) == set(layouts)
    kinds = {"[0-9]": "1", "[A-Z]": "A", "[A-Z0-9]": "2"}
    for country, ours in _layouts().items():
        parts = re.findall(r"(\[[^]]+\])\{(\d+)\}", ours.pattern)
        number = f"{country}11" + "".join(kinds[kind] * int(n) for kind, n in parts)
        if country == "CR":  # theirs knows that a bank's begins with 0
            number = number[:4] + "0" + number[5:]
        theirs = re.match(layouts[country].rstrip("$"), number)
        assert ours.fullmatch(number)
        assert theirs is not None, country
        assert (theirs.end() == len(number)) == (country not in {"MU", "PS", "PT"})


def test_a_number_of_a_region_that_is_not_configured_stays() -> None:
    german = "zu 030 901820"
    assert max(score for _, _, score in PhoneRecogniser(["DE"]).scored(german)) >= LEAST
    assert max(score for _, _, score in PhoneRecogniser(["US"]).scored(german)) < LEAST


def test_numbers_of_every_country() -> None:
    """What `phonenumbers` gives as an example of each, in the forms that are written there."""
    numbers = [phonenumbers.example_number(region) for region in phonenumbers.SUPPORTED_REGIONS]
    for number in numbers:
        written = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        assert marked("phone", f"Hi, {written}, thanks") == f"Hi, «{written}», thanks"
    national = [phonenumbers.format_number(n, PhoneNumberFormat.NATIONAL) for n in numbers]
    found = [marked("phone", f"call me at {n}!") == f"call me at «{n}»!" for n in national]
    # those of some islands are shorter than an order number
    assert statistics.mean(found) > 0.9


@pytest.mark.parametrize("kind", RECOGNISERS)
@pytest.mark.parametrize("unit", ["1", "1 ", "1-", "a.", "a", "(", ":", "a@", "ab12 ", "call 1 "])
def test_long_texts_take_no_longer_than_they_must(kind: str, unit: str) -> None:
    """What grows with the square of the length would not come back within the time-out."""
    for _ in RECOGNISERS[kind].scored(unit * 20_000):
        pass
