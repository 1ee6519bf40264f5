"""How far the documents of a task say what the draft says."""

from collections.abc import Sequence

from drafting.signals.evidence import Evidence
from drafting.signals.sample_support import supported
from drafting.signals.text_parts import sentences, words

# sentences of documents that are embedded for one draft; of more, those that share most words with
# it. An embedding takes some milliseconds, and a handbook may have thousands of sentences
MOST = 24


def document_support(evidence: Evidence) -> float | None:
    """Mean over the draft's sentences of how far the task's documents support them.

    In [0, 1]; None without documents, for calls of tools, and of one answer alone: a first draft
    must not wait for an embedding model. Each sentence counts by its cosine to
    the most similar sentence of a document, times the share of its numbers that stand in a document
    or in the conversation: the claim-by-claim check of Min et al. (2023), "FActScore", with
    sentences for claims and similarity for entailment.
    """
    draft = evidence.answers[0]
    claims = sentences(draft.text)
    if not evidence.documents or not claims or draft.calls or len(evidence.answers) < 2:
        return None
    passages = _closest(draft.text, evidence.documents)
    also = "\n".join((*evidence.documents, evidence.asked))
    return supported(claims, passages, evidence.vectors, also)


def _closest(text: str, documents: Sequence[str]) -> list[str]:
    """Their sentences, of many those that share most words with a text, in order."""
    found = list(dict.fromkeys(one for document in documents for one in sentences(document)))
    if len(found) <= MOST:
        return found
    wanted = set(words(text))
    shared = [len(wanted & set(words(one))) for one in found]
    best = sorted(range(len(found)), key=lambda place: -shared[place])[:MOST]
    return [found[place] for place in sorted(best)]
