"""A folder as LLaMA-Factory keeps its examples in: the same files and structures, our own words.

Seventeen files hold data; `dataset_info.json`, two readmes, a text and files of Axolotl-like lists
lie among them.
"""

import base64
import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
TOOL = {
    "name": "branch_hours",
    "description": "When a branch is open.",
    "parameters": {"type": "object", "properties": {"town": {"type": "string"}}},
}
CALL = json.dumps({"name": "branch_hours", "arguments": {"town": "Leeds"}})
CALLS = json.dumps(
    [{"name": "branch_hours", "arguments": {"town": town}} for town in ("Leeds", "York")]
)


def sharegpt(*turns: tuple[str, str]) -> list[Json]:
    return [{"from": speaker, "value": value} for speaker, value in turns]


def chat(*turns: tuple[str, str]) -> list[Json]:
    return [{"role": role, "content": content} for role, content in turns]


def parts(role: str, *held: tuple[str, str], **keys: Any) -> Json:
    """A message as newer files have it: parts whose content is always called `value`."""
    content = [{"type": kind, "value": value} for kind, value in held]
    return {"role": role, "content": content, **keys}


def alpaca(asked: str, answer: str, given: str = "") -> Json:
    return {"instruction": asked, "input": given, "output": answer}


def preference(*turns: tuple[str, str]) -> Json:
    chosen, rejected = ({"from": "gpt", "value": words} for words in ("By nine.", "Dunno."))
    return {"conversations": sharegpt(*turns), "chosen": chosen, "rejected": rejected}


def whole(answer: str) -> list[Json]:
    return [
        parts("system", ("text", "Be kind."), loss_weight=0.0),
        parts("user", ("text", "When do you open?"), loss_weight=0.0),
        parts("assistant", ("text", answer), loss_weight=1.0),
    ]


_REASONED = [
    parts("system", ("text", "Use the tools.")),
    parts("user", ("text", "Is Leeds open?")),
    parts("assistant", ("reasoning", "I ask for Leeds."), ("tool_call", CALL)),
    parts("tool", ("text", '{"open": true}')),
    parts("assistant", ("reasoning", "It is."), ("text", "Yes.")),
]
_SEVERAL = [
    parts("user", ("text", "Are Leeds and York open?")),
    parts("assistant", ("reasoning", "Both."), *(("tool_call", c) for c in (CALL, CALL))),
    parts("tool", ("text", '[{"name": "branch_hours", "content": "yes"}, {"open": false}]')),
    parts("assistant", ("text", "Leeds is.")),
]
_ENDS_WITH_A_CALL = _REASONED[:3]

# file -> its rows; those that are pushed, and what is said of the others
FILES: dict[str, list[Json]] = {
    "alpaca_en_demo.json": [alpaca("Translate.", "Good day", "Guten Tag"), alpaca("Joke?", "No.")],
    "alpaca_zh_demo.json": [alpaca("银行几点开门?", "九点.")],
    "c4_demo.jsonl": [{"text": "A page of a branch."}, {"text": "Another page."}],
    "dpo_en_demo.json": [
        preference(("human", "When do you open?")),
        preference(("system", "Be kind."), ("human", "When?")),
        preference(("human", "Hi"), ("gpt", "Yes?"), ("human", "When?")),
    ],
    "dpo_zh_demo.json": [preference(("human", "几点开门?"))],
    "glaive_toolcall_en_demo.json": [
        {
            "conversations": sharegpt(
                ("human", "Is Leeds open?"),
                ("function_call", CALL),
                ("observation", '{"open": true}'),
                ("gpt", "Yes."),
            ),
            "tools": json.dumps([TOOL]),
        },
        {"conversations": sharegpt(("human", "Hi"), ("gpt", "Yes?")), "tools": "[]"},
    ],
    "glaive_toolcall_zh_demo.json": [
        {
            "conversations": sharegpt(
                ("human", "两个都开门吗?"),
                ("function_call", CALLS),
                ("observation", "[true, false]"),
                ("gpt", "利兹开门."),
            ),
            "tools": json.dumps([TOOL]),
        },
        {
            "conversations": sharegpt(("human", "你好"), ("gpt", "好"), ("observation", "{}")),
            "tools": json.dumps([TOOL]),
        },
    ],
    "identity.json": [alpaca("Who are you?", "I am {{name}}, made by {{author}}.")],
    "kto_en_demo.json": [
        {"messages": chat(("user", "When?"), ("assistant", "At nine.")), "label": True},
        {"messages": chat(("user", "Where?"), ("assistant", "Dunno.")), "label": False},
    ],
    "mllm_demo.json": [
        {
            "messages": chat(
                ("user", "<image>What is it?"),
                ("assistant", "A card."),
                ("user", "And this?<image>"),
                ("assistant", "Another one."),
            ),
            "images": ["mllm_demo_data/1.png", "mllm_demo_data/1.png"],
        }
    ],
    "mllm_audio_demo.json": [
        {
            "messages": chat(("user", "<audio>What is that?"), ("assistant", "Glass.")),
            "audios": ["mllm_demo_data/1.mp3"],
        }
    ],
    "mllm_video_demo.json": [
        {
            "messages": chat(("user", "<video>What is that?"), ("assistant", "A queue.")),
            "videos": ["mllm_demo_data/1.mp4"],
        }
    ],
    "mllm_video_audio_demo.json": [
        {
            "messages": chat(("user", "<video><audio>And that?"), ("assistant", "A talk.")),
            "videos": ["mllm_demo_data/1.mp4"],
            "audios": ["mllm_demo_data/1.mp3"],
        }
    ],
    "reason_tool_use_demo_50.jsonl": [
        {"messages": messages, "tools": json.dumps([{"type": "function", "function": TOOL}])}
        for messages in (_REASONED, _SEVERAL, _ENDS_WITH_A_CALL)
    ],
    "v1_dpo_demo.jsonl": [
        {"chosen_messages": whole("At nine."), "rejected_messages": whole("Dunno.")}
    ],
    "v1_multimodal_demo.jsonl": [
        {
            "messages": [
                parts("user", ("image_url", "data/mllm_demo_data/1.png"), ("text", "What is it?")),
                parts("assistant", ("text", "A card.")),
            ]
        }
    ],
    "v1_sft_demo.jsonl": [{"messages": whole("At nine.")[1:]}],
}


def write_folder(folder: Path) -> Path:
    """The folder `data`, with all that lies in it."""
    data = folder / "data"
    (data / "mllm_demo_data").mkdir(parents=True)
    for name, rows in FILES.items():
        dumped = [json.dumps(row, ensure_ascii=False) for row in rows]
        text = f"[{','.join(dumped)}]" if name.endswith(".json") else "\n".join(dumped)
        (data / name).write_text(text, encoding="utf-8")
    info = {name.partition(".")[0]: {"file_name": name} for name in FILES}
    (data / "dataset_info.json").write_text(json.dumps(info), encoding="utf-8")
    for name in ("README.md", "README_zh.md"):
        (data / name).write_text("# Data\n\nWhat lies here.\n", encoding="utf-8")
    (data / "v1_sft_demo.yaml").write_text("identity:\n  path: data/identity.json\n")
    (data / "mllm_demo_data" / "1.png").write_bytes(PNG)
    for name in ("1.mp3", "1.mp4"):
        (data / "mllm_demo_data" / name).write_bytes(b"\0")
    return data
