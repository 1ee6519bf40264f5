"""Which of our recognisers a configuration asks for."""

from sync.redaction.recognisers.credit_card import CardRecogniser
from sync.redaction.recognisers.crypto import CryptoRecogniser
from sync.redaction.recognisers.email_address import EmailRecogniser
from sync.redaction.recognisers.iban import IbanRecogniser
from sync.redaction.recognisers.ip_address import IpRecogniser
from sync.redaction.recognisers.mac_address import MacRecogniser
from sync.redaction.recognisers.own_pattern import OwnPattern
from sync.redaction.recognisers.phone import PhoneRecogniser
from sync.redaction.recognisers.recogniser import Recogniser
from sync.redaction.recognisers.ssn import SsnRecogniser
from sync.redaction.recognisers.url import UrlRecogniser
from sync.redaction.settings import RedactionSection


def recognisers(settings: RedactionSection) -> dict[str, Recogniser]:
    """All of ours that need no pattern of the user's, by entity."""
    ours: list[Recogniser] = [
        EmailRecogniser(),
        PhoneRecogniser(settings.phone_regions),
        CardRecogniser(),
        IbanRecogniser(),
        SsnRecogniser(),
        IpRecogniser(),
        MacRecogniser(),
        UrlRecogniser(),
        CryptoRecogniser(),
    ]
    return {recogniser.entity: recogniser for recogniser in ours}


def own_patterns(settings: RedactionSection) -> list[Recogniser]:
    """One for each pattern of the user's."""
    return [OwnPattern(pattern.name, pattern.regex) for pattern in settings.patterns]
