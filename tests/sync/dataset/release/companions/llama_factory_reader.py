"""What LLaMA-Factory learns of data sets; run in a process of its own, see `trainer_packages`.

`FOLDER REQUEST ANSWER`: the request is a list of (name in dataset_info.json, stage, mask_history);
the answer, by name and mask, a list of what is read and what is learnt of it, a row. With the stage
"aligned" it is a list of the pictures and the texts that a model with eyes would be shown.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.sync.training_files.formats.trl_desk import byte_tokenizer


def main(folder: str, request: str, answer: str) -> None:
    from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
    from llamafactory.data.loader import _load_single_dataset
    from llamafactory.data.parser import get_dataset_list
    from llamafactory.hparams import ModelArguments, TrainingArguments
    from llamafactory.hparams.data_args import DataArguments

    tokenizer = byte_tokenizer()
    found: dict[str, list[dict[str, Any]]] = {}
    for name, stage, mask in json.loads(request):
        data = DataArguments(
            dataset=name,
            dataset_dir=folder,
            template="qwen",
            cutoff_len=100_000,
            mask_history=mask,
        )
        model = ModelArguments(model_name_or_path="none", cache_dir=f"{folder}/cache")
        training = TrainingArguments(output_dir=f"{folder}/out", report_to=[], use_cpu=True)
        if stage == "aligned":
            (entry,) = get_dataset_list([name], folder)
            aligned = _load_single_dataset(entry, model, data, training)
            found[f"{name} {mask}"] = [_shown(row) for row in aligned]
            continue
        template = get_template_and_fix_tokenizer(tokenizer, data)
        rows = get_dataset(template, model, data, training, stage, tokenizer)["train_dataset"]
        found[f"{name} {mask}"] = [_told(row, tokenizer) for row in rows]
    Path(answer).write_text(json.dumps(found))


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    texts = [message["content"] for message in (*row["_prompt"], *row["_response"])]
    return {"pictures": row["_images"] or [], "texts": texts}


def _told(row: dict[str, Any], tokenizer: Any) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for prefix in ("", "chosen_", "rejected_"):
        if f"{prefix}input_ids" in row:
            learnt = [token for token in row[f"{prefix}labels"] if token >= 0]
            told[f"{prefix}read"] = tokenizer.decode(row[f"{prefix}input_ids"])
            told[f"{prefix}learnt"] = tokenizer.decode(learnt)
    if "kto_tags" in row:
        told["good"] = row["kto_tags"]
    return told


if __name__ == "__main__":
    main(*sys.argv[1:])
