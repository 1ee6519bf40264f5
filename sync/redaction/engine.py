"""Presidio's engine with our recognisers, on what is installed: nothing is ever fetched."""

import difflib
import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sync.errors import ConfigError
from sync.redaction.settings import MODEL_ENTITIES, PATTERN_ENTITIES, RedactionSection

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer
    from presidio_analyzer.nlp_engine import NlpArtifacts


def engine(settings: RedactionSection) -> tuple["AnalyzerEngine", "NlpArtifacts | None"]:
    """Presidio's engine around a pipeline that is here already; its default would fetch one.

    Returns:
        The engine, and what it is to take for the words of every text, which saves most of the
        time. None where it has to read them: for a model, and for recognisers of presidio's that
        go by the words around a match. Ours look at those themselves.

    Raises:
        ConfigError: presidio knows no such entity, or the spaCy model isn't installed.
    """
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    # it logs what it looks at
    logging.getLogger("presidio-analyzer").disabled = True
    recognisers = [*_recognisers(settings), *_own(settings)]
    of_model = [entity for entity in settings.wanted if entity in MODEL_ENTITIES]
    if of_model:
        recognisers.append(SpacyRecognizer(supported_entities=of_model))
    nlp_engine = SpacyNlpEngine()
    pipeline = _pipeline(settings.spacy_model)
    nlp_engine.nlp = {"en": pipeline}  # type: ignore[assignment]
    registry = RecognizerRegistry(recognizers=recognisers, supported_languages=["en"])
    with_words = bool(of_model) or any(recogniser.context for recogniser in recognisers)
    words = None if with_words else NlpArtifacts([], pipeline(""), [], [], nlp_engine, "en")
    return AnalyzerEngine(registry=registry, nlp_engine=nlp_engine), words


def _recognisers(settings: RedactionSection) -> list["EntityRecognizer"]:
    """One recogniser for each entity: ours where there is one, else presidio's.

    Raises:
        ConfigError: presidio knows no such entity.
    """
    ours = _ours(settings)
    stock = _stock()
    chosen = []
    for entity in dict.fromkeys(settings.wanted):
        if entity in ours:
            chosen.append(ours[entity])
        elif entity in stock:
            recogniser = stock[entity]
            if entity in PATTERN_ENTITIES:
                recogniser.context = []  # its form is enough
            chosen.append(recogniser)
        elif entity not in MODEL_ENTITIES:
            raise ConfigError(_unknown(entity, [*ours, *stock, *MODEL_ENTITIES]))
    return chosen


def _ours(settings: RedactionSection) -> Mapping[str, "EntityRecognizer"]:
    from sync.redaction.recognisers.credit_card import CardRecogniser
    from sync.redaction.recognisers.email_address import EmailRecogniser
    from sync.redaction.recognisers.iban import IbanRecogniser
    from sync.redaction.recognisers.ip_address import IpRecogniser
    from sync.redaction.recognisers.mac_address import MacRecogniser
    from sync.redaction.recognisers.phone import PhoneRecogniser
    from sync.redaction.recognisers.ssn import SsnRecogniser
    from sync.redaction.recognisers.url import UrlRecogniser

    ours = [
        EmailRecogniser(),
        PhoneRecogniser(settings.phone_regions),
        CardRecogniser(),
        IbanRecogniser(),
        SsnRecogniser(),
        IpRecogniser(),
        MacRecogniser(),
        UrlRecogniser(),
    ]
    return {recogniser.ENTITY: recogniser for recogniser in ours}


def _stock() -> Mapping[str, "EntityRecognizer"]:
    """Presidio's pattern recognisers by entity; its others need a model or a service."""
    import regex  # type: ignore[import-untyped]  # presidio's; its flags are not those of re
    from presidio_analyzer import PatternRecognizer, predefined_recognizers

    kinds: list[Any] = [  # each has its own defaults
        kind
        for kind in vars(predefined_recognizers).values()
        if isinstance(kind, type) and issubclass(kind, PatternRecognizer)
    ]
    recognisers = [kind(supported_language="en") for kind in kinds]
    for recogniser in recognisers:
        # so that a value ends where letters of another script begin
        recogniser.global_regex_flags |= regex.ASCII
    return {recogniser.supported_entities[0]: recogniser for recogniser in recognisers}


def _own(settings: RedactionSection) -> list["EntityRecognizer"]:
    from sync.redaction.recognisers.own_pattern import OwnPattern

    return [OwnPattern(pattern.name, pattern.regex) for pattern in settings.patterns]


def _pipeline(model: str | None) -> Any:
    import spacy

    if model is None:
        pipeline = spacy.blank("en")
    else:
        try:
            pipeline = spacy.load(model)
        except OSError:
            raise ConfigError(
                f"cleaning.redaction.spacy_model: {model!r} isn't installed; run "
                f"`python -m spacy download {model}`, or take spacy_model off labeltune.toml to "
                "redact without names and places"
            ) from None
    # a long document is read whole
    pipeline.max_length = 10**9
    return pipeline


def _unknown(entity: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(entity, list(known), n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}"
    return f"cleaning.redaction.entities: presidio has no {entity!r}; {remedy}"
