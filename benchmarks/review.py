"""Review, experts and trust: what a plan costs, and how well people are matched and judged.

Each part can be run alone (`--only`):

- planning: 50,000 finished tasks, some with findings or verdicts: seconds and memory of a plan;
- flags: simulated people who guess, and who are just good enough: how soon and how rarely they are
  flagged;
- meanings: how often real answers count as saying the same;
- matched: simulated experts of known skill: how many more answers are accepted at first where tasks
  are matched with people than at random, beside what is expected, and how far loads are apart;
- reasons: how often short texts of one kind are grouped, and with others of their kind;
- guidelines: how much of what a changed sentence concerns is found by its meaning, and what else.

    python benchmarks/review.py
    python benchmarks/review.py --only planning --quick --json
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

from benchmarks.reviewed import flags, guidelines, matched, meanings, planning, reasons

# name -> figures of a run, by their names; the argument asks for a short one
PARTS: Mapping[str, Callable[[bool], dict[str, Any]]] = {
    "planning": planning.measured,
    "flags": flags.measured,
    "meanings": meanings.measured,
    "matched": matched.measured,
    "reasons": reasons.measured,
    "guidelines": guidelines.measured,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, and print it."""
    parser = argparse.ArgumentParser(description="Measure `labeltune review`.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="a short run, to see that it works")
    parser.add_argument("--only", choices=[*PARTS], action="append", help="this part alone")
    options = parser.parse_args(arguments)
    found: dict[str, Any] = {"quick": options.quick}
    for name in options.only or PARTS:
        found |= PARTS[name](options.quick)
    if options.json:
        print(json.dumps(found))
        return 0
    for name, value in found.items():
        print(f"{name}: {json.dumps(value)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
