"""Our checks of a label config against the page itself: it refuses what we refuse."""

import re

import pytest
from playwright.sync_api import Page, expect

from label_configs import LabelConfigError, config_xml
from tests.running import Up

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

# what the page says instead of showing the task
ERROR = re.compile("Not expecting tag|No matching type|is required for")
PANEL = (
    '<View><Text name="t" value="$x"/><Rating name="r" toName="t"/>'
    '<Collapse><Panel value="p">{}</Panel></Collapse></View>'
)
TABLE = '<View><Text name="t" value="$x"/><Rating name="r" toName="t"/><Table {}value="$c"/></View>'


@pytest.mark.parametrize(
    ("refused", "accepted"),
    [
        (
            PANEL.format('<Markdown value="$x"/>'),
            PANEL.format('<View><Markdown value="$x"/></View>'),
        ),
        (TABLE.format(""), TABLE.format('name="facts" ')),
    ],
    ids=["markdown-in-panel", "table-without-name"],
)
def test_the_page_agrees(refused: str, accepted: str, up: Up, page: Page) -> None:
    client = up.label_studio
    for xml, is_refused in ((refused, True), (accepted, False)):
        if is_refused:
            with pytest.raises(LabelConfigError):
                config_xml.parse(xml)
        else:
            config_xml.parse(xml)
        project = client.create_project({"title": "structure", "label_config": xml})
        client.import_tasks(project["id"], [{"data": {"x": "Text.", "c": {"a": "b"}}}])
        (task,) = (t for p in client.task_pages(project["id"]) for t in p.tasks)
        page.goto(f"{up.label_studio_url}/projects/{project['id']}/data?task={task['id']}")
        if is_refused:
            expect(page.get_by_text(ERROR).first).to_be_visible(timeout=60_000)
        else:
            shown = page.locator(".lsf-object").get_by_text("Text.")
            expect(shown.first).to_be_visible(timeout=60_000)
            expect(page.get_by_text(ERROR)).to_have_count(0)
        client.delete_project(project["id"])
