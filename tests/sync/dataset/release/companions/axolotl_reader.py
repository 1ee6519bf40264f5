"""What Axolotl learns by its YAML files; run in a process of its own, see `trainer_packages`.

`FOLDER REQUEST ANSWER`: the request is a list of YAML files; the answer has for each what its
validation made of it, and for each row of the data what is read and what is learnt of it.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.sync.training_files.formats.trl_desk import byte_tokenizer, tiny_model

# Axolotl looks for what a template reads of a message by the loop's name
TEMPLATE = (
    "{% if tools %}{{ tools | tojson }}\n{% endif %}"
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content or '' }}"
    "{% if message.tool_calls %}{{ message.tool_calls | tojson }}{% endif %}<|im_end|>\n"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
REST = {
    "base_model": "model",
    "tokenizer_config": "model",
    "micro_batch_size": 1,
    "gradient_accumulation_steps": 1,
    "learning_rate": 1e-5,
    "sequence_len": 8192,
    "dataset_num_proc": 1,
}


def main(folder: str, request: str, answer: str) -> None:
    import yaml
    from axolotl.utils.config import validate_config
    from axolotl.utils.dict import DictDefault

    os.chdir(folder)
    tokenizer = byte_tokenizer()
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained("model")
    tiny_model(len(tokenizer)).config.save_pretrained("model")
    found: dict[str, Any] = {}
    for name in json.loads(request):
        written = yaml.safe_load(Path(name).read_text(encoding="utf-8"))
        config = validate_config(DictDefault({**written, **REST}))
        found[name] = {
            "written": written,
            "understood": {key: config[key] for key in written},
            "rows": _preferences(config) if written.get("rl") else _turns(config, tokenizer),
        }
    Path(answer).write_text(json.dumps(found))


def _turns(config: Any, tokenizer: Any) -> list[dict[str, Any]]:
    from axolotl.utils.data.shared import load_dataset_with_config
    from axolotl.utils.data.wrappers import get_dataset_wrapper

    (one,) = config.datasets
    loaded = load_dataset_with_config(one, False)
    rows, _ = get_dataset_wrapper(one, tokenizer, config, one.type, loaded)
    told = []
    for row in rows:
        labels = [token for token in row["labels"] if token >= 0]
        learnt = labels if config.process_reward_model else tokenizer.decode(labels)
        told.append({"read": tokenizer.decode(row["input_ids"]), "learnt": learnt})
    return told


def _preferences(config: Any) -> list[dict[str, Any]]:
    from axolotl.utils.data.rl import _load_split

    return list(_load_split(config, "train"))


if __name__ == "__main__":
    main(*sys.argv[1:])
