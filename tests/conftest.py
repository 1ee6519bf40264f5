"""A real stack for the tests that need one: what `labeltune up` starts, with the small model."""

from collections.abc import Callable, Generator, Iterator

import hypothesis
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.running import Up, start_up

# two cores are shared with other work: a slow example is no failure; and the same examples each
# time, so that a commit is not refused for what another has done. New ones are looked for with
# `make test ARGS=--hypothesis-profile=explore`, and what they find becomes an `@example`
_PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("explore", **_PATIENT)
hypothesis.settings.register_profile("commit", derandomize=True, max_examples=25, **_PATIENT)
hypothesis.settings.load_profile("commit")

# random moments that a commit is tried at
_AT_EACH_COMMIT = 8
WINDOW: ViewportSize = {"width": 1440, "height": 900}
# what uses one of these runs on one worker: they start once in a session
_SHARED = {"up": "stack", "browser": "stack"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the second tier be asked for."""
    parser.addoption(
        "--thorough",
        action="store_true",
        help="run what takes long as well, kill at many more moments, look for new examples",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Look for new examples in the second tier, unless a profile is named."""
    if config.getoption("--thorough") and not config.getoption("--hypothesis-profile"):
        hypothesis.settings.load_profile("explore")


@pytest.hookimpl(wrapper=True)  # before xdist reads the groups
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """Leave the second tier out unless asked for; keep together what shares what it starts.

    Workers take whole groups: all that needs the stack, which begins first since it takes longest,
    and else a file's tests.
    """
    if not config.getoption("--thorough"):
        left_out = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=lambda item: _group(item) not in _SHARED.values())
    return (yield)


def _group(item: pytest.Item) -> str:
    used = getattr(item, "fixturenames", ())
    shared = next((group for name, group in _SHARED.items() if name in used), None)
    return shared or item.nodeid.partition("::")[0]


@pytest.fixture(scope="session")
def often(pytestconfig: pytest.Config) -> Callable[[int], int]:
    """How often to try at random: `often(50)` is 50 in the second tier, and 8 at each commit."""
    thorough = pytestconfig.getoption("--thorough")
    return lambda most: most if thorough else min(most, _AT_EACH_COMMIT)


@pytest.fixture(scope="session")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One stack for the whole session: Label Studio, SmolLM2, backend, worker; no sample."""
    running = start_up(tmp_path_factory.mktemp("up"), "--no-sample")
    yield running
    status = running.stop()
    assert status == 0, f"labeltune up ended with {status}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def logged_in(browser: Browser, up: Up) -> Iterator[BrowserContext]:
    """The windows of somebody who logged in to the stack's Label Studio."""
    context = browser.new_context(viewport=WINDOW)
    fresh = context.new_page()
    fresh.goto(f"{up.label_studio_url}/user/login/")
    fresh.fill("input[name=email]", up.env["LABEL_STUDIO_USERNAME"])
    fresh.fill("input[name=password]", up.env["LABEL_STUDIO_PASSWORD"])
    fresh.click("button[type=submit]")
    fresh.wait_for_url(lambda url: "/user/login" not in url)
    yield context
    context.close()


@pytest.fixture
def page(logged_in: BrowserContext, up: Up) -> Iterator[Page]:
    """A page that is logged in to the stack's Label Studio.

    It is the same page for all tests, left as it was found: a new one would load and compile the
    whole of Label Studio again, which takes twice as long as to open a task.
    """
    page = logged_in.pages[0] if logged_in.pages else logged_in.new_page()
    yield page
    try:
        _leave(page, up)
    except PlaywrightError:
        page.close()


def _leave(page: Page, up: Up) -> None:
    """Take away what a test may have left: what it showed, kept, sized and pointed at."""
    for other in page.context.pages[1:]:
        other.close()
    page.unroute_all()
    page.goto(f"{up.label_studio_url}/health")
    page.evaluate("localStorage.clear(), sessionStorage.clear()")
    page.set_viewport_size(WINDOW)
    page.emulate_media(media="null", color_scheme="null", reduced_motion="null")
    page.mouse.move(0, 0)
