"""The rules that formats have for a content that is a list of parts: text, pictures, others.

Sources, as of November 2026: OpenAI's API description (which parts a role may have) and the pages
"Vision fine-tuning" of OpenAI and Azure: pictures in the user's messages only, by an address of the
web or inside the line, JPEG, PNG or WEBP, 10 MB each, 64 of an example.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sync.common.json_text import json_type
from sync.training_files.formats.foreign_parts import told
from sync.training_files.formats.format import Fault
from sync.training_files.formats.json_types import text_fault

# what a content may be made of, by role, in OpenAI's API description: others than the user's are
# text. A part of the user's of another type is only warned of, since other readers know more
_TEXT = frozenset(("text",))
_BY_ROLE = {
    "system": _TEXT,
    "developer": _TEXT,
    "user": frozenset(("text", "image_url", "input_audio", "file")),
    "assistant": frozenset(("text", "refusal")),
    "tool": _TEXT,
}
_DETAILS = frozenset(("auto", "low", "high", "original"))
_INSIDE = re.compile(r"data:image/(?:jpeg|jpg|png|webp);base64,", re.IGNORECASE)
_WEB = ("https://", "http://")
_LARGEST = 10 * 1024 * 1024  # bytes of a picture
_MOST = 64  # pictures of an example


@dataclass(frozen=True, slots=True)
class PartRules:
    """What a format asks of the parts of a content.

    Attributes:
        text_only: whether they may be nothing but text.
        types: those that they may have, by role; None: any.
        pictures: whether pictures are OpenAI's, `image_url`, and keep its limits.
    """

    text_only: bool = False
    types: Mapping[str, frozenset[str]] | None = None
    pictures: bool = False

    def faults(self, where: str, role: Any, parts: list[Any]) -> Iterator[Fault]:
        """Every rule that the parts of one message break; `where` is such as "message 3"."""
        if not parts or not all(isinstance(p, dict) and "type" in p for p in parts):
            message = f"{where}: content parts must be objects with a type"
            odd = next((p for p in parts if not isinstance(p, dict) or "type" not in p), None)
            message += f", found {told(odd)}" if parts else ", found none"
            yield Fault("content", message, detail="" if parts else "empty")
            return
        types = self.types.get(role) if self.types and isinstance(role, str) else None
        for part in parts:
            kind = part["type"]
            if kind == "text" and "text" not in part and "value" in part:
                yield Fault("content", f"{where}: {told(part)}; write its value as text")
            elif kind == "text":
                fault = text_fault(f"{where}: a part's text", part.get("text"), empty=True)
                if fault is not None:
                    yield fault
            elif self.text_only:
                message = f"{where}: only text may be here, found {told(part)}; take it away"
                yield Fault("text", message, detail="part")
            elif types is not None and not (isinstance(kind, str) and kind in types):
                yield _type_fault(where, str(role), types, part)
            elif self.pictures and kind == "image_url":
                fault = picture_fault(where, part.get("image_url"))
                if fault is not None:
                    yield fault

    def number_fault(self, messages: list[Any]) -> Fault | None:
        """That an example has too many pictures, or None."""
        if not self.pictures or self.text_only:
            return None
        contents = [m.get("content") for m in messages if isinstance(m, dict)]
        number = sum(
            isinstance(part, dict) and part.get("type") == "image_url"
            for content in contents
            if isinstance(content, list)
            for part in content
        )
        if number <= _MOST:
            return None
        return Fault("images", f"{number} pictures; an example may have {_MOST}: leave some out")


def _type_fault(where: str, role: str, known: frozenset[str], part: Any) -> Fault:
    if role == "user":
        types = ", ".join(sorted(known))
        return Fault("parts", f"{where}: {told(part)}; OpenAI's are {types}", "warning")
    return Fault(
        "parts",
        f"{where}: a part of {role}'s content must be {' or '.join(sorted(known))}, found "
        f"{told(part)}; take it away",
    )


def picture_fault(where: str, picture: Any) -> Fault | None:
    """Why OpenAI does not take the `image_url` of a part, or None."""
    url = picture.get("url") if isinstance(picture, dict) else None
    if not isinstance(picture, dict) or not isinstance(url, str):
        came = json_type(url) if isinstance(picture, dict) else json_type(picture)
        message = f'{where}: image_url must be an object with a url, {{"url": …}}, found {came}'
        return Fault("images", message)
    inside = _INSIDE.match(url)
    if inside is None and not url.startswith(_WEB):
        return Fault(
            "images",
            f"{where}: a picture must be an address of the web or a data URI of JPEG, PNG or WEBP "
            "(data:image/png;base64,…), found another; put the picture itself into the line",
        )
    if inside is not None and (len(url) - inside.end()) * 3 // 4 > _LARGEST:
        return Fault("images", f"{where}: a picture of more than 10 MB; make it smaller")
    if picture.get("detail", "auto") not in _DETAILS:
        message = f"{where}: a picture's detail must be auto, low, high or original"
        return Fault("images", message, detail="detail")
    return None


OPENAI_PARTS = PartRules(types=_BY_ROLE, pictures=True)
ANY_PARTS = PartRules()
