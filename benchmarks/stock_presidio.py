"""Presidio's own recognisers, as it comes, on a pipeline without a model."""

from collections.abc import Callable, Sequence

import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from sync.intake.redaction.spans import Span, merged

STOCK = (
    *("PhoneRecognizer", "CreditCardRecognizer", "IbanRecognizer"),
    *("UsSsnRecognizer", "IpRecognizer", "UrlRecognizer"),
)


class EmailRecognizer(predefined_recognizers.EmailRecognizer):
    """Presidio's, which checks the domain against a list that it would fetch."""

    _extract = staticmethod(tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None))

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the domain has a known ending."""
        return self._extract(pattern_text).fqdn != ""


def stock_spans(entities: Sequence[str], least_score: float) -> Callable[[str], list[Span]]:
    """The spans that presidio finds in a text with its defaults."""
    nlp_engine = SpacyNlpEngine()
    nlp_engine.nlp = {"en": spacy.blank("en")}
    recognisers = [EmailRecognizer(), *(getattr(predefined_recognizers, name)() for name in STOCK)]
    registry = RecognizerRegistry(recognizers=recognisers, supported_languages=["en"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=nlp_engine)

    def spans(text: str) -> list[Span]:
        found = engine.analyze(
            text, language="en", entities=list(entities), score_threshold=least_score
        )
        return merged(Span(f.start, f.end, f.entity_type, f.score) for f in found)

    return spans
