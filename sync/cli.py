"""The `labeltune` command: a table of verbs, each in its own module and imported when called.

Exit status: 0 done, 1 failed (one sentence on stderr), 2 usage, 3 findings above `--fail-on`.
"""

import atexit
import importlib
import logging
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

import click

from connectors.extras import MissingExtraError, told

# verb -> one-line help; the module sync.commands.<verb> holds a click command named `command`
VERBS: dict[str, str] = {
    "up": "Start Label Studio, a local model, the backend and a sample project.",
    "init": "Write a commented labeltune.toml.",
    "interfaces": "List the labeling interfaces; check a label config of your own.",
    "push": "Create or update the project and import tasks.",
    "pull": "Fetch what changed in Label Studio into the table.",
    "check": "Find label errors and contradictory answers.",
    "review": "Send doubtful and risky work to a second pair of eyes.",
    "report": "Write the last check as a page: is the set ready, and why not.",
    "gaps": "Count the work by category beside what is wanted; queue what is missing.",
    "rank": "Put waiting tasks into the order in which experts get them.",
    "split": "Share finished tasks out to train, validation and test.",
    "export": "Write fine-tuning files with a manifest.",
    "validate": "Check fine-tuning files, of anybody, against their readers' rules.",
    "diff": "Show what changed between two releases.",
    "finetune": "Tune a model on a release, here or at an endpoint.",
    "models": "List the tuned models and what each learned.",
    "restore": "Put redacted personal data back into an exported file.",
    "evaluate": "Show whether a tuned model is better, on held-out items alone.",
    "versions": "List the table's versions; take away what only old ones need.",
    "status": "Show where the project stands.",
}


class LazyGroup(click.Group):
    """A group that imports a verb's module only when that verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command: click.Command = importlib.import_module(f"sync.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with `labeltune up` in an empty folder, then `labeltune COMMAND --help`.",
)
@click.version_option(package_name="labeltune", message="labeltune %(version)s")
def cli() -> None:
    """Fine-tuning data from Label Studio: drafts in, expert work out, files that train."""


def main() -> NoReturn:
    """Run the command line; a known error becomes one line, never a traceback."""
    logging.basicConfig(
        level=os.environ.get("LABELTUNE_LOG", "WARNING").upper(),
        format="%(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )
    try:
        # without standalone mode click returns the code of ctx.exit()
        with told("labeltune"):
            status = cli.main(prog_name="labeltune", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("labeltune: interrupted; nothing is lost, run the same command again", err=True)
        sys.exit(1)
    except Exception as error:
        # it knows every interface, which `--help` need not wait for
        from sync.common.errors import USER_ERRORS

        if isinstance(error, MissingExtraError) and str(error).startswith("labeltune"):
            click.echo(str(error), err=True)
        elif isinstance(error, USER_ERRORS):
            click.echo(f"labeltune: {error}", err=True)
        elif os.environ.get("LABELTUNE_DEBUG"):
            raise
        else:
            click.echo(
                f"labeltune: unexpected {type(error).__name__}: {error}; "
                "set LABELTUNE_DEBUG=1 to see where, and please report it",
                err=True,
            )
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def run() -> NoReturn:
    """`main` as a process of its own.

    The interpreter is not taken apart at the end. Arrow's threads may still hold memory of
    Python's then (of a Parquet file that was read through a Python file object), and one that
    gives it back once the interpreter has gone aborts the process: status 134, all work done.
    What the interpreter does first, threads joined and exit handlers called, is done here, too.
    """
    try:
        main()
    except SystemExit as leaving:
        status = leaving.code
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # whoever read it has gone
            stream.flush()
    os._exit(status if isinstance(status, int) else 0)
