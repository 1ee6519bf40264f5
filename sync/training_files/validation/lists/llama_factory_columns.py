"""What an entry of `dataset_info.json` calls the columns and roles of its rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sync.common.json_text import Json

_FORMATTINGS = ("alpaca", "sharegpt", "openai")
_COLUMNS = (
    *("prompt", "query", "response", "history", "messages", "system", "tools"),
    *("images", "videos", "audios", "chosen", "rejected", "kto_tag"),
)
_TAGS = (
    *("role_tag", "content_tag", "user_tag", "assistant_tag"),
    *("observation_tag", "function_tag", "system_tag"),
)
_MEDIA = ("images", "videos", "audios")
# what our formats call it
_OF_ALPACA = {"prompt": "instruction", "query": "input", "response": "output"}
_OF_TURNS = {
    "messages": "conversations",
    "role_tag": "from",
    "content_tag": "value",
    "user_tag": "human",
    "assistant_tag": "gpt",
    "observation_tag": "observation",
    "function_tag": "function_call",
    "system_tag": "system",
}


@dataclass(frozen=True)
class Columns:
    """Names in the rows of a data set; None: the rows have no such thing.

    The names are LLaMA-Factory's own, and so are their defaults.
    """

    formatting: Literal["alpaca", "sharegpt", "openai"] = "alpaca"
    ranking: bool = False
    prompt: str | None = "instruction"
    query: str | None = "input"
    response: str | None = "output"
    history: str | None = None
    messages: str | None = "conversations"
    system: str | None = None
    tools: str | None = None
    images: str | None = None
    videos: str | None = None
    audios: str | None = None
    chosen: str | None = None
    rejected: str | None = None
    kto_tag: str | None = None
    role_tag: str | None = "from"
    content_tag: str | None = "value"
    user_tag: str | None = "human"
    assistant_tag: str | None = "gpt"
    observation_tag: str | None = "observation"
    function_tag: str | None = "function_call"
    system_tag: str | None = "system"

    @classmethod
    def of(cls, entry: Json) -> "Columns":
        """What an entry says; where it has `columns` or `tags`, what they leave out is not there.

        Raises:
            ValueError: LLaMA-Factory could read no row so.
        """
        formatting = entry.get("formatting", "alpaca")
        if formatting not in _FORMATTINGS:
            raise ValueError(f"formatting must be {', '.join(_FORMATTINGS[:-1])} or openai")
        named: dict[str, Any] = {}
        for key, names in (("columns", _COLUMNS), ("tags", _TAGS)):
            if key in entry:
                said = entry[key]
                if not isinstance(said, Mapping) or not all(
                    isinstance(said.get(name), str | None) for name in names
                ):
                    raise ValueError(f"{key} must be an object of names")
                named |= {name: said.get(name) for name in names}
        columns = cls(formatting, bool(entry.get("ranking", False)), **named)
        if (missing := next(columns._missing(), None)) is not None:
            raise ValueError(f"{missing[0]} must name {missing[1]}, without which no row is read")
        return columns

    def _missing(self) -> Iterator[tuple[str, str]]:
        needed = [("columns", "chosen"), ("columns", "rejected")] if self.ranking else []
        if self.formatting != "alpaca":
            needed += [("columns", "messages"), ("tags", "role_tag"), ("tags", "content_tag")]
        elif not self.prompt and not self.query:
            needed += [("columns", "prompt")]
        return (pair for pair in needed if not getattr(self, pair[1]))

    def roles(self) -> dict[str, str]:
        """The role of ShareGPT's for each name that a row may have."""
        return {
            name: role
            for name, role in (
                (self.user_tag, "human"),
                (self.assistant_tag, "gpt"),
                (self.observation_tag, "observation"),
                (self.function_tag, "function_call"),
                (self.system_tag, "system"),
            )
            if name is not None
        }

    def told(self) -> str:
        """Which names the rows have in place of our formats', for people; "" for none."""
        if self.formatting == "alpaca" and not self.response and not self.ranking:
            return ""  # a text has no other name
        names = _OF_ALPACA if self.formatting == "alpaca" else _OF_TURNS
        here = {**names, **{name: name for name in ("chosen", "rejected", "kto_tag")}}
        return ", ".join(
            f"'{said}' as {own}"
            for name, own in here.items()
            if (said := getattr(self, name)) not in (None, own)
        )

    @property
    def media(self) -> dict[str, str]:
        """The names of the columns of media."""
        return {kind: name for kind in _MEDIA if (name := getattr(self, kind)) is not None}
