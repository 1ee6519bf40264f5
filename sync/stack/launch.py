"""`labeltune up` from its checks to its end."""

import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
import httpx
from rich.progress import Progress

from sync.common.errors import StackError
from sync.intake.push import PushReport
from sync.intake.services.served_models import check_served
from sync.settings import LLMSection, load
from sync.stack import label_studio
from sync.stack.console import Ready, ready
from sync.stack.credentials import StackCredentials, prepare, read_dotenv, users_key
from sync.stack.download import missing_bytes
from sync.stack.empty_database import copy_database, needs_database
from sync.stack.fetching import fetch
from sync.stack.first_drafts import drafting_of, follow, wait_for_first
from sync.stack.folders import cache_dir, state_folder
from sync.stack.llm_server import SLOT_FOLDER
from sync.stack.preflight import require_all_free, require_disk, require_endpoint
from sync.stack.processes import children, service_environment
from sync.stack.readiness import Probe, wait_until_ready
from sync.stack.running import RunningStack, announced, environment_notes, running_stacks
from sync.stack.sample import push_sample, write_sample_files
from sync.stack.session import Session
from sync.stack.settings import Settings, UpOptions, read_project_file, resolve
from sync.stack.stages import Stages
from sync.stack.warm_up import warm_up


def launch(options: UpOptions, announce: Callable[[Ready], None]) -> None:
    """Check, fetch, start, announce, and run until Ctrl-C or SIGTERM; then stop everything.

    Raises:
        StackError: a check failed (nothing was started), or a process died (all are stopped).
        ConfigError, SyncError, ConnectorError: `labeltune.toml` or the sample's push.
    """
    folder = options.config_file.resolve().parent
    file = read_project_file(options.config_file)
    settings = resolve(options, file, os.environ)
    kept = read_dotenv(folder)
    is_ours = file is None or file.is_sample
    with _interruptible(), state_folder(folder) as state:
        _check(settings, users_key(kept, os.environ))
        stages, data = Stages(), state / "label-studio"
        fetched = fetch(settings.local_model, stages, first_start=needs_database(data))
        copy_database(fetched.empty_database, data)
        credentials = prepare(
            folder,
            settings.label_studio_url,
            settings.backend_url,
            settings.llm_url,
            local_model=settings.local_model is not None,
            environ=os.environ,
        )
        notes = environment_notes(settings.label_studio_url, settings.llm_url, os.environ)
        for note in notes:
            stages.say(note)
        table = children(
            settings, credentials, state, fetched.executable, fetched.model_file, os.environ
        )
        if is_ours and (options.sample or file is not None):
            write_sample_files(options.config_file, settings)
        try:
            with (
                announced(_running(folder, settings)),
                Session(table, state, dict(os.environ)) as session,
            ):
                _begin(options, settings, credentials, session, stages, is_ours=is_ours)
                report = _sample(options, stages, is_ours=is_ours)
                with drafting_of(options.config_file) as look:
                    first = wait_for_first(look, session.wait_for, stages)
                    announce(ready(options, settings, credentials, session.logs, report, first))
                    if options.follow:
                        follow(look, session.wait_for)
                session.wait()
        except KeyboardInterrupt:
            click.echo(
                "Everything is stopped; `labeltune up` in this folder goes on where it was.",
                err=True,
            )


def _check(settings: Settings, users_llm_key: str | None) -> None:
    """Everything that can be known to go wrong, before anything is fetched or started."""
    needed = 0 if label_studio.is_installed() else label_studio.INSTALLED_BYTES
    ports = [
        (settings.port, "Label Studio", "--port"),
        (settings.backend_port, "the ML backend", "--backend-port"),
    ]
    if settings.local_model is not None:
        ports.append((settings.llm_port, "the local model", "--llm-port"))
        needed += missing_bytes(settings.local_model)
    require_all_free(ports, [stack.folder for stack in running_stacks()])
    if settings.local_model is None:
        served = require_endpoint(settings.llm_url, users_llm_key)
        llm = LLMSection(base_url=settings.llm_url, model=settings.llm_model)
        if said := check_served(llm, served, refuse=True):
            click.echo(f"Note: {said}", err=True)
    if needed:
        require_disk(cache_dir(), needed)


def _running(folder: Path, settings: Settings) -> RunningStack:
    return RunningStack(
        str(folder),
        settings.label_studio_url,
        settings.backend_url,
        settings.llm_url,
        settings.llm_model,
    )


def _begin(
    options: UpOptions,
    settings: Settings,
    credentials: StackCredentials,
    session: Session,
    stages: Stages,
    *,
    is_ours: bool,
) -> None:
    """Wait until all parts answer, and let this process work with them."""
    if is_ours and options.config_file.exists() and settings.local_model is not None:
        guidelines = load(options.config_file).guidelines_text()
        warm_up(
            settings.llm_url,
            settings.llm_model,
            credentials.llm_key,
            guidelines,
            session.state / SLOT_FOLDER,
        )
    _wait(settings, credentials, session, stages)
    os.environ.update(service_environment(settings, credentials, os.environ))


def _wait(
    settings: Settings, credentials: StackCredentials, session: Session, stages: Stages
) -> None:
    """Wait for all parts and check that Label Studio knows our key."""
    probes = [Probe("Label Studio", f"{settings.label_studio_url}/health")]
    if settings.local_model is not None:
        probes.append(Probe("model", settings.llm_url.removesuffix("/v1") + "/health"))
    probes.append(Probe("backend", f"{settings.backend_url}/health"))

    late: list[str] = []

    def show(ready: Mapping[str, bool], _: float) -> None:
        late[:] = [title for title, is_ready in ready.items() if not is_ready]

    title = "Starting " + ", ".join(probe.title for probe in probes)
    with stages.stage(title, lambda: f"waiting for {', '.join(late)}" if late else ""):
        wait_until_ready(probes, session.check, show)
    _require_key(settings.label_studio_url, credentials.api_key)


def _require_key(url: str, key: str) -> None:
    """Check that Label Studio, which keeps the key of its first start, takes the one in `.env`."""
    headers = {"Authorization": f"Token {key}"}
    try:
        with httpx.Client(timeout=30.0, trust_env=False) as client:
            status = client.get(f"{url}/api/current-user/whoami", headers=headers).status_code
    except httpx.HTTPError as error:
        raise StackError(f"{url}: Label Studio does not answer ({error})") from error
    if status != httpx.codes.OK:
        raise StackError(
            f"Label Studio refuses the key in .env ({status}): .labeltune/label-studio was made "
            "with another; put the old .env back, or remove .labeltune to begin anew (its "
            "annotations are lost then)"
        )


def _sample(options: UpOptions, stages: Stages, *, is_ours: bool) -> PushReport | None:
    """Push the sample where it is wanted; None where it is not."""
    if not is_ours:
        stages.say("labeltune.toml is your own, so the sample was not imported.")
        return None
    if not options.sample:
        return None
    counter = Progress(disable=True)

    def measure() -> str:
        if not counter.tasks:
            return ""
        last = counter.tasks[-1]
        of = "" if last.total is None else f" {last.completed:.0f} of {last.total:.0f}"
        return f"{last.description}{of}"

    with stages.stage("Importing the sample", measure):
        return push_sample(options.config_file, counter, options.learnt)


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM, and closing the terminal unless `nohup` bars it, end all as Ctrl-C does."""
    signals = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        signals.append(signal.SIGHUP)
    before = [signal.signal(number, signal.default_int_handler) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            if handler is not None:
                signal.signal(number, handler)
