"""`[categories.NAME]` of `labeltune.toml`: the labels of a kind of category, and who assigns it."""

import difflib
import functools
import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Strict, model_validator

from sync.common.task_texts import user_text
from sync.common.wording import nearest
from sync.settings.section import Section

_Texts = Annotated[tuple[str, ...], Strict(False)]

# what guides to fine-tuning data tell apart; `topic` is every project's own
STANDARD: dict[str, dict[str, Any]] = {
    "query_type": {
        "labels": ["factual", "analytical", "creative", "how-to", "multi-intent"],
        "about": "the kind of answer that the user asks for",
    },
    "complexity": {
        "labels": ["straightforward", "moderate", "nuanced"],
        "about": "how much a good answer has to weigh",
    },
    "user_expertise": {
        "labels": ["novice", "intermediate", "expert"],
        "about": "how much the user seems to know of the matter",
    },
    "topic": {"about": "what the request is about"},
}
# also the name of a control, a key of task data and the end of a column
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")

REGEX = "re:"
# scripts that put no blanks between words, so that a word's edge can't be told
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_SPACED_LETTER = re.compile(rf"[^\W{_UNSPACED}]")


class CategorySection(Section):
    """One kind of category.

    Attributes:
        labels: what annotators choose from.
        assign: who chooses first; annotators may correct it. None: the rules, where there are any.
        rules: label -> words, phrases and `re:` patterns of which one must be found in what the
            user said; the first label that fits, in the order of the file, is taken.
        otherwise: the label where no rule fits; None: annotators choose.
        about: what the labels tell apart, for the model.
    """

    labels: _Texts = ()
    assign: Literal["rules", "model", "none"] | None = None
    rules: dict[str, _Texts] = Field(default_factory=dict)
    otherwise: str | None = None
    about: str = ""

    @property
    def assigned_by(self) -> Literal["rules", "model", "none"]:
        """Who chooses a label before annotators do: the rules, the model or nobody."""
        return self.assign or ("rules" if self.rules or self.otherwise else "none")

    @model_validator(mode="after")
    def _usable(self) -> "CategorySection":
        for label in self.labels:
            if label != label.strip() or not label.isprintable() or not label:
                raise ValueError(
                    f"the label {label!r} can't be shown; write it without blanks around it, line "
                    "breaks and control characters"
                )
        if len(set(self.labels)) < max(2, len(self.labels)):
            raise ValueError(
                f"labels must be at least two that differ, found {list(self.labels)}; list them"
            )
        for label in (*self.rules, *filter(None, [self.otherwise])):
            if label not in self.labels:
                raise ValueError(f"no label {label!r} for its rules; {nearest(label, self.labels)}")
        for label, written in self.rules.items():
            _check_patterns(label, written)
        has_rules = bool(self.rules or self.otherwise)
        if has_rules and self.assigned_by != "rules":
            raise ValueError(
                f'it has rules, but assign = "{self.assign}" ignores them; remove one of the two'
            )
        if self.assigned_by == "rules" and not has_rules:
            raise ValueError('assign = "rules" needs rules; add a table of them, or `otherwise`')
        return self


@functools.lru_cache(maxsize=4096)
def pattern(written: str) -> re.Pattern[str]:
    """What finds a rule in a text, whatever the case of its letters.

    A word or phrase is found as whole words, with any white space between them; what follows `re:`
    is a regular expression of Python's.

    Raises:
        ValueError: nothing to look for, or no regular expression.
    """
    if written.startswith(REGEX):
        source = written.removeprefix(REGEX).strip()
    else:
        words = written.split()
        source = r"\s+".join(map(re.escape, words))
        if words and _SPACED_LETTER.match(words[0][0]):
            source = rf"(?<!\w){source}"
        if words and _SPACED_LETTER.match(words[-1][-1]):
            source = rf"{source}(?!\w)"
    if not source:
        raise ValueError("nothing to look for")
    try:
        return re.compile(source, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error


def by_rules(data: Mapping[str, Any], categories: Mapping[str, CategorySection]) -> dict[str, str]:
    """What the rules say of a task, by name; a category without rules is absent."""
    said = user_text(data)
    found = {name: first_fitting(said, section) for name, section in categories.items()}
    return {name: label for name, label in found.items() if label is not None}


def first_fitting(said: str, section: CategorySection) -> str | None:
    """The label of the first rule that fits, `otherwise` where none does; None without rules.

    Args:
        said: all that the user said.
    """
    for label, written in section.rules.items():
        if any(pattern(each).search(said) for each in written):
            return label
    return section.otherwise


def _check_patterns(label: str, written: Iterable[str]) -> None:
    for each in written:
        try:
            pattern(each)
        except ValueError as error:
            raise ValueError(
                f"rules.{label}: {each!r} can't be used ({error}); correct it"
            ) from error


def _with_standard(raw: Any) -> Any:
    """The sections as written, with what the standard ones leave unsaid.

    Raises:
        ValueError: a name that can't be used, or a section without labels that needs some.
    """
    if not isinstance(raw, Mapping):
        return raw
    filled = {
        name: {**STANDARD.get(name, {}), **section} if isinstance(section, Mapping) else section
        for name, section in raw.items()
    }
    for name, section in filled.items():
        if not _NAME.fullmatch(name):
            raise ValueError(
                f"{name!r} can't be a category's name; use letters, digits, _ and -, such as "
                "'user_role'"
            )
        if isinstance(section, Mapping) and "labels" not in section:
            near = difflib.get_close_matches(name, STANDARD, n=1)
            meant = f", or did you mean {near[0]!r}?" if near and near[0] != name else ""
            raise ValueError(f"{name!r} needs labels; list at least two{meant}")
    return filled


CategorySections = Annotated[dict[str, CategorySection], BeforeValidator(_with_standard)]
