"""What each kind of finding is called on a page, and what it means, in plain words.

A kind that has no words here is called by its own name, and what its check says of itself in the
first line is what it means; so a check of one's own needs nothing in this module.
"""

import inspect
from dataclasses import dataclass

from sync.quality.checks import CHECKS, FOLLOW_UPS
from sync.quality.text_checks import TEXT_CHECKS

_KNOWN: dict[str, tuple[str, str]] = {
    "unreadable": (
        "answers that can't be read",
        "No training file would hold them. Open the task and submit it again.",
    ),
    "incomplete": (
        "unfinished answers",
        "The answer is empty, or a decision was left out.",
    ),
    "tool_call": (
        "wrong calls of tools",
        "The answer calls a tool in a way that the tool does not take.",
    ),
    "unlisted_category": (
        "labels that are not on the list",
        "A category was renamed or taken off the list after people had used it.",
    ),
    "leftover": (
        "leftovers of a model",
        "The answer still holds the model's own notes or marks, which nobody should learn.",
    ),
    "personal_data": (
        "texts with personal data",
        "Names, numbers or addresses of people stand in the text.",
    ),
    "invented_placeholder": (
        "placeholders that stand for nothing",
        "A text names a hidden value that does not exist.",
    ),
    "label_error": (
        "labels that are probably wrong",
        "Texts like these usually have another label.",
    ),
    "contradiction": (
        "answers that contradict each other",
        "Two tasks ask the same and are answered differently; a model can't learn both.",
    ),
    "answered_twice": (
        "questions that two people answer differently",
        "Two people met the same question in tasks of their own and did not say the same.",
    ),
    "outlier": (
        "examples unlike all others",
        "The question fits no other, or the answer answers something else.",
    ),
    "imbalance": (
        "kinds that are too rare",
        "A model learns little of a kind of which it sees hardly any.",
    ),
    "drift": (
        "work that changed with time",
        "Later questions or answers differ from earlier ones; look whether that was meant.",
    ),
    "one_template": (
        "answers from one template",
        "Many answers say the same with other names in it; a model learns the template alone.",
    ),
    "uncovered_question": (
        "questions that no example covers",
        "Users ask what the set has no example of.",
    ),
    "annotator": (
        "annotators with more findings than others",
        "Compared at tasks of the same kind; talk about the guidelines first.",
    ),
    "fatigue": (
        "work that gets worse without a break",
        "Answers late in a long stretch of work have more findings.",
    ),
    "judge": (
        "answers that a model finds bad",
        "A model judged them by a rubric; how far it agrees with the experts stands beside it.",
    ),
    "too_fast": (
        "drafts accepted faster than they can be read",
        "Somebody may have trusted the model instead of reading what it wrote.",
    ),
}
# checks that say themselves what they mean
_NAMES: dict[str, str] = {
    "unequal_answer": "answers that change with a person's group",
    "unusual_length": "answers of unusual length",
    "placeholder": "answers that are a placeholder",
    "cut_off": "answers that are cut off",
    "answer_language": "answers in another language",
    "assistant_phrase": "phrases of a chat model",
    "role_marker": "answers with a speaker's name in them",
    "broken_markdown": "answers with broken formatting",
    "repetition": "answers that repeat themselves",
    "toxicity": "offensive answers",
    "readability": "answers that are too hard or too easy to read",
    "required_phrase": "answers without a required phrase",
    "missing_section": "answers without a required section",
    "citation": "citations in the wrong form",
    "arithmetic": "sums that do not add up",
    "conclusion": "reasoning that ends elsewhere",
    "stale_fact": "facts that are out of date",
    "unanswered_intent": "questions left unanswered",
    "unit_conversion": "wrong conversions of units",
    "unsupported_fact": "facts that no source holds",
}


@dataclass(frozen=True)
class KindWords:
    """How people call a kind of finding, in lower case, and a sentence on what it means."""

    name: str
    meaning: str


def words_of(kind: str) -> KindWords:
    """The words for a kind, of a check that is known here or of any other."""
    if kind in _KNOWN:
        return KindWords(*_KNOWN[kind])
    name = _NAMES.get(kind) or kind.replace("_", " ")
    return KindWords(name, _said_by_the_check(kind))


def _said_by_the_check(kind: str) -> str:
    """The first line of what the check's class says of itself, or the module of its function."""
    check = TEXT_CHECKS.get(kind) or CHECKS.get(kind) or FOLLOW_UPS.get(kind)
    said = check if inspect.isclass(check) else inspect.getmodule(check)
    return (inspect.getdoc(said) or "").partition("\n")[0] if check is not None else ""
