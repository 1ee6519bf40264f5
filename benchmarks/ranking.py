"""How well the queue spends an expert's hour, beside random order and simple baselines.

Real questions with known answers, answered by the local model; nothing that is reported was used to
choose anything. Each part can be run alone (`--only`):

- drafts: GSM8K's word problems, BANKING77's intents and PubMedQA's decisions: how surely each
  signal, and the score, tell wrong drafts, with 95 % intervals by bootstrap over questions;
- samples: the same questions: fewer samples beside four everywhere;
- labels: BANKING77: labels until a classifier is right about 85 %, in our order, by plain margin
  and at random;
- duplicates: BANKING77's questions as a queue: near-copies among the first 50 shown;
- rescoring: what `labeltune rank` costs for 10,000 waiting tasks, made up and embedded already;
- project: a simulated expert works through the queue: where the drafts stand that need edits;
- estimates: how often the estimate of what is left holds the truth.

Replies and vectors are kept in `--cache`, so that a second run takes minutes. `--draw` draws the
replies that are missing, which takes hours on two processors; it can be stopped at any time. Those
that were drawn already are shipped: `ranked/replies.jsonl.xz`.

    python benchmarks/ranking.py --draw
    python benchmarks/ranking.py
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

from benchmarks.ranked import (
    drafts_measured,
    duplicates,
    estimates,
    labels,
    made_up,
    peers,
    pictures,
    project,
    rescoring,
    samples,
    tables,
)
from benchmarks.ranked.bank_questions import BankQuestions
from benchmarks.ranked.develop import single_signals, speakers
from benchmarks.ranked.drafts import Drafts, drafted
from benchmarks.ranked.figures import RESAMPLES, auroc
from benchmarks.ranked.questions import SETS, Question, in_drawing_order
from benchmarks.ranked.replies import FILE, Replied, answering, draw_missing, known, stored
from connectors.embedding import DEFAULT_MODEL, Encoder, load_encoder
from sync.stack.folders import cache_dir

DATA = Path(__file__).parent.parent.parent / "shared" / "data"


@dataclass(frozen=True)
class Material:
    """What the parts measure.

    Attributes:
        data: the folder of real data; README.md there says where it is from.
        cache: the folder of replies and vectors.
        quick: made-up data and few resamples.
        peers: strategies of scikit-activeml are measured, too.
    """

    data: Path
    cache: Path
    quick: bool = False
    peers: bool = False
    encoder: Callable[[], Encoder] = field(default=load_encoder)

    @cached_property
    def drafts(self) -> Drafts:
        """All that there are replies for."""
        return Drafts([*drafted(self.questions, self.replies, self.encoder)])

    @cached_property
    def questions(self) -> Sequence[Question]:
        """All, whether there are replies for them or not."""
        return in_drawing_order(self.data)

    @cached_property
    def replies(self) -> Mapping[str, Replied]:
        """By the question's key; made-up questions have none but their own."""
        found = (stored if self.quick else known)(self.cache / FILE)
        return answering(self.questions, found)

    @property
    def reported(self) -> Drafts:
        """Those that nothing was chosen by, of all sets."""
        return Drafts([row for row in self.drafts.rows if row.question.part == "reported"])

    @property
    def bank_questions(self) -> BankQuestions:
        """BANKING77's."""
        model = made_up.CharacterEncoder.__name__ if self.quick else DEFAULT_MODEL
        return BankQuestions(self.data, self.cache, self.encoder, model)


def drafts_part(material: Material) -> dict[str, Any]:
    """AUROC and the like of each signal and of the score."""
    return drafts_measured.measured(
        material.drafts, "reported", 50 if material.quick else RESAMPLES
    )


def samples_part(material: Material) -> dict[str, Any]:
    """What further samples pay."""
    asked = [one for one in material.questions if one.part == "reported"]
    resamples = 50 if material.quick else RESAMPLES
    return samples.measured(asked, material.replies, material.encoder, resamples)


def labels_part(material: Material) -> dict[str, Any]:
    """Labels needed by each strategy."""
    seeds = 1 if material.quick else labels.SEEDS
    others = peers.strategies() if material.peers else {}
    return labels.measured(material.bank_questions.reported(), seeds, _note, others)


def duplicates_part(material: Material) -> dict[str, Any]:
    """Near-copies among the first tasks shown."""
    return duplicates.measured(material.bank_questions.reported())


def rescoring_part(material: Material) -> dict[str, Any]:
    """What ranking many waiting tasks costs."""
    return rescoring.measured(200, 60) if material.quick else rescoring.measured(10_000, 1_000)


def project_part(material: Material) -> dict[str, Any]:
    """A simulated expert, the order learning from the work."""
    return project.measured(material.reported, 1 if material.quick else project.PROJECTS)


def estimates_part(material: Material) -> dict[str, Any]:
    """Whether intervals of what is left hold the truth."""
    return estimates.measured(material.reported, 5 if material.quick else estimates.PROJECTS)


PARTS: Mapping[str, Callable[[Material], dict[str, Any]]] = {
    "drafts": drafts_part,
    "samples": samples_part,
    "labels": labels_part,
    "duplicates": duplicates_part,
    "rescoring": rescoring_part,
    "project": project_part,
    "estimates": estimates_part,
}
# parts that need replies
OF_DRAFTS = ("drafts", "samples", "project", "estimates")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables, or one JSON object of named figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the real data")
    parser.add_argument(
        "--cache",
        "--replies",
        type=Path,
        default=cache_dir() / "benchmarks" / "ranking",
        help="folder of replies and vectors (%(default)s)",
    )
    parser.add_argument("--draw", action="store_true", help="draw missing replies, and end")
    parser.add_argument("--develop", action="store_true", help="development questions only")
    parser.add_argument("--only", choices=list(PARTS), action="append", help="repeatable")
    parser.add_argument("--peers", action="store_true", help="of scikit-activeml, in labels")
    parser.add_argument("--pictures", type=Path, help="folder that gets the figures as pictures")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="made-up data, in seconds")
    asked = parser.parse_args(arguments)
    if not asked.quick and not asked.data.is_dir():
        print(f"{asked.data}: no such folder, so nothing is measured; --data names it")
        return 0
    if asked.draw:
        draw_missing(in_drawing_order(asked.data), asked.cache / FILE, _note)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        material = _material(asked, Path(folder))
        if asked.develop:
            develop(material)
            return 0
        figures = measure(material, asked.only or list(PARTS))
    if asked.pictures:
        pictures.write(figures, asked.pictures)
    if asked.json:
        print(json.dumps(figures))
    else:
        tables.show(figures)
    return 0


def _material(asked: argparse.Namespace, folder: Path) -> Material:
    if not asked.quick:
        return Material(asked.data, asked.cache, peers=asked.peers)
    made_up.write_all(folder)
    quick = Material(folder, folder, quick=True, encoder=made_up.CharacterEncoder)
    return replace(quick, peers=asked.peers)


def measure(material: Material, parts: Sequence[str]) -> dict[str, Any]:
    """Every figure of some parts, by name; the named ones are None where they can't be told yet."""
    found: dict[str, Any] = {}
    for name in parts:
        _note(f"measuring {name}")
        if name in OF_DRAFTS and len(material.reported) < project.EVERY:
            _note(f"too few replies in {material.cache / FILE}; --draw draws them")
            continue
        found[name] = PARTS[name](material)
    return {
        "auroc": _at(found, "drafts", "gsm8k", "by_score", "score", "auroc", "value"),
        "label_saving": _at(found, "labels", "label_saving"),
        "near_duplicates_top50": _at(found, "duplicates", "near_duplicates_top50"),
        "edits_in_first_half": _at(found, "project", "edits_in_first_half", "value"),
        "rescore_cpu_s": _at(found, "rescoring", "cpu_s"),
        "quick": material.quick,
        **found,
    }


def develop(material: Material) -> None:
    """Print what the prior's speakers may be chosen by."""
    sets = {kind: material.drafts.of(kind, "dev") for kind in SETS}
    usable = {kind: drafts for kind, drafts in sets.items() if drafts.can_be_ordered}
    for kind, drafts in usable.items():
        singles = {name: round(value, 3) for name, value in single_signals(drafts).items()}
        said = {"questions": len(drafts), "right": round(float(1 - drafts.wrong.mean()), 3)}
        told = round(auroc(drafts.scores, drafts.wrong), 3)
        print(json.dumps({kind: {**said, "auroc": {"score": told, **singles}}}))
    needed = labels.measured(material.bank_questions.development(), 1 if material.quick else 3)
    print(json.dumps({"labels": {name: needed[name]["labels"] for name in labels.STRATEGIES}}))
    if usable:
        print(json.dumps({"speakers": speakers(list(usable.values()))}))


def _at(found: Mapping[str, Any], *path: str) -> Any:
    value: Any = found
    for name in path:
        value = (value or {}).get(name)
    return value


def _note(said: str) -> None:
    print(f"ranking: {said}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
