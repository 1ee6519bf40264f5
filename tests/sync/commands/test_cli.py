"""The command line: exit statuses, one line on stderr, never a traceback."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import click
import pytest

from connectors.errors import EmbeddingError, LabelStudioError, LLMError
from label_configs import LabelConfigError
from sync import cli
from sync.common.errors import ConfigError
from tests.ml_backend.http_double import unused_url
from tests.running import clean_environment, labeltune


@dataclass(frozen=True)
class Ended:
    """A command that ended."""

    status: int | str | None
    out: str
    err: str

    def sentence(self, status: int = 1) -> str:
        """The one line that a user gets."""
        assert self.status == status
        assert self.out == ""
        assert self.err.startswith("labeltune: ")
        assert self.err.count("\n") == 1
        return self.err.removeprefix("labeltune: ").strip()


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run `labeltune` in this process, in an empty folder, without the machine's settings."""
    for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY", "OPENAI_BASE_URL", "LABELTUNE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run_here(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["labeltune", *arguments])
        with pytest.raises(SystemExit) as leaving:
            cli.main()
        out, err = capsys.readouterr()
        return Ended(leaving.value.code, out, err)

    return run_here


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Callable[[], None]], None]]:
    """Register a verb named `probe` as any other: a line in VERBS, a module with `command`."""
    module = ModuleType("sync.commands.probe")
    monkeypatch.setitem(cli.VERBS, "probe", "Probe.")
    monkeypatch.setitem(sys.modules, module.__name__, module)

    def register(body: Callable[[], None]) -> None:
        module.command = click.command("probe")(body)  # type: ignore[attr-defined]

    return register


# --- 0


def test_help_lists_every_verb(run: Run) -> None:
    ended = run("--help")
    assert (ended.status, ended.err) == (0, "")
    for name, line in cli.VERBS.items():
        assert name in ended.out
        assert line.split()[0] in ended.out


@pytest.mark.parametrize("name", cli.VERBS)
def test_every_verb_has_help_with_an_example(run: Run, name: str) -> None:
    for flag in ("--help", "-h"):
        ended = run(name, flag)
        assert (ended.status, ended.err) == (0, "")
        assert f"Usage: labeltune {name}" in ended.out
        assert "Example" in ended.out
        assert "--json" in ended.out


def test_version(run: Run) -> None:
    ended = run("--version")
    assert ended.status == 0
    assert ended.out.startswith("labeltune ")


def test_a_verb_that_does_its_work(run: Run, verb: Callable[..., None]) -> None:
    verb(lambda: click.echo("done"))
    assert run("probe") == Ended(0, "done\n", "")


# --- 1


@pytest.mark.parametrize(
    "error",
    [
        ConfigError("labeltune.toml: no such file"),
        LabelConfigError("a.xml: no TextArea named 'response'"),
        LabelStudioError("Label Studio can't be reached", 401),
        LLMError("the model did not answer in time"),
        EmbeddingError("the embedding model can't be loaded"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_known_error_is_its_sentence(
    run: Run, verb: Callable[..., None], error: Exception
) -> None:
    verb(lambda: raising(error))
    assert run("probe").sentence() == str(error)


def raising(error: BaseException) -> None:
    raise error


def test_an_unexpected_error_is_one_line_too(run: Run, verb: Callable[..., None]) -> None:
    verb(lambda: raising(RuntimeError("oops")))
    said = run("probe").sentence()
    assert said.startswith("unexpected RuntimeError: oops; set LABELTUNE_DEBUG=1")
    assert "Traceback" not in said


def test_where_it_happened_is_told_on_request(
    run: Run, verb: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    verb(lambda: raising(RuntimeError("oops")))
    monkeypatch.setenv("LABELTUNE_DEBUG", "1")
    with pytest.raises(RuntimeError, match="oops"):
        run("probe")


def test_an_interrupt(run: Run, verb: Callable[..., None]) -> None:
    verb(lambda: raising(KeyboardInterrupt()))
    ended = run("probe")
    assert ended.status == 1
    assert ended.err.strip().startswith("labeltune: interrupted; nothing is lost")


def test_no_configuration(run: Run) -> None:
    Path("a.jsonl").write_text('{"prompt": "a"}')
    assert run("push", "a.jsonl").sentence().startswith("labeltune.toml: no such file; run `label")
    assert run("push", "a.jsonl", "--config", "b.toml").sentence().startswith("b.toml: no such")


def test_no_key(run: Run) -> None:
    Path("labeltune.toml").touch()
    Path("a.jsonl").write_text('{"prompt": "a"}')
    assert run("push", "a.jsonl").sentence().startswith("no Label Studio key: set LABEL_STUDIO_A")


@pytest.fixture
def configured(run: Run) -> None:
    """A configuration whose Label Studio does not answer: every request would fail."""
    Path("labeltune.toml").write_text(f"[label_studio]\nurl = '{unused_url()}'")
    Path(".env").write_text("LABEL_STUDIO_API_KEY=0123456789abcdef0123456789abcdef01234567")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"prompt": "a"}\n{"prompt": \n', "a.jsonl, line 2: not JSON (Expecting value at column"),
        ('{"id": 1}\n', "a.jsonl, line 1: needs one of 'messages' (chat), 'conversations' (Shar"),
        (
            '{"prompt": "a"}\n\n{"messages": [{"role": "assistant", "content": "b"}]}\n',
            "a.jsonl, line 3: no turn is the user's, so nothing is answered; add one",
        ),
    ],
)
def test_an_unreadable_line_is_found_before_anything_is_sent(
    run: Run, configured: None, content: str, said: str
) -> None:
    Path("a.jsonl").write_text(content)
    assert run("push", "a.jsonl").sentence().startswith(said)


def test_an_unknown_interface(run: Run, configured: None) -> None:
    with Path("labeltune.toml").open("a") as file:
        file.write("\ninterface = 'chat_respnse'")
    Path("a.jsonl").write_text('{"prompt": "a"}')
    assert run("push", "a.jsonl").sentence().endswith("did you mean 'chat_response'?")


# --- 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("psuh",), "No such command 'psuh'"),
        (("--no-such",), "No such option"),
        (("push",), "Missing argument 'SOURCES...'"),
        (("push", "a.jsonl", "--no-such"), "No such option"),
        (("push", "a.jsonl", "--config"), "requires an argument"),
        ((), "Usage: labeltune"),
    ],
)
def test_usage(run: Run, arguments: tuple[str, ...], said: str) -> None:
    ended = run(*arguments)
    assert (ended.status, ended.out) == (2, "")
    assert said in ended.err
    assert "Traceback" not in ended.err


# --- 3


def test_a_verb_s_own_status(run: Run, verb: Callable[..., None]) -> None:
    """As `check --fail-on` ends."""
    verb(lambda: sys.exit(3))
    assert run("probe").status == 3


# --- as a process


def test_as_a_user_runs_it(tmp_path: Path) -> None:
    done = labeltune(tmp_path, "push", "missing.jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "labeltune: labeltune.toml: no such file; run `labeltune init` here, "
        "or name one with --config\n"
    )


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    """A verb's module is imported when it is called."""
    code = (
        "import sys; sys.argv = ['labeltune', '--help']\n"
        "from sync.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'sklearn', 'pyarrow', 'deltalake', 'label_studio_sdk', 'openai'}\n"
        "print('heavy:', *sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "heavy:"


def test_every_module_of_commands_is_a_verb() -> None:
    modules = {path.stem for path in (Path(cli.__file__).parent / "commands").glob("*.py")}
    assert modules - {"__init__", "common"} == cli.VERBS.keys()
