"""What the base itself answers to general prompts, learned beside the release's examples.

A model that learns a few hundred examples of one trade forgets the rest. Where `[mix]` names no
files of general examples, the base's own replies stand in for them: they teach nothing new, and
hold the model where it was (Huang et al. 2024, self-synthesized rehearsal).
"""

import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sync.common.files import write_atomically
from sync.common.json_text import Json

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

_PROMPTS = "general_prompts.txt"
# tokens; a reply that has not ended by then is left out, since cutting it would teach to stop there
_LONGEST = 160
_AT_A_TIME = 8


def general_prompts() -> list[str]:
    """Prompts of many kinds, ours, one a line of the shipped file; every other one asks for a word.

    Short answers are there since they are forgotten first: a tuned model begins them as its own.
    """
    text = (resources.files("sync") / "sample" / _PROMPTS).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


def self_replies(
    model: "PreTrainedModel",
    tokenizer: "PreTrainedTokenizerBase",
    count: int,
    kept: Path | None,
    say: Callable[[str], None],
) -> list[Json]:
    """General examples as `openai-chat` lines, the prompts in the file's order; at most `count`.

    Args:
        kept: the file that holds what this base answered before; None: it is not kept.
        say: told how far it is.
    """
    known: dict[str, Json] = {}
    if kept is not None and kept.exists():
        lines = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
        known = {line["messages"][0]["content"]: line for line in lines}
    prompts = general_prompts()
    found: list[Json] = []
    for start in range(0, len(prompts), _AT_A_TIME):
        if len(found) >= count:
            break
        say(f"the base answers general prompts ({len(found)} of {count})")
        some = prompts[start : start + _AT_A_TIME]
        if not known.keys() >= set(some):
            known |= dict(zip(some, _answered(model, tokenizer, some), strict=True))
            if kept is not None:
                write_atomically(kept, "".join(json.dumps(line) + "\n" for line in known.values()))
        found += [known[prompt] for prompt in some if _is_whole(known[prompt])]
    return found[:count]


def _is_whole(line: Json) -> bool:
    return len(line["messages"]) > 1


def _answered(
    model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase", prompts: list[str]
) -> list[Json]:
    """A line each; without an answer where it did not end. Greedy, so always the same."""
    import torch

    asked = [[{"role": "user", "content": prompt}] for prompt in prompts]
    side, tokenizer.padding_side = tokenizer.padding_side, "left"
    batch: Any = tokenizer.apply_chat_template(
        asked, add_generation_prompt=True, return_tensors="pt", return_dict=True, padding=True
    )
    tokenizer.padding_side = side
    generate: Any = model.generate
    with torch.no_grad():
        found = generate(
            **batch.to(model.device),
            max_new_tokens=_LONGEST,
            do_sample=False,
            repetition_penalty=1.1,
            pad_token_id=tokenizer.pad_token_id,
        )
    ends = _ends(model, tokenizer)
    lines: list[Json] = []
    for messages, ids in zip(asked, found[:, batch["input_ids"].shape[1] :], strict=True):
        ended = not ends.isdisjoint(ids.tolist())
        text = str(tokenizer.decode(ids, skip_special_tokens=True)).strip()
        answer = [{"role": "assistant", "content": text}] if ended and text else []
        lines.append({"messages": [*messages, *answer]})
    return lines


def _ends(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> set[int]:
    """The tokens that end a reply: many models end a turn by another one than a text."""
    told: Any = model.generation_config
    found = getattr(told, "eos_token_id", None)
    more = found if isinstance(found, list) else [found]
    return {each for each in (tokenizer.eos_token_id, *more) if isinstance(each, int)}
