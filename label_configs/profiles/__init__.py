"""Profiles: what a field insists on, as the first part of a project's guidelines.

A profile is a YAML file of three texts: `title`, `summary` (one line) and `rules` (Markdown), and
may say how finished work is checked (`checks`) and reviewed (`review`), as `[checks]` and
`[review]` of `labeltune.toml` do. The shipped ones lie beside this module; a team's own may lie
anywhere. `load` is all that there is.
"""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from label_configs.errors import LabelConfigError

NAMES = (
    "healthcare",
    "pharma",
    "finance",
    "legal",
    "customer_support",
    "manufacturing",
)
_KEYS = ("title", "summary", "rules")
_CHECKS, _REVIEW = "checks", "review"
_SUFFIXES = (".yaml", ".yml")


class ProfileError(LabelConfigError):
    """No profile has that name, or its file holds something that can't be used."""


@dataclass(frozen=True)
class Profile:
    """What a field insists on.

    Attributes:
        title: the field.
        summary: one line for documentation.
        rules: Markdown, shown to annotators and given to the model, in the same words.
        checks: name -> whether it runs, or its options; who runs them knows which there are.
        review: keys of `[review]`; who reads them knows which there are.
    """

    title: str
    summary: str
    rules: str
    checks: Mapping[str, bool | Mapping[str, Any]] = field(default_factory=dict)
    review: Mapping[str, Any] = field(default_factory=dict)

    def with_guidelines(self, guidelines: str) -> str:
        """The profile, then the project's own guidelines, as Markdown."""
        parts = [f"# {self.title}\n\n{self.rules}", *([guidelines] if guidelines else [])]
        return "\n\n---\n\n".join(parts)


def load(name: str, folder: Path = Path()) -> Profile:
    """A shipped profile, or a team's own.

    Args:
        name: one of `NAMES`, or the path of a YAML file.
        folder: where a relative path starts.

    Raises:
        ProfileError: names the nearest profile, or the file and what to correct in it.
    """
    if name in NAMES:
        text = resources.files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
        return read(text, f"{name}.yaml")
    if not name.lower().endswith(_SUFFIXES):
        near = difflib.get_close_matches(name, NAMES, n=1)
        there_are = f"there are {', '.join(NAMES)}, or the path of a .yaml file of your own"
        hint = f"did you mean {near[0]!r}?" if near else there_are
        raise ProfileError(f"no profile named {name!r}; {hint}")
    path = folder / name
    try:
        return read(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(
            f"{path}: the profile can't be read ({error}); correct label_studio.profile in "
            "labeltune.toml"
        ) from error


def read(text: str, source: str) -> Profile:
    """A profile's YAML.

    Args:
        source: what to call it in an error.

    Raises:
        ProfileError: not YAML, or a text is missing, unknown or of another type.
    """
    try:
        raw = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = source if mark is None else f"{source}, line {mark.line + 1}"
        reason = getattr(error, "problem", None) or "it holds what YAML can't"
        raise ProfileError(f"{where}: not valid YAML ({reason}); correct it") from error
    if not isinstance(raw, dict) or set(raw) - {_CHECKS, _REVIEW} != set(_KEYS):
        found = ", ".join(map(str, raw)) if isinstance(raw, dict) else type(raw).__name__
        raise ProfileError(
            f"{source}: a profile holds {', '.join(_KEYS)}, may hold {_CHECKS} and {_REVIEW}, and "
            f"nothing else, "
            f"found {found or 'nothing'}; correct it"
        )
    texts = {key: _text(raw[key], key, source) for key in _KEYS}
    review = raw.get(_REVIEW, {})
    if not isinstance(review, dict):
        came = type(review).__name__
        raise ProfileError(f"{source}: {_REVIEW!r} must be keys and values, found {came}")
    return Profile(**texts, checks=_checks(raw.get(_CHECKS, {}), source), review=review)


def _checks(value: Any, source: str) -> Mapping[str, bool | Mapping[str, Any]]:
    if not isinstance(value, dict):
        came = type(value).__name__
        raise ProfileError(f"{source}: {_CHECKS!r} must be names of checks, found {came}")
    for name, wanted in value.items():
        if not isinstance(name, str) or not isinstance(wanted, (bool, dict)):
            raise ProfileError(
                f"{source}: {_CHECKS}.{name} must be true, false or its options, found {wanted!r}"
            )
    return value


def _text(value: Any, key: str, source: str) -> str:
    if not isinstance(value, str) or not value.strip():
        came = type(value).__name__ if value else "nothing"
        raise ProfileError(f"{source}: {key!r} must be text, found {came}; write it or quote it")
    if key != "rules" and len(value.strip().splitlines()) > 1:
        raise ProfileError(f"{source}: {key!r} must be one line, found more; shorten it")
    return value.strip()
