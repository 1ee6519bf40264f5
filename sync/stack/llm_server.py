"""An OpenAI-compatible server for one local model, on this machine only.

    python -m sync.stack.llm_server --model FILE --alias NAME --port N [--slots K] [--context N]
        [--slot-folder FOLDER]

The key comes from `LABELTUNE_LLM_KEY` (several, separated by commas, are all accepted). It runs
until SIGTERM or SIGINT and then ends at once with status 0.
"""

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

# must be in place before OpenMP loads: spinning threads starve everything else on a small machine
OPENMP = {"GOMP_SPINCOUNT": "0", "OMP_WAIT_POLICY": "passive"}
# requests at a time: the four samples of a task, or tasks side by side; each keeps what it has read
SLOTS = 4
# in a stack's folder of state: where the server may write down what a slot has read
SLOT_FOLDER = "model-slots"
_PROMPT_CACHE_MIB = 256  # the library's own limit is 8 GiB


def usable_cpus() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads(cpus: int) -> int:
    """How many threads compute: all of a few processors, half of many (they are hyper-threads)."""
    return cpus if cpus <= 4 else cpus // 2


def start(
    model: Path,
    alias: str,
    port: int,
    keys: list[str],
    slots: int,
    context: int,
    slot_folder: Path | None = None,
    adapter: Path | None = None,
) -> Any:
    """Start serving in the background.

    Args:
        alias: the name under which `/v1/models` lists the model.
        keys: bearer tokens that are accepted; at least one, or the server would be open to all.
        slots: requests answered at the same time.
        context: tokens for each of them, prompt and answer together.
        slot_folder: where `/slots/{id}?action=save` may write what a slot has read; None: nowhere.
        adapter: a LoRA adapter as GGUF, made for this model. Every reply is the tuned model's,
            but for a request with `"lora": [{"id": 0, "scale": 0}]`: that gets the base's.

    Returns:
        The running server; it serves as long as it is referenced.

    Raises:
        RuntimeError: the model can't be loaded or the port can't be used; stderr says why.
    """
    from xllamacpp import CommonAdapterLoraInfo, CommonParams, Server

    params = CommonParams()
    params.model.path = str(model)
    params.model_alias = {alias}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.api_keys = keys
    params.n_parallel = slots
    params.n_ctx = slots * context
    params.cpuparams.n_threads = threads(usable_cpus())
    params.cache_ram_mib = _PROMPT_CACHE_MIB
    if slot_folder is not None:
        slot_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        params.slot_save_path = f"{slot_folder}/"  # names are put right behind it
    if adapter is not None:
        params.lora_adapters = [CommonAdapterLoraInfo(str(adapter), 1.0)]
    params.ui = False
    params.offline = True
    params.verbosity = 2  # errors and warnings: the level above logs sizes of every prompt
    return Server(params)


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    # the library's orderly shutdown waits for ever for a request under way; there is no state
    os._exit(0)


@click.command()
@click.option(
    "--model", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True
)
@click.option("--alias", required=True, help="Name of the model in answers.")
@click.option("--port", type=click.IntRange(1, 65535), required=True)
@click.option("--slots", type=click.IntRange(1, 64), default=SLOTS, show_default=True)
@click.option("--context", type=click.IntRange(256), default=4096, show_default=True)
@click.option(
    "--slot-folder", type=click.Path(path_type=Path), help="Where a slot's state may be written."
)
@click.option(
    "--adapter",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A LoRA adapter for MODEL, as GGUF.",
)
def main(
    model: Path,
    alias: str,
    port: int,
    slots: int,
    context: int,
    slot_folder: Path | None,
    adapter: Path | None,
) -> None:
    """Serve MODEL on 127.0.0.1:PORT until stopped."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    keys = [key for key in os.environ.pop("LABELTUNE_LLM_KEY", "").split(",") if key]
    if not keys:
        sys.exit("llm_server: LABELTUNE_LLM_KEY must hold a key")
    os.environ.update(OPENMP)
    os.nice(5)  # Label Studio and its annotators come first
    try:
        server = start(model, alias, port, keys, slots, context, slot_folder, adapter)
    except RuntimeError as error:
        sys.exit(f"llm_server: {model} can't be served on port {port}: {error}")
    click.echo(f"serving {alias} on {server.listening_address}", err=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
