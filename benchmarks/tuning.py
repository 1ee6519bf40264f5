"""Evaluation of tuned models: what it claims that is not so, and what tuning here gains and costs.

- claims: simulated arms that are equal, and arms that differ: how often they are shown to differ;
- trained: a model of 135 M parameters is tuned by the defaults of `labeltune finetune` on a task
  that was made for it, and evaluated beside its base with the full prompt on topics that it never
  saw (`checks_gain_low`); how much its loss on general sentences rises (`general_loss_rise`), and
  that of a model that learned no general examples.

What is trained and answered is kept in `--cache`, so that a run that was stopped goes on. A short
run learns from three topics, once and with general examples alone: it shows that everything works,
and no quality.

    python benchmarks/tuning.py
    python benchmarks/tuning.py --quick --json
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

from benchmarks.tuned import claims, trained_here
from sync.stack.folders import cache_dir

# name -> figures of a run, by their names; of the folder that keeps what it did, and the options
PARTS: Mapping[str, Callable[[Path, argparse.Namespace], dict[str, Any]]] = {
    "claims": lambda _, asked: claims.measured(asked.quick),
    "trained": lambda kept, asked: trained_here.measured(kept, asked.quick, asked.epochs),
}
# figures of a part that was left out
NOT_MEASURED = {"checks_gain_low": None, "general_loss_rise": None, "type1_error": None}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="a short run, to see that it works")
    parser.add_argument("--only", choices=[*PARTS], action="append", help="this part alone")
    parser.add_argument("--epochs", type=int, default=3, help="of a long run (%(default)s)")
    parser.add_argument(
        "--cache",
        type=Path,
        default=cache_dir() / "benchmarks" / "tuning",
        help="folder of models and replies (%(default)s); a short run has one of its own",
    )
    options = parser.parse_args(arguments)
    found: dict[str, Any] = {"quick": options.quick, **NOT_MEASURED}
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) if options.quick else options.cache
        for name in options.only or PARTS:
            found |= PARTS[name](cache, options)
    if options.json:
        print(json.dumps(found))
        return 0
    for name, value in found.items():
        print(f"{name}: {'not measured' if value is None else json.dumps(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
