"""Claims of an answer that the documents of its task don't support.

Two looks. A sentence many of whose words stand in the sources is left alone, which settles nearly
all of them and costs nothing; so is one that says what is still to be studied. Of the others, the
embedding model says how far the nearest sentence of the sources is. Sources are documents, context,
guidelines and prompt.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from connectors.reading import Embeddings
from label_configs.context import readable
from sync.common.task_texts import document_texts, turns
from sync.quality.checks.check import CheckResult, Finding, WorkToCheck
from sync.quality.facts.sentences import content_stems, sentences
from sync.records import LabelledRecord

# a sentence with fewer words that carry meaning, such as a greeting, claims little
_LEAST_WORDS = 5
_QUOTED = 25  # words
# what is still to be looked into, which no document can hold
_STUDY = (
    r"(?:stud(?:y|ies|ied)|research|trials?|investigat\w+|observations?|findings?|analys[ie]s|"
    r"evaluat\w+|explored|confirmed)"
)
_WANTED = r"(?:need\w*|necessary|warrant\w*|requir\w+|should|recommend\w*|await\w*)"
_OUTLOOK = re.compile(
    rf"\b{_STUDY}\b.*\b{_WANTED}\b|\b{_WANTED}\b.*\b{_STUDY}\b", re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True)
class UnsupportedClaimOptions:
    """Of `unsupported_claim`.

    Attributes:
        shared_words: a sentence is left alone where more than this share of its words that carry
            meaning stand in the sources.
        similar: and where a sentence of the sources is at least this similar (cosine).
    """

    shared_words: Annotated[float, Field(ge=0.0, le=1.0)] = 0.4
    similar: Annotated[float, Field(ge=0.0, le=1.0)] = 0.3


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a record's answer that shares few words with the sources, and theirs."""

    row: int
    sentence: str
    sources: tuple[str, ...]


def check(work: WorkToCheck) -> CheckResult:
    """One finding for an answer, about the claim that is furthest from the sources."""
    options = work.options.of("unsupported_claim", UnsupportedClaimOptions)
    claims = [
        claim
        for row, record in enumerate(work.labelled.records)
        if record.data.get("documents")
        and (answer := work.interface.accepted_answer(record.record, record.data)) is not None
        for claim in doubtful_claims(row, answer, sources_of(record), options.shared_words)
    ]
    if not claims:
        return CheckResult()
    texts = list(dict.fromkeys(t for claim in claims for t in (claim.sentence, *claim.sources)))
    reading = work.read_texts(texts)
    place = {text: i for i, text in enumerate(texts)}
    worst: dict[int, tuple[float, Claim]] = {}
    for claim in claims:
        at = place[claim.sentence]
        if reading.unread[at]:
            continue
        nearest = _nearest(reading.vectors, at, [place[source] for source in claim.sources])
        if nearest < min(options.similar, worst.get(claim.row, (options.similar,))[0]):
            worst[claim.row] = (nearest, claim)
    return CheckResult(tuple(_findings(work, worst)))


def sources_of(record: LabelledRecord) -> list[str]:
    """The texts that an answer may rest on."""
    context = record.data.get("context") or {}
    said = (words for _, words in turns(record.data))
    facts = (f"{name} {readable(fact)}" for name, fact in context.items())
    guidelines = str(record.data.get("guidelines") or "")
    return list(filter(None, (*said, *facts, guidelines, *document_texts(record.data))))


def doubtful_claims(
    row: int, answer: str, sources: Sequence[str], shared_words: float
) -> Iterator[Claim]:
    """The sentences of an answer of whose words at most this share stands in the sources."""
    known: frozenset[str] = frozenset().union(*map(_stems, sources))
    for sentence in sentences(answer):
        words = content_stems(sentence)
        if len(words) < _LEAST_WORDS or len(words & known) > shared_words * len(words):
            continue
        if not _OUTLOOK.search(sentence):
            yield Claim(row, sentence, tuple(s for source in sources for s in sentences(source)))


# guidelines and documents are shared by many tasks
@lru_cache(maxsize=2048)
def _stems(text: str) -> frozenset[str]:
    return content_stems(text)


def _nearest(vectors: Embeddings, claim: int, sources: Sequence[int]) -> float:
    return float((vectors[list(sources)] @ vectors[claim]).max()) if sources else 0.0


def _findings(work: WorkToCheck, worst: Mapping[int, tuple[float, Claim]]) -> Iterator[Finding]:
    for row, (nearest, claim) in worst.items():
        words = claim.sentence.split()
        quoted = " ".join(words[:_QUOTED]) + ("…" if len(words) > _QUOTED else "")
        yield work.finding(
            work.labelled.records[row],
            "unsupported_claim",
            "warning",
            min(max(nearest, 0.0), 1.0),
            f'the answer says "{quoted}", which no sentence of the documents is like (similarity '
            f"{nearest:.2f}); take it out, or add what it comes from",
        )
