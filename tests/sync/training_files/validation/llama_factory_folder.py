"""A folder as LLaMA-Factory's `data/`: every shape of file that it has, with our own words.

Each file's rows have the keys, the order and the kinds of value of the public one of that name.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.sync.training_files.validation.lines import SECRET

Row = dict[str, Any]


def _alpaca(number: int) -> Row:
    return {"instruction": f"{SECRET} {number}", "input": "" if number % 2 else "x", "output": "y"}


def _turn(who: str, said: str) -> Row:
    return {"from": who, "value": said}


def _glaive(number: int) -> Row:
    """A call of a function and what it returned, as turns; the functions as JSON text."""
    tool = {"name": "pay", "description": "", "parameters": {"type": "object", "properties": {}}}
    call = json.dumps({"name": "pay", "arguments": {"sum": number}})
    return {
        "conversations": [
            _turn("human", f"{SECRET} {number}"),
            _turn("function_call", call),
            _turn("observation", '{"paid": true}'),
            _turn("gpt", f"{SECRET} is paid"),
        ],
        "tools": json.dumps([tool]),
    }


def _preference(number: int) -> Row:
    return {
        "conversations": [_turn("human", f"{SECRET} {number}")],
        "chosen": _turn("gpt", "Yes."),
        "rejected": _turn("gpt", "No."),
    }


def _chat(question: str, answer: str = SECRET) -> list[Row]:
    return [{"content": question, "role": "user"}, {"content": answer, "role": "assistant"}]


def _kto(number: int) -> Row:
    return {"messages": _chat(f"{SECRET} {number}"), "label": number % 2 == 0}


def _media(places: str, **columns: str) -> Callable[[int], Row]:
    """A question about files; the texts have a place for each of them."""

    def row(number: int) -> Row:
        files = {kind: [f"mllm_demo_data/{name}"] for kind, name in columns.items()}
        return {"messages": _chat(f"{places}{SECRET} {number}?"), **files}

    return row


def _part(value: str, kind: str = "text") -> Row:
    return {"type": kind, "value": value}


def _message(role: str, *parts: Row, **more: Any) -> Row:
    return {"role": role, "content": list(parts), **more}


def _sample(number: int) -> Row:
    return {
        "messages": [
            _message("user", _part(f"{SECRET} {number}"), loss_weight=0.0),
            _message("assistant", _part("Hello!"), loss_weight=1.0),
        ]
    }


def _pictured(number: int) -> Row:
    asked = _message("user", _part("mllm_demo_data/1.jpg", "image_url"), _part(f"Who? {number}"))
    return {"messages": [asked, _message("assistant", _part(SECRET))]}


def _agent(number: int) -> Row:
    """Reasoning before a call, and before an answer."""
    call = json.dumps({"name": "pay", "arguments": {"sum": number}})
    tool = {"type": "function", "function": {"name": "pay", "parameters": {"type": "object"}}}
    return {
        "messages": [
            _message("system", _part(SECRET)),
            _message("user", _part(f"{SECRET} {number}")),
            _message("assistant", _part("I must pay.", "reasoning"), _part(call, "tool_call")),
            _message("tool", _part("paid")),
            _message("assistant", _part("It is paid.", "reasoning"), _part("Done.")),
        ],
        "tools": json.dumps([tool]),
    }


def _pair(number: int) -> Row:
    asked = [_message("system", _part(SECRET)), _message("user", _part(f"{SECRET} {number}"))]
    answers = [_message("assistant", _part(said), loss_weight=1.0) for said in ("Yes.", "No.")]
    return {"chosen_messages": [*asked, answers[0]], "rejected_messages": [*asked, answers[1]]}


# file -> (rows, how one is made)
FILES: dict[str, tuple[int, Callable[[int], Row]]] = {
    "alpaca_en_demo.json": (7, _alpaca),
    "alpaca_zh_demo.json": (8, _alpaca),
    "c4_demo.jsonl": (5, lambda number: {"text": f"{SECRET} {number}"}),
    "dpo_en_demo.json": (4, _preference),
    "dpo_zh_demo.json": (3, _preference),
    "glaive_toolcall_en_demo.json": (4, _glaive),
    "glaive_toolcall_zh_demo.json": (5, _glaive),
    "identity.json": (9, _alpaca),
    "kto_en_demo.json": (6, _kto),
    "mllm_audio_demo.json": (3, _media("<audio>", audios="1.mp3")),
    "mllm_demo.json": (6, _media("<image>", images="1.jpg")),
    "mllm_video_audio_demo.json": (2, _media("<video><audio>", videos="1.mp4", audios="1.mp3")),
    "mllm_video_demo.json": (3, _media("<video>", videos="1.mp4")),
    "reason_tool_use_demo_50.jsonl": (5, _agent),
    "v1_dpo_demo.jsonl": (4, _pair),
    "v1_multimodal_demo.jsonl": (3, _pictured),
    "v1_sft_demo.jsonl": (11, _sample),
}
_TURNS = {"formatting": "sharegpt", "columns": {"messages": "conversations"}}
_TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
}


def _chats(**columns: str) -> Row:
    return {
        "formatting": "sharegpt",
        "columns": {"messages": "messages", **columns},
        "tags": _TAGS,
    }


def _entries() -> dict[str, Row]:
    with_tools = {**_TURNS, "columns": {"messages": "conversations", "tools": "tools"}}
    sides = {"messages": "conversations", "chosen": "chosen", "rejected": "rejected"}
    pair = {**_TURNS, "ranking": True, "columns": sides}
    how: dict[str, Row] = {
        "identity.json": {},
        "alpaca_en_demo.json": {},
        "alpaca_zh_demo.json": {},
        "glaive_toolcall_en_demo.json": with_tools,
        "glaive_toolcall_zh_demo.json": with_tools,
        "mllm_demo.json": _chats(images="images"),
        "mllm_audio_demo.json": _chats(audios="audios"),
        "mllm_video_demo.json": _chats(videos="videos"),
        "mllm_video_audio_demo.json": _chats(videos="videos", audios="audios"),
        "dpo_en_demo.json": pair,
        "dpo_zh_demo.json": pair,
        "kto_en_demo.json": _chats(kto_tag="label"),
        "wiki_demo.txt": {"columns": {"prompt": "text"}},
        "c4_demo.jsonl": {"columns": {"prompt": "text"}},
    }
    entries = {Path(file).stem: {"file_name": file, **keys} for file, keys in how.items()}
    hub = {"hf_hub_url": "someone/alpaca", "ms_hub_url": "someone/alpaca"}
    return {**entries, "alpaca_en": hub, "lima": {"hf_hub_url": "someone/lima", **_TURNS}}


def write_folder(folder: Path) -> Path:
    """The folder with all of its files, arrays over several lines as there."""
    (folder / "mllm_demo_data").mkdir(parents=True)
    for name in ("1.jpg", "1.mp3", "1.mp4"):
        (folder / "mllm_demo_data" / name).write_bytes(b"\x00")
    for file, (count, row) in FILES.items():
        rows = [row(number) for number in range(count)]
        if file.endswith(".jsonl"):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        else:
            text = json.dumps(rows, indent=2, ensure_ascii=False)
        (folder / file).write_text(text, encoding="utf-8")
    (folder / "wiki_demo.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    (folder / "dataset_info.json").write_text(json.dumps(_entries(), indent=2), encoding="utf-8")
    return folder
