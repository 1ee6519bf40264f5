"""Evaluation of tuned models: what it claims that is not so, and what it shows that is.

- claims: simulated arms that are equal, and arms that differ: how often they are shown to differ.

`checks_gain_low` and `general_loss_rise`, of a model that is tuned here, have no part yet: they are
null, which is not measured.

    python benchmarks/tuning.py
    python benchmarks/tuning.py --quick --json
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

from benchmarks.tuned import claims

# name -> figures of a run, by their names; the argument asks for a short one
PARTS: Mapping[str, Callable[[bool], dict[str, Any]]] = {"claims": claims.measured}
# figures that no part measures yet
NOT_MEASURED = {"checks_gain_low": None, "general_loss_rise": None}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, and print it."""
    parser = argparse.ArgumentParser(description="Measure `labeltune evaluate`.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="a short run, to see that it works")
    parser.add_argument("--only", choices=[*PARTS], action="append", help="this part alone")
    options = parser.parse_args(arguments)
    found: dict[str, Any] = {"quick": options.quick, **NOT_MEASURED}
    for name in options.only or PARTS:
        found |= PARTS[name](options.quick)
    if options.json:
        print(json.dumps(found))
        return 0
    for name, value in found.items():
        print(f"{name}: {'not measured' if value is None else json.dumps(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
