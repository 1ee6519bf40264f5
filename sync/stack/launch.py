"""`labeltune up` from its checks to its end."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import click
import httpx

from sync.common.errors import StackError
from sync.common.terminal import progress
from sync.intake.services.served_models import check_served
from sync.settings import LLMSection, load
from sync.stack import label_studio
from sync.stack.console import Ready, byte_progress, spinner
from sync.stack.credentials import StackCredentials, prepare, read_dotenv, users_key
from sync.stack.download import missing_bytes, model_path
from sync.stack.folders import cache_dir, state_folder
from sync.stack.preflight import require_all_free, require_disk, require_endpoint
from sync.stack.processes import children, service_environment
from sync.stack.readiness import Probe, wait_until_ready
from sync.stack.running import RunningStack, announced, environment_notes
from sync.stack.sample import push_sample, write_sample_files
from sync.stack.session import Session
from sync.stack.settings import Settings, UpOptions, read_project_file, resolve
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
        executable, model_file = _fetch(settings)
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
            click.echo(note, err=True)
        table = children(settings, credentials, state, executable, model_file, os.environ)
        with_sample = is_ours and (options.sample or file is not None)
        if with_sample:
            write_sample_files(options.config_file, settings)
        try:
            with (
                announced(_running(folder, settings)),
                Session(table, state, dict(os.environ)) as session,
            ):
                if with_sample and settings.local_model is not None:
                    guidelines = load(options.config_file).guidelines_text()
                    warm_up(settings.llm_url, settings.llm_model, credentials.llm_key, guidelines)
                _wait(settings, credentials, session)
                os.environ.update(service_environment(settings, credentials, os.environ))
                announce(_ready(options, settings, credentials, session.logs, is_ours=is_ours))
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
    require_all_free(ports)
    if settings.local_model is None:
        served = require_endpoint(settings.llm_url, users_llm_key)
        llm = LLMSection(base_url=settings.llm_url, model=settings.llm_model)
        if said := check_served(llm, served, refuse=True):
            click.echo(f"Note: {said}", err=True)
    if needed:
        require_disk(cache_dir(), needed)


def _fetch(settings: Settings) -> tuple[Path, Path | None]:
    """Label Studio's command and the local model's file, installed and fetched if missing."""
    if label_studio.is_installed():
        executable = label_studio.label_studio_executable()
    else:
        with spinner(f"Installing Label Studio {label_studio.VERSION}, once, a minute or two"):
            executable = label_studio.label_studio_executable()
    if settings.local_model is None:
        return executable, None
    if missing_bytes(settings.local_model):
        click.echo(f"Fetching the model {settings.local_model.name}, once.", err=True)
    with byte_progress() as bars:
        return executable, model_path(settings.local_model, bars)


def _running(folder: Path, settings: Settings) -> RunningStack:
    return RunningStack(
        str(folder),
        settings.label_studio_url,
        settings.backend_url,
        settings.llm_url,
        settings.llm_model,
    )


def _wait(settings: Settings, credentials: StackCredentials, session: Session) -> None:
    """Wait for all parts and check that Label Studio knows our key."""
    probes = [Probe("Label Studio", f"{settings.label_studio_url}/health")]
    if settings.local_model is not None:
        probes.append(Probe("model", settings.llm_url.removesuffix("/v1") + "/health"))
    probes.append(Probe("backend", f"{settings.backend_url}/health"))

    def line(ready: Mapping[str, bool]) -> str:
        return " · ".join(f"{title} {'ready' if ok else 'waiting'}" for title, ok in ready.items())

    with spinner("Starting " + ", ".join(probe.title for probe in probes)) as change:
        wait_until_ready(probes, session.check, lambda ready, _: change(line(ready)))
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


def _ready(
    options: UpOptions,
    settings: Settings,
    credentials: StackCredentials,
    logs: Path,
    *,
    is_ours: bool,
) -> Ready:
    """Push the sample if it is wanted here, and say what there is."""
    command = _command()
    steps: tuple[str, ...] = (f"{command} push FILE.jsonl", f"{command} status")
    if not options.config_file.exists():
        steps = (f"{command} init", *steps)
    report = None
    if options.sample and is_ours:
        with progress() as bars:
            report = push_sample(options.config_file, bars)
        steps = (
            "open the project and press “Label All Tasks”; drafts arrive one after the other",
            f"{command} status    (in another terminal, in this folder)",
            f"{command} pull      after the first tasks are done",
        )
    elif not is_ours:
        click.echo("labeltune.toml is your own, so the sample was not imported.", err=True)
    return Ready(
        url=settings.label_studio_url,
        username=credentials.username,
        password=credentials.password,
        project_id=report.project_id if report else None,
        project_url=report.url if report else None,
        tasks=report.tasks if report else None,
        model=settings.llm_model,
        model_url=settings.llm_url,
        logs=logs,
        next_steps=steps,
    )


def _command() -> str:
    """What to type for `labeltune` in this folder; not every virtual environment is activated."""
    if which("labeltune"):
        return "labeltune"
    script = Path(sys.executable).with_name("labeltune")
    folder = Path.cwd()
    return str(script.relative_to(folder) if script.is_relative_to(folder) else script)


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
