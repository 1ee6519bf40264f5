"""What TRL's trainers do with a line before they train: its own functions, its own templates.

A line of text goes the way of `SFTTrainer`, `DPOTrainer` and `KTOTrainer`, which make tokens by
`trl.data_utils._tokenize`, with the template that TRL trains Qwen3 by, every answer masked alone.
One with pictures goes through `prepare_multimodal_messages`, as their collators do, and the
template of Qwen2.5-VL. What is refused raises an error there; `datasets` reads no line here.
"""

import json
from typing import Any

from tests.sync.training_files.formats.trl_desk import byte_tokenizer

_STOPS = (
    *(ValueError, TypeError, KeyError, AttributeError, IndexError, RuntimeError),
    NameError,  # of a list without messages, on which `extract_prompt` never sets its index
)
# by format: the part that is asked, and the answers
PARTS: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "trl-language-modeling": (None, ("messages",)),
    "trl-prompt-completion": ("prompt", ("completion",)),
    "trl-preference": ("prompt", ("chosen", "rejected")),
    "trl-unpaired-preference": ("prompt", ("completion",)),
}


class TRLReader:
    """TRL's functions with a tokenizer."""

    def __init__(self) -> None:
        from trl import chat_template_utils, data_utils

        self._own = data_utils
        self._tokenizer = byte_tokenizer()
        self._text = chat_template_utils.qwen3_training_chat_template
        self._pictures = chat_template_utils.qwen2_5_vl_chat_template

    def verdict(self, form: str, line: dict[str, Any]) -> str | None:
        """Why a line can't be made ready for training, or None."""
        import jinja2

        try:
            self._read(form, line)
        except jinja2.TemplateError as error:
            return f"TemplateError: {error}"
        except _STOPS as error:
            return f"{type(error).__name__}: {error}"
        return None

    def _read(self, form: str, line: dict[str, Any]) -> None:
        asked, answers = PARTS[form]
        if "messages" in answers and "messages" not in line:
            answers = ("text",)
        if form == "trl-preference" and "prompt" not in line:
            line = self._own.maybe_extract_prompt(line)
        prompt = line[asked] if asked else None
        parts = [line[key] for key in answers]
        if form == "trl-unpaired-preference":
            _label(line["label"])
        kinds = {
            self._own.is_conversational({"messages": part}) for part in [*parts, prompt or parts[0]]
        }
        if len(kinds) > 1:
            raise TypeError("some parts are messages and others are not; chance decides")
        tools = line.get("tools")
        tools = json.loads(tools) if isinstance(tools, str) else tools
        if True not in kinds:
            for part in [prompt, *parts] if asked else parts:
                self._own._tokenize(self._tokenizer, part + self._tokenizer.eos_token)
        elif line.get("images") or any(_in_parts(part) for part in [prompt, *parts]):
            self._with_pictures(prompt, parts, line.get("images"), tools)
        else:
            self._of_text(prompt, parts, tools)

    def _of_text(self, prompt: Any, parts: list[Any], tools: Any) -> None:
        options = {"chat_template": self._text, "tools": tools}
        if prompt is not None:
            self._own._tokenize(self._tokenizer, prompt, add_generation_prompt=True, **options)
        for part in parts:
            whole = part if prompt is None else prompt + part
            found = self._own._tokenize(
                self._tokenizer, whole, return_assistant_tokens_mask=True, **options
            )
            if 1 not in found["assistant_masks"]:
                raise RuntimeError("no token of an assistant's")

    def _with_pictures(self, prompt: Any, parts: list[Any], images: Any, tools: Any) -> None:
        ready = self._own.prepare_multimodal_messages
        options = {"chat_template": self._pictures, "tools": tools, "tokenize": False}
        start = ready(prompt, images) if prompt is not None else []
        for part in parts:
            whole = start + (ready(part) if prompt is not None else ready(part, images))
            self._tokenizer.apply_chat_template(whole, **options)


def _label(label: Any) -> None:
    """`datasets` reads a column of one type, and the loss goes by true and false."""
    if type(label) is not bool:
        raise TypeError("the label is neither true nor false")


def _in_parts(messages: Any) -> bool:
    return isinstance(messages, list) and any(
        isinstance(m, dict) and isinstance(m.get("content"), list) for m in messages
    )
