"""Makes our recognisers as a configuration asks for them."""

from sync.intake.redaction.recognisers.credit_card import CardRecogniser
from sync.intake.redaction.recognisers.crypto import CryptoRecogniser
from sync.intake.redaction.recognisers.email_address import EmailRecogniser
from sync.intake.redaction.recognisers.iban import IbanRecogniser
from sync.intake.redaction.recognisers.ip_address import IpRecogniser
from sync.intake.redaction.recognisers.mac_address import MacRecogniser
from sync.intake.redaction.recognisers.phone import PhoneRecogniser
from sync.intake.redaction.recognisers.recogniser import OwnPattern, Recogniser
from sync.intake.redaction.recognisers.ssn import SsnRecogniser
from sync.intake.redaction.recognisers.url import UrlRecogniser
from sync.settings.redaction import RedactionSection


def recognisers(settings: RedactionSection) -> dict[str, Recogniser]:
    """Every recogniser of ours by its entity, but those of the user's own patterns."""
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
    """A recogniser for each pattern of the user's."""
    return [OwnPattern(pattern.name, pattern.regex) for pattern in settings.patterns]
