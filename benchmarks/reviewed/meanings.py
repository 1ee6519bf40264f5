"""How often answers reach the similarity from which on they count as saying the same.

Of PubMedQA the conclusion of an abstract beside its results, which say the same matter in other
words; of MedQuAD an answer beside its own first half, beside answers to other questions about the
same disease, and beside all others. The limit was chosen on these texts, so the figures describe
it; they prove nothing of other projects.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from connectors.embedding import load_encoder
from connectors.reading import Embeddings, read
from sync.queue.review.people.compared_answers import SAME_MEANING

DATA = Path(__file__).parent.parent.parent.parent / "shared" / "data"
_QUESTIONS = 300


def measured(quick: bool) -> dict[str, Any]:
    """The figures; none where the data are missing."""
    if not DATA.exists():
        return {}
    encoder = load_encoder("all-MiniLM-L6-v2")

    def embedded(texts: Sequence[str]) -> Embeddings:
        return read(encoder, list(texts)).vectors

    number = 20 if quick else _QUESTIONS
    papers = list(json.loads((DATA / "pubmedqa_labeled.json").read_text()).values())[:number]
    conclusions = embedded([paper["LONG_ANSWER"] for paper in papers])
    results = embedded([paper["CONTEXTS"][-1] for paper in papers])
    lines = (DATA / "medquad_cdc.jsonl").read_text().splitlines()[:number]
    told = [json.loads(line) for line in lines]
    answers = embedded([each["answer"] for each in told])
    halves = embedded([first_half(each["answer"]) for each in told])
    pairs = np.triu_indices(len(told), 1)
    of = np.array([each["document"] for each in told])
    alike, between = of[pairs[0]] == of[pairs[1]], (answers @ answers.T)[pairs]
    return {
        "same_meaning": SAME_MEANING,
        "alike_other_words": _reaching((conclusions * results).sum(axis=1)),
        "alike_first_half": _reaching((answers * halves).sum(axis=1)),
        "alike_same_subject": _reaching(between[alike]),
        "alike_other_subject": _reaching(between[~alike]),
    }


def first_half(text: str) -> str:
    """The first half of a text's sentences."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return " ".join(sentences[: max(1, (len(sentences) + 1) // 2)])


def _reaching(similar: Any) -> float:
    return round(float((similar >= SAME_MEANING).mean()), 4)
