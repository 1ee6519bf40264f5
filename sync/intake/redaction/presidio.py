"""Presidio's engine, for kinds that we have no recogniser of. It downloads nothing."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from connectors.extras import require
from sync.common.errors import ConfigError
from sync.common.wording import nearest
from sync.settings.redaction import MODEL_ENTITIES

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer, RecognizerResult

Analyze = Callable[[str], "list[RecognizerResult]"]


def engine(
    wanted: Sequence[str], model: str | None, least_score: float, known: Iterable[str] = ()
) -> Analyze:
    """Build presidio's engine on an installed pipeline; its default would download one.

    Args:
        wanted: presidio's names of entities, at least one.
        model: an installed spaCy model.
        known: what else an entity may be called, for the message about one that is unknown.

    Raises:
        ConfigError: presidio knows no such entity, or the spaCy model isn't installed.
        MissingExtraError: presidio isn't installed.
    """
    require("pii", "cleaning.redaction", f"find {', '.join(wanted)}")
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    # it logs what it looks at
    logging.getLogger("presidio-analyzer").disabled = True
    recognisers = _recognisers(wanted, known)
    of_model = [entity for entity in wanted if entity in MODEL_ENTITIES]
    if of_model:
        recognisers.append(SpacyRecognizer(supported_entities=of_model))
    nlp_engine = SpacyNlpEngine()
    pipeline = _pipeline(model)
    nlp_engine.nlp = {"en": pipeline}  # type: ignore[assignment]
    registry = RecognizerRegistry(recognizers=recognisers, supported_languages=["en"])
    with_words = bool(of_model) or any(recogniser.context for recogniser in recognisers)
    # to take no text apart saves most of the time, where nothing goes by the words around a match
    words = None if with_words else NlpArtifacts([], pipeline(""), [], [], nlp_engine, "en")
    found = AnalyzerEngine(registry=registry, nlp_engine=nlp_engine)

    def analyze(text: str) -> "list[RecognizerResult]":
        return found.analyze(
            text,
            language="en",
            entities=list(wanted),
            score_threshold=least_score,
            nlp_artifacts=words,
        )

    return analyze


def _recognisers(wanted: Iterable[str], known: Iterable[str]) -> list["EntityRecognizer"]:
    """Raises ConfigError where presidio knows no such entity."""
    stock = _stock()
    chosen = []
    for entity in dict.fromkeys(wanted):
        if entity in stock:
            chosen.append(stock[entity])
        elif entity not in MODEL_ENTITIES:
            raise ConfigError(_unknown(entity, [*known, *stock, *MODEL_ENTITIES]))
    return chosen


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
    remedy = nearest(entity, sorted(known), "known are")
    return f"cleaning.redaction.entities: presidio has no {entity!r}; {remedy}"
