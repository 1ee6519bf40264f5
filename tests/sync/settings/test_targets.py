"""`[targets]` and `[mix]`: a fault is one sentence with the key and the nearest name."""

from pathlib import Path

import pytest

from sync.common.errors import ConfigError
from sync.settings import Config
from sync.settings.targets import LengthKindSection
from tests.sync.coverage.planted import CATEGORIES, configured

TOTAL = '\n[targets]\ntotal = 90\ndimensions = ["topic", "complexity"]\n'
CELL = '[[targets.cells]]\ntopic = "fees"\ncomplexity = "nuanced"\ncount = 60\n'


def test_nothing_is_wanted_by_default() -> None:
    targets = Config().targets
    assert not targets.wants
    assert targets.cell_dimensions == ()
    assert targets.length.labels == ("short", "medium", "long")


def test_dimensions_are_those_that_are_named(tmp_path: Path) -> None:
    config = configured(
        tmp_path, f"[targets]\ntotal = 90\n[targets.shares.complexity]\nnuanced = 0.5\n{CELL}"
    )
    assert config.targets.cell_dimensions == ("complexity", "topic")
    (cell,) = config.targets.cells
    assert (cell.labels, cell.count) == ({"topic": "fees", "complexity": "nuanced"}, 60)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[targets]\ntotal = 9\ndimensions = ["topics"]',
            "targets.dimensions: no kind of category 'topics'; did you mean 'topic'?",
        ),
        (
            f"{TOTAL}[targets.shares.topic]\nfee = 0.5",
            "targets.shares.topic: topic has no label 'fee'; did you mean 'fees'?",
        ),
        (
            f"{TOTAL}[targets.shares.topc]\nfees = 0.5",
            "targets: 'topc' is none of the dimensions (did you mean 'topic'?)",
        ),
        (
            f"{TOTAL}{CELL.replace('nuanced', 'nuance')}",
            "targets.cells, number 1: complexity has no label 'nuance'; did you mean 'nuanced'?",
        ),
        (
            f"{TOTAL}{CELL.replace('60', '6')}{CELL.replace('60', '7')}",
            "targets.cells, number 2: fees × nuanced has a count already; remove one",  # noqa: RUF001
        ),
        (
            f'{TOTAL}[[targets.cells]]\ntopic = "fees"\ncount = 1',
            "targets.cells, number 1: needs one label of each of topic, complexity, and lacks",
        ),
        (
            f"{TOTAL}{CELL}length = 'short'",
            "targets.cells, number 1: needs one label of each of topic, complexity, and has",
        ),
        (f"{TOTAL}{CELL.replace('count = 60', '')}", "targets.cells.0: it needs a count"),
        (f"{TOTAL}{CELL.replace('60', '91')}", "targets: the cells want 91 in all, more than"),
        (
            f"{TOTAL}minimum = 11",
            "targets.minimum: 11 in each of 9 cells make 99 with the exact counts, more than",
        ),
        (f"{TOTAL}[targets.shares.topic]\nfees = 0.6\ncards = 0.6", "targets.shares.topic: the"),
        (
            f"{TOTAL}[targets.shares.topic]\nfees = 0.1\ncards = 0.1\nlending = 0.1",
            "targets.shares.topic: the shares add up to 0.3, and must to 1",
        ),
        (f'{TOTAL}weighting = "impact"', 'targets: weighting = "impact" needs a table such as'),
        (f"{TOTAL}[targets.impact.topic]\nfees = 2.0", "targets: impact is ignored with weighti"),
        (
            "[targets.shares.topic]\nfees = 0.5",
            "targets: shares and weighting need a total to share out; set targets.total",
        ),
        ("[targets]\ntotal = 5", "targets: it is not said of what; set dimensions"),
        (
            '[targets]\ntotal = 5\ndimensions = ["topic", "topic"]',
            "targets: dimensions names 'topic' twice",
        ),
        (
            "[targets.length]\nup_to = { short = 9, medium = 5 }",
            "targets.length: up_to must rise from label to label, found [9, 5]; sort it",
        ),
        ("[targets.length]\nbeyond = 'short'", "targets.length: beyond = 'short' is a label of"),
        ("[targets]\ntotl = 5", "unknown key 'targets.totl'; did you mean 'total'?"),
        ("[mix]\nfile = ['a']", "unknown key 'mix.file'; did you mean 'files'?"),
        ("[mix]\nfiles = ['a', 'a']", "mix: files names one twice; once is enough"),
        ("[mix]\nshare = 1.0", "mix.share: input should be less than or equal to 0.9 (found 1.0)"),
    ],
)
def test_a_fault_is_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(tmp_path, text)
    sentence = str(caught.value).removeprefix(f"{tmp_path / 'labeltune.toml'}: ")
    assert sentence.startswith(said)
    assert "\n" not in sentence


def test_too_many_cells_are_refused(tmp_path: Path) -> None:
    many = ", ".join(f'"{i}"' for i in range(150))
    kinds = f"[categories.a]\nlabels = [{many}]\n[categories.b]\nlabels = [{many}]\n"
    with pytest.raises(ConfigError, match="a, b make 22500 cells, more than 20000; combine fewer"):
        configured(tmp_path, f'{kinds}[targets]\ntotal = 5\ndimensions = ["a", "b"]', "")


def test_a_category_of_ones_own_may_be_called_length(tmp_path: Path) -> None:
    own = f'{CATEGORIES}[categories.length]\nlabels = ["brief", "epic"]\n'
    config = configured(tmp_path, "[targets]\ntotal = 9\n[targets.shares.length]\nepic = 0.5", own)
    assert config.targets.cell_dimensions == ("length",)


def test_labels_of_a_length_are_in_order() -> None:
    section = LengthKindSection(
        up_to={"tweet": 280, "page": 3000}, beyond="book", unit="characters"
    )
    assert section.labels == ("tweet", "page", "book")
