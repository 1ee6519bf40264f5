"""What Together's package asks of a message's content: text, or parts with images.

Source, as of November 2026: `check_file` of together 1.6.0 and 2.14.0, which agree on it but for
messages that only call tools.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault
from sync.training_files.formats.part_rules import picture_fault

_IMAGE = re.compile(r"data:image/(?:jpeg|png|webp);base64,")
_LONGEST = len("data:image/jpeg;base64,") + 4 * 10 * 1024 * 1024 // 3  # characters of 10 MB
_MOST = 10  # images of an example


@dataclass(frozen=True, slots=True)
class TogetherContents:
    """The rules of contents.

    Attributes:
        silent: whether a message that calls tools may have none.
        text_only_format: whether the format itself is of text alone, so that nobody else looks
            where its images stand.
    """

    silent: bool
    text_only_format: bool

    def faults(self, messages: list[Any], where: str) -> Iterator[Fault]:
        """Every rule that messages break by what they hold; the format's own rules are not told."""
        kinds: set[type] = set()
        images = 0
        for number, message in enumerate(messages, 1):
            if type(message) is not dict:
                continue
            content = message.get("content")
            told = f"{where} {number}"
            if content is None:
                yield from self._missing(told, message)
            if content or (content is not None and not self.silent):
                kinds.add(type(content))
            if type(content) is list:
                yield from self._parts(told, message.get("role"), content)
                shown = sum(_is_image(part) for part in content)
                images += shown
                weight = message.get("weight")
                if shown and weight is not None and weight != 0:
                    yield Fault(
                        "weight", f"{told}: a message with images must have weight 0 or none"
                    )
        if str in kinds and list in kinds:
            yield Fault(
                "mixed",
                "some messages are text and others lists of parts, which Together does not mix in "
                'an example; write each text as [{"type": "text", "text": …}]',
            )
        if images > _MOST:
            yield Fault("images", f"{images} images; Together takes {_MOST} of an example at most")

    def answer_fault(self, message: Json, key: str) -> Fault | None:
        """That a judged answer has no content where the package wants some, or None."""
        if message.get("content") is None and ("content" in message or not self.silent):
            return Fault("content", f'{key}: content must be text; write "" beside a call')
        return None

    def _missing(self, where: str, message: Json) -> Iterator[Fault]:
        calls = message.get("tool_calls") or message.get("function_call")
        if not calls:
            return  # the format's matter
        if not self.silent:
            yield Fault(
                "content",
                f'{where}: Together\'s package 1.6 wants text beside a call, too; write ""',
            )
        elif "content" not in message and "tool_calls" not in message:
            yield Fault("content", f'{where}: content is missing; write ""')

    def _parts(self, where: str, role: Any, parts: list[Any]) -> Iterator[Fault]:
        for part in parts:
            kind = part.get("type") if type(part) is dict else "text"
            if kind == "text":
                continue
            if kind != "image_url":
                if role == "user" or self.text_only_format or kind == "refusal":
                    yield Fault(
                        "parts",
                        f"{where}: Together takes parts of text and images alone; take the others "
                        "away",
                    )
            elif role != "user":
                if self.text_only_format:
                    yield Fault("images", f"{where}: only the user's messages may hold images")
            elif not _is_taken(part) and self._is_news(part):
                yield Fault(
                    "images",
                    f"{where}: an image must be a data URI, data:image/jpeg;base64,… (or png, "
                    "webp), of 10 MB at most; Together fetches no addresses",
                )

    def _is_news(self, part: Json) -> bool:
        """Whether the format itself takes a picture."""
        return self.text_only_format or picture_fault("", part.get("image_url")) is None


def _is_image(part: Any) -> bool:
    return type(part) is dict and part.get("type") == "image_url"


def _is_taken(part: Json) -> bool:
    image = part.get("image_url")
    url = image.get("url") if type(image) is dict else None
    return type(url) is str and _IMAGE.match(url) is not None and len(url) <= _LONGEST
