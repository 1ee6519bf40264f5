"""Which of our recognisers a configuration asks for."""

from sync.intake.redaction.recognisers.credit_card import CardRecogniser
from sync.intake.redaction.recognisers.crypto import CryptoRecogniser
from sync.intake.redaction.recognisers.email_address import EmailRecogniser
from sync.intake.redaction.recognisers.iban import IbanRecogniser
from sync.intake.redaction.recognisers.ip_address import IpRecogniser
from sync.intake.redaction.recognisers.mac_address import MacRecogniser
from sync.intake.redaction.recognisers.own_pattern import OwnPattern
from sync.intake.redaction.recognisers.phone import PhoneRecogniser
from sync.intake.redaction.recognisers.recogniser import Recogniser
from sync.intake.redaction.recognisers.ssn import SsnRecogniser
from sync.intake.redaction.recognisers.url import UrlRecogniser
from sync.settings.redaction import RedactionSection


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
