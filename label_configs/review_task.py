"""A task of `review`: made of a finished one, checked, and shown so that nothing gives a name away.

The answers of a task stand in a fixed order in its data. The page letters them in the order in
which it shows them: the same one, or in blind mode one that a hash shuffles.
"""

import hashlib
import json
import re
import string
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from label_configs.errors import LabelConfigError
from label_configs.rendering import markdown_html
from label_configs.review_place import AMENDED_FROM, PLACE, ReviewPlace, place_of
from label_configs.validation import kind

ListedAnswer = Mapping[str, Any]
DECISIONS = ("approve", "amend", "reject")
LETTERS = string.ascii_uppercase
# what a review needs of the first pass; all else was made for its page or tells who worked on it
SOURCE_FIELDS = ("messages", "context", "documents", "guidelines", "categories")
ID_FIELDS = ("labeltune_id", "id")  # as pushed, as in a source file
# of an answer, texts all; its annotator may be known by a number and be shown by a name
NAME = "name"
_OPTIONAL = ("verdict", "written_at", AMENDED_FROM, NAME)
KEYS = "abcd"  # further letters are taken by the kinds of error


def review_task(
    data: Mapping[str, Any],
    answers: Sequence[ListedAnswer],
    findings: Sequence[Mapping[str, Any]],
    sent_because: str,
    blind: bool = False,
    place: ReviewPlace | None = None,
) -> dict[str, Any]:
    """The review of a finished task, as a source file would hold it.

    Args:
        data: of the finished task. What its own page needed is left behind, and so is every field
            that is no part of the question: one of them might say who answered.
        answers: `text` and `annotator` each; `verdict` and `written_at` where known, the
            annotator's `name` where that is another, and
            `amended_from` of one that an earlier tier amended.
        findings: `check` and `message` each; `score` where there is one.
        sent_because: why an expert should look at it again, in a sentence.
        blind: hide who wrote which answer, and when.
        place: in a queue of `labeltune review`.
    """
    kept = {field: data[field] for field in SOURCE_FIELDS if field in data}
    known = next((data[field] for field in ID_FIELDS if data.get(field) is not None), None)
    return {
        **kept,
        **({} if known is None else {"reviewed_id": known}),
        "answers": [dict(answer) for answer in answers],
        "findings": [dict(finding) for finding in findings],
        "sent_because": sent_because,
        **({"blind": True} if blind else {}),
        **({} if place is None else {PLACE: place.to_data()}),
    }


def shown_order(data: Mapping[str, Any]) -> list[int]:
    """Which answer stands at each place of the page, by its index in `answers`.

    In blind mode the order follows from a hash of the conversation and the answers, so no place is
    more often one annotator's than another's. A completed task keeps its order: correcting a
    conversation later must not move a letter that a saved review names.
    """
    answers: Sequence[ListedAnswer] = data.get("answers") or []
    as_given = list(range(len(answers)))
    kept = data.get("shown_order")
    if isinstance(kept, list) and len(kept) == len(answers) and all(i in kept for i in as_given):
        return kept
    if not data.get("blind"):
        return as_given
    said = [[message["role"], message["content"]] for message in data["messages"]]

    def digest(i: int) -> str:
        hashed = json.dumps([said, answers[i]["annotator"], answers[i]["text"]])
        return hashlib.sha256(hashed.encode()).hexdigest()

    return sorted(as_given, key=digest)


def shown_answers(data: Mapping[str, Any]) -> list[ListedAnswer]:
    """The answers in the order in which the page letters them."""
    return [data["answers"][i] for i in shown_order(data)]


def best_choices(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The choices of `best`, one a letter; the only one is chosen already."""
    count = len(shown_answers(data))
    return [
        {
            "value": letter,
            # an unreachable key, else the page would hand out one of its own
            "hotkey": KEYS[i] if i < len(KEYS) else "f19",
            **({"selected": True} if count == 1 else {}),
        }
        for i, letter in enumerate(LETTERS[:count])
    ]


def answers_html(data: Mapping[str, Any]) -> str:
    """The answers side by side, each under its letter and, unless blind, its annotator's name."""
    shown = shown_answers(data)
    cards = "".join(
        _card(letter, answer, bool(data.get("blind")))
        for letter, answer in zip(LETTERS, shown, strict=False)
    )
    if not shown:
        return ""
    return f'<div class="lt-review-cards lt-review-cards-{len(shown)}">{cards}</div>'


def findings_html(data: Mapping[str, Any]) -> str:
    """Why the task was sent and what the checks found, with no annotator's name when blind."""
    hide: Callable[[str], str] = _hide_names(data) if data.get("blind") else str
    because = escape(hide(str(data.get("sent_because") or "")))
    found = "".join(
        f"<li><b>{escape(hide(str(finding['check'])).replace('_', ' '))}</b> "
        f"{escape(hide(str(finding['message'])))}{_score(finding.get('score'))}</li>"
        for finding in data.get("findings") or []
    )
    sent = f'<div class="lt-review-sent"><b>Sent because</b> {because}</div>' if because else ""
    return f"{sent}<ul>{found}</ul>" if found else sent


def check_review(data: Mapping[str, Any], where: str) -> None:
    """Check what a review holds beyond a conversation.

    Raises:
        LabelConfigError: what is missing or wrong, and where.
    """
    answers = data.get("answers")
    if not isinstance(answers, list) or not answers:
        raise LabelConfigError(
            f"{where}: 'answers' must be a non-empty list of {{text, annotator}}, found "
            f"{kind(answers)}; add the answers to review"
        )
    if len(answers) > len(LETTERS):
        raise LabelConfigError(
            f"{where}: holds {len(answers)} answers, the page letters at most {len(LETTERS)}; "
            "leave some of them out"
        )
    for i, answer in enumerate(answers, start=1):
        _check_texts(answer, ("text", "annotator"), _OPTIONAL, f"answer {i}", where)
    _check_findings(data.get("findings"), where)
    because = data.get("sent_because")
    if not isinstance(because, str) or not because.strip():
        raise LabelConfigError(
            f"{where}: 'sent_because' must be text, found {kind(because)}; say why the task is "
            "to be reviewed"
        )
    place_of(data)
    if not isinstance(data.get("blind"), bool | None):
        raise LabelConfigError(
            f"{where}: 'blind' must be true or false, found {kind(data['blind'])}; correct it"
        )


def _check_findings(findings: Any, where: str) -> None:
    if findings is not None and not isinstance(findings, list):
        raise LabelConfigError(
            f"{where}: 'findings' must be a list of {{check, message}}, found {kind(findings)}; "
            "make it one, or [] if the checks found nothing"
        )
    for i, finding in enumerate(findings or [], start=1):
        _check_texts(finding, ("check", "message"), (), f"finding {i}", where)
        score = finding.get("score")
        if isinstance(score, bool) or not isinstance(score, int | float | None):
            raise LabelConfigError(
                f"{where}: finding {i} needs a number as its 'score', found {kind(score)}; "
                "correct or remove it"
            )


def _check_texts(
    raw: Any, needed: Sequence[str], optional: Sequence[str], what: str, where: str
) -> None:
    if not isinstance(raw, Mapping) or not all(
        isinstance(raw.get(key), str) and raw[key].strip() for key in needed
    ):
        names = " and ".join(repr(key) for key in needed)
        raise LabelConfigError(f"{where}: {what} needs {names}, both text; add what is missing")
    for key in optional:
        if not isinstance(raw.get(key), str | None):
            raise LabelConfigError(
                f"{where}: {what} needs text as its {key!r}, found {kind(raw[key])}; "
                "correct or remove it"
            )


def _card(letter: str, answer: ListedAnswer, blind: bool) -> str:
    verdict = answer.get("verdict")
    told = [f'<span class="lt-review-letter">{letter}</span>']
    if not blind:
        told.append(f"<b>{escape(answer.get(NAME) or answer['annotator'])}</b>")
    if verdict:
        told.append(f'<span class="lt-review-verdict">{escape(verdict)}</span>')
    if not blind and answer.get("written_at"):
        told.append(f'<span class="lt-review-when">{escape(_when(answer["written_at"]))}</span>')
    return (
        f'<div class="lt-review-card lt-review-card-{letter.lower()}">'
        f'<div class="lt-review-card-head">{"".join(told)}</div>'
        f'<div class="lt-review-card-text lt-markdown">{markdown_html(answer["text"])}</div></div>'
    )


def newest(answers: Sequence[ListedAnswer]) -> ListedAnswer:
    """The answer written last, or the first where the times can't be compared."""
    try:
        return max(answers, key=lambda answer: datetime.fromisoformat(answer["written_at"]))
    # without a time, or some with a zone and some without
    except (KeyError, TypeError, ValueError):
        return answers[0]


def _hide_names(data: Mapping[str, Any]) -> Callable[[str], str]:
    """A function that puts the answers' letters in place of their annotators' names."""
    letters: dict[str, list[str]] = {}
    for letter, answer in zip(LETTERS, shown_answers(data), strict=False):
        letters.setdefault(answer["annotator"], []).append(letter)
    # longest first, since one name may begin with another; a bare number may be any number
    names = sorted((n for n in letters if not n.isdecimal()), key=len, reverse=True)
    if not names:
        return str
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")

    def hide(text: str) -> str:
        return pattern.sub(lambda found: f"[{', '.join(letters[found[0]])}]", text)

    return hide


def _score(score: float | None) -> str:
    return "" if score is None else f' <span class="lt-review-when">score {score:.2f}</span>'


def _when(written_at: str) -> str:
    try:
        return f"{datetime.fromisoformat(written_at):%Y-%m-%d %H:%M}"
    except ValueError:
        return written_at
