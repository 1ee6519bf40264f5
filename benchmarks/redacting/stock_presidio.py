"""Presidio's own recognisers, as it comes, on a pipeline without a model."""

from collections.abc import Callable, Sequence

import regex  # presidio's; its flags are not those of re
import spacy
import tldextract
from presidio_analyzer import (
    AnalyzerEngine,
    PatternRecognizer,
    RecognizerRegistry,
    predefined_recognizers,
)
from presidio_analyzer.nlp_engine import SpacyNlpEngine

from sync.intake.redaction.recognisers.writing import plain
from sync.intake.redaction.spans import Span, merged

STOCK = (
    *("PhoneRecognizer", "CreditCardRecognizer", "IbanRecognizer"),
    *("UsSsnRecognizer", "IpRecognizer", "UrlRecognizer", "MacAddressRecognizer"),
)


class EmailRecognizer(predefined_recognizers.EmailRecognizer):
    """Presidio's, which checks the domain against a list that it would fetch."""

    _extract = staticmethod(tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None))

    def validate_result(self, pattern_text: str) -> bool:
        """Whether the domain has a known ending."""
        return self._extract(pattern_text).fqdn != ""


def stock_spans(
    entities: Sequence[str], least_score: float, *, in_scripts: bool = False
) -> Callable[[str], list[Span]]:
    """The spans that presidio finds in a text with its defaults.

    Args:
        in_scripts: as we call it: on the plain form, with words that end where a letter of
            another script begins.
    """
    nlp_engine = SpacyNlpEngine()
    nlp_engine.nlp = {"en": spacy.blank("en")}
    recognisers = [EmailRecognizer(), *(getattr(predefined_recognizers, name)() for name in STOCK)]
    for recogniser in recognisers if in_scripts else ():
        if isinstance(recogniser, PatternRecognizer):
            recogniser.global_regex_flags |= regex.ASCII
    registry = RecognizerRegistry(recognizers=recognisers, supported_languages=["en"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=nlp_engine)

    def spans(text: str) -> list[Span]:
        found = engine.analyze(
            plain(text) if in_scripts else text,
            language="en",
            entities=list(entities),
            score_threshold=least_score,
        )
        return merged(Span(f.start, f.end, f.entity_type, f.score) for f in found)

    return spans
