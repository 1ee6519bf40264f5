"""What is missing is fetched side by side, and told in words."""

import re
import threading
import time
from pathlib import Path

import pytest
from rich.progress import Progress

from sync.common.errors import StackError
from sync.stack import label_studio
from sync.stack.fetching import bytes_fetched, side_by_side
from sync.stack.label_studio import InstallProgress


def test_jobs_run_at_the_same_time_and_give_back_in_order() -> None:
    both = threading.Barrier(2, timeout=10)

    def first() -> str:
        both.wait()
        time.sleep(0.05)
        return "first"

    def second() -> str:
        both.wait()
        return "second"

    assert side_by_side(first, second) == ["first", "second"]


def test_a_failure_is_told_though_another_still_runs() -> None:
    never = threading.Event()

    def fail() -> None:
        raise StackError("no network")

    began = time.monotonic()
    with pytest.raises(StackError, match="no network"):
        side_by_side(lambda: never.wait(20), fail)
    assert time.monotonic() - began < 10
    never.set()


def test_bytes_in_words() -> None:
    counter = Progress(disable=True)
    assert bytes_fetched(counter, 1_117_000_000) == "1,117 MB"
    task = counter.add_task("x", total=1_117_000_000)
    counter.advance(task, 300_000_000)
    assert bytes_fetched(counter, 1_117_000_000) == "300 of 1,117 MB"
    time.sleep(0.02)
    counter.advance(task, 12_000_000)
    counter.advance(task, 1)
    assert re.fullmatch(
        r"312 of 1,117 MB, [\d.]+ MB/s, about \d+ s left", bytes_fetched(counter, 1_117_000_000)
    )
    counter.advance(task, 805_000_000)
    assert bytes_fetched(counter, 1_117_000_000) == "1,117 MB, verifying"


def test_an_installation_in_words(cache: Path) -> None:
    clock = iter([0.0, 0.0, 30.0, 90.0]).__next__
    said = InstallProgress(clock)
    assert said() == "0 of 159 packages fetched"
    cache.mkdir(parents=True)
    log = cache / f"label-studio-{label_studio.VERSION}-install.log"
    names = "".join(f"Collecting package{n}\n  Downloading it\n" for n in range(53))
    log.write_text(f"WARNING: x\n{names}")
    assert said() == "53 of 159 packages fetched, about 5 s left"
    log.write_text(f"WARNING: x\n{names}Installing collected packages: package0, package1\n")
    installed = cache / f"label-studio-{label_studio.VERSION}" / "lib/python3.11/site-packages"
    for n in range(53):
        (installed / f"package{n}-1.0.dist-info").mkdir(parents=True)
    assert said() == "53 of 159 packages unpacked, about 15 s left"
    assert said() == "53 of 159 packages unpacked, about 45 s left"
