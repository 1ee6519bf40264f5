"""Why a model server refused, in its own words and without any word of the prompt.

Servers like to quote what they refuse: a task's text, the guidelines, a key. What is shown is what
is left when every word of the request is taken out that is not the everyday language of such
errors, and whatever looks like a key or an id.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

LONGEST = 200  # characters
_READ = 2_000  # characters of a server's words; a longer one quotes the prompt
_WORDS_IN_A_ROW = 5
_GAP = "…"
_LEAST = 3  # characters of a piece of a word
_LETTERS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]+")
# a key, an id, a hash: long, and with digits among its letters; or begun as keys are
_SECRET = re.compile(
    r"\b(?:(?:sk|pk|hf|gsk|xai|org|proj|req)[-_]|Bearer )[\w.*-]{4,}"
    r"|\bAIza[\w-]+|(?=[\w./+=-]*\d)(?=[\w./+=-]*[A-Za-z])[\w./+=-]{16,}"
)
# what was sent, as JSON or as a program prints it
_QUOTED_JSON = re.compile(r"[\[{]\s*[\[{'\"]")
# a message that only says that somebody else said something
_PASSED_ON = re.compile(r"provider returned error|upstream error", re.IGNORECASE)
# fields whose values are words of the protocol
_FORM = ("role", "type")
_EVERYDAY = frozenset(
    """
    a about after all allowed allows already alternate alternating among an and any api are
    argument array as assistant at auto available bad be been before begin being between body
    but by call can cannot capacity character characters chat choice choices code completion
    content context contain contains conversation could count credit credits deployed deprecated
    detail developer did disabled do does e empty enabled end engine entry error exceed exceeded
    exceeds exception exist exists expected extra failed field fields first follow following for
    format forbidden found from function generation given greater had has have id if image
    images in index input inputs instead instruction instructions integer internal invalid is it
    its jinja json key keys last length less limit list loaded loading many max maximum may
    message messages minimum missing mode model models more multimodal must n name names need
    needs no none not null number object of on one only option or order other output parameter
    parameters parse parsing per permission permitted plan please policy positive problem prompt
    property provide provided quota rate reason received reduce reject rejected request requests
    require required requires response role roles schema second see sequence server set should
    size start starts status still string support supported supports system temperature template
    than that the their there these this to token tokens too tool tools try turn turns type
    unable unexpected unknown unrecognized unsupported use used user users using valid value
    values version was we were when which will with without you your
    """.split()  # noqa: SIM905
)


def server_reason(body: str, messages: Sequence[Mapping[str, Any]], key: str = "") -> str:
    """What a server gives as its reason, on one line; "" where nothing can be shown.

    Args:
        body: of its answer.
        messages: that it was sent; none of their words is repeated.
        key: that it was sent.
    """
    said = " ".join(_QUOTED_JSON.split(_message(body)[:_READ])[0].split())
    if key:
        said = said.replace(key, _GAP)
    said = _without_prompt(_SECRET.sub(_GAP, said), messages)
    said = re.sub(rf"{_GAP}(?:[\W_]*{_GAP})*", _GAP, said)
    return _cut(said) if re.search(r"\w{2}", said) else ""


def _message(body: str) -> str:
    """The text of an error's body, in whichever field a server puts it; "" for a web page."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return "" if body.lstrip().startswith("<") else body
    return _told(raw)


def _told(raw: Any) -> str:
    if isinstance(raw, str):
        return raw
    if isinstance(raw, list):  # one error of several; a framework adds where it is
        return "; ".join(filter(None, map(_told, raw[:3])))
    if not isinstance(raw, Mapping):
        return ""
    metadata = raw.get("metadata")
    upstream = metadata.get("raw") if isinstance(metadata, Mapping) else None
    said = next(
        (told for name in ("error", "message", "msg", "detail", "errors", "reason")
         if (told := _told(raw.get(name)))),
        "",
    )  # fmt: skip
    if upstream and (not said or _PASSED_ON.search(said)):
        return _message(upstream) if isinstance(upstream, str) else _told(upstream)
    place = raw.get("loc")
    if said and isinstance(place, list):
        return f"{'.'.join(str(part) for part in place if isinstance(part, str))}: {said}"
    return said


def _without_prompt(said: str, messages: Sequence[Mapping[str, Any]]) -> str:
    """A text without words of the prompt, but for those that every error may hold."""
    prompt = " ".join(_texts(messages)).casefold()
    told = f" {' '.join(_WORD.findall(prompt))} "
    tokens = _TOKEN.findall(said)
    places = [at for at, token in enumerate(tokens) if token[0].isalnum() or token[0] == "_"]
    words = [tokens[at].casefold() for at in places]
    taken = [word not in _EVERYDAY and _is_of(word, prompt, told) for word in words]
    for at in range(len(words) - _WORDS_IN_A_ROW + 1):
        if f" {' '.join(words[at : at + _WORDS_IN_A_ROW])} " in told:
            taken[at : at + _WORDS_IN_A_ROW] = [True] * _WORDS_IN_A_ROW
    # an everyday word beside one of the prompt's, as it stands there, is a part of what was quoted
    for order in (range(len(words) - 1), reversed(range(len(words) - 1))):
        for at in order:
            if taken[at] != taken[at + 1] and f" {words[at]} {words[at + 1]} " in told:
                taken[at] = taken[at + 1] = True
    for at, is_taken in zip(places, taken, strict=True):
        if is_taken:
            tokens[at] = _GAP
    return "".join(tokens)


def _is_of(word: str, prompt: str, told: str) -> bool:
    """Whether a word is the prompt's, a piece of one, or holds one, as `20Nowak` of `%20Nowak`."""
    if len(word) < _LEAST:
        return f" {word} " in told
    if not word.isascii():
        # scripts without spaces: any three characters of the prompt
        return any(word[at : at + _LEAST] in prompt for at in range(len(word) - _LEAST + 1))
    letters = (run for run in _LETTERS.findall(word) if len(run) >= _LEAST)
    return word in prompt or any(run not in _EVERYDAY and run in prompt for run in letters)


def _texts(value: Any) -> list[str]:
    """The texts of a value; not those of pictures, which no server quotes."""
    if isinstance(value, str):
        return [] if value.startswith("data:image/") else [value]
    if isinstance(value, Mapping):
        named = (inner for name, inner in value.items() if name not in _FORM)
        return [text for inner in named for text in _texts(inner)]
    return [text for inner in value for text in _texts(inner)] if isinstance(value, list) else []


def _cut(said: str) -> str:
    said = said.strip(" .;:,").replace('"', "'")
    return said if len(said) <= LONGEST else said[:LONGEST].rsplit(" ", 1)[0] + f" {_GAP}"
