"""Take the pictures of docs/ in both themes: each interface's example with a draft, and the table.

The table is that of the project that the configuration names, as it stands.

Run `python -m tests.e2e.pictures --config DEMO/labeltune.toml` beside `labeltune up` in DEMO.
"""

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from playwright.sync_api import Page, sync_playwright

import label_configs
from connectors.label_studio import LabelStudio
from label_configs.chat_response import ChatResponse
from label_configs.content import ToolCall
from label_configs.queue_fields import QUEUE_NOTE
from sync import settings as configuration
from sync.intake.push.project_views import ALL_TASKS, MARK, UNCERTAIN
from sync.settings.categories import STANDARD
from tests.e2e.drafts import drafted
from tests.e2e.opened import SETTLED, choose, open_task
from tests.running import Up

IMAGES = Path(__file__).parents[2] / "docs" / "images"
THEMES = ("light", "dark")


def _mark_steps(page: Page) -> None:
    for number, verdict in enumerate(("correct", "wrong", "doubtful")):
        choose(page.locator(".lt-step").nth(number), verdict)


def _mark_error(page: Page) -> None:
    for each in ("1 correct", "2 wrong"):
        _judge(page, each)
    page.locator(".lt-act-line").nth(1).click()
    better = 'Debit, not credit.\nblock_card({"card": "4021"})'
    page.locator(".lt-betters textarea").fill(better)
    page.locator(".lt-context").click()


def _judge(page: Page, choice: str) -> None:
    """Choose it until it stays chosen: Label Studio builds the page twice and forgets."""
    box, stays = page.locator(f"input[name='{choice}']"), 0
    while stays < 3:
        if box.is_checked():
            stays += 1
        else:
            page.locator(f"label:has(input[name='{choice}']) .lt-mark").click()
            stays = 0
        page.wait_for_timeout(500)


# of docs/categories.md: an interface that shows all of itself at this size
WITH_CATEGORIES = "preference"
CHOSEN = {"query_type": "factual", "complexity": "straightforward", "user_expertise": "novice"}

# one picture of chat_response without its draft
UNDRAFTED = "undrafted"

# a task with much to read, and a draft to match it
LONG_TASK: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "You answer customers of a bank."},
        {
            "role": "user",
            "content": "I froze my card on Friday evening, and on Saturday I was still charged "
            "GBP 23.40 by a petrol station in Leeds.",
        },
        {
            "role": "assistant",
            "content": "I am sorry to hear that. **Was the payment made before or after the "
            "freeze?** The app shows both times under *Payments*.",
        },
        {
            "role": "user",
            "content": "After it: frozen at 18:10, paid at 09:42 the next day. Will I be refunded, "
            "and what does a new card cost? I travel on Thursday.",
        },
    ],
    "context": {
        "customer_tier": "Plus",
        "country": "United Kingdom",
        "customer_since": "2019",
        "card": "Visa debit, frozen 3 April, 18:10",
        "open_disputes": "none",
        "channel": "chat in the app",
        "address": "confirmed in February",
    },
    "documents": [
        {
            "title": "Fee schedule, April",
            "text": "| Plan | New card | Courier |\n|---|---|---|\n"
            "| Standard | GBP 5.00 | GBP 8.00 |\n"
            "| Plus | GBP 5.00 | free |\n| Premium | free | free |",
        },
        {
            "title": "Payments after a freeze",
            "text": "What was paid after the freeze is refunded within one working day. "
            "Petrol stations may book offline: check the time of the payment.",
        },
    ],
}
LONG_DRAFT = (
    "Thank you for checking the times, that settles it.\n\n"
    "**The payment of GBP 23.40** was made after you froze the card, so you will not pay for it. "
    "We refund it within one working day. You need not do anything; petrol stations sometimes book "
    "without asking us first, and that is our risk, not yours.\n\n"
    "**A new card** costs GBP 5.00 on your plan. By post it takes 3 to 5 working days, which may "
    "be too late for Thursday. Courier is free on Plus, so please choose it:\n\n"
    "1. Open *Cards* in the app and choose *Replace card*.\n"
    "2. Confirm your address; it was last confirmed in February.\n"
    "3. Choose *Courier*. If you order today, the card is with you on Wednesday.\n\n"
    "Until then, the card in your phone's wallet works as soon as you have ordered. If the refund "
    "has not arrived by Wednesday evening, write to us here and we look at it at once."
)

# a picture of chat_response where the answer calls tools
CALLING = "chat_response_tools"


def _tool(name: str, does: str, **arguments: str) -> dict[str, Any]:
    asked = {each: {"type": "string", "description": said} for each, said in arguments.items()}
    schema = {"type": "object", "properties": asked, "required": list(asked)}
    return {
        "type": "function",
        "function": {"name": name, "description": does, "parameters": schema},
    }


CALLING_TASK: dict[str, Any] = {
    "messages": [
        {"role": "system", "content": "You answer customers of a bank."},
        {"role": "user", "content": "My wallet is gone! Which of my cards work abroad?"},
        {
            "role": "assistant",
            "content": "Let me look at your cards.",
            "reasoning_content": "Only the account knows which cards there are.",
            "tool_calls": [
                {
                    "id": "call_1",
                    "type": "function",
                    "function": {
                        "name": "account_of",
                        "arguments": '{"customer": "C-1042", "parts": ["cards", "plan"]}',
                    },
                }
            ],
        },
        {
            "role": "tool",
            "tool_call_id": "call_1",
            "content": '{"plan": "Plus", "cards": [{"id": "K-1", "abroad": true}]}',
        },
        {"role": "assistant", "content": "One of them: your debit card **K-1**."},
        {"role": "user", "content": "Freeze it, please. What does a new one cost?"},
    ],
    "context": {"customer_tier": "Plus"},
    "tools": [
        _tool("account_of", "What the bank knows of a customer.", customer="Its number"),
        _tool("freeze_card", "Freezes a card at once.", card="Its number", reason="Why"),
        _tool("fee_of", "The fee as of today.", item="What is paid for", plan="The customer's"),
    ],
}
CALLING_DRAFT = ChatResponse(
    "I freeze it now and look the fee up.",
    calls=(
        ToolCall("freeze_card", '{"card": "K-1", "reason": "lost"}'),
        ToolCall("fee_of", '{"item": "new card", "plan": "Plus"}'),
    ),
    reasoning="The card comes first, then the fee of the customer's plan.",
)

# a picture of chat_response whose page says why the task comes now
NOTED = "ranking_page"
NOTE = "Few answers about fees so far"

# the project's table of tasks, and what of it is open, after `labeltune rank`
TABLE = "data_manager"
RANKED_TABLE = "ranking_table"
VIEWS = {TABLE: ALL_TASKS, RANKED_TABLE: UNCERTAIN}

# what makes a picture tell more than an untouched page would
TOUCH: dict[str, Callable[[Page], None]] = {
    "reasoning_steps": _mark_steps,
    "agent_steps": _mark_error,
}


def main() -> None:
    """Write one picture a name and theme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=Path("labeltune.toml"))
    names = [*label_configs.INTERFACES, "categories", CALLING, NOTED, UNDRAFTED, *VIEWS]
    parser.add_argument("--only", choices=names, action="append")
    asked = parser.parse_args()
    config = configuration.load(asked.config)
    client = LabelStudio(config.label_studio.url, config.api_key)
    up = cast(Up, SimpleNamespace(label_studio=client, label_studio_url=config.label_studio.url))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for theme in THEMES:
            page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
            log_in(page, config.label_studio.url, config.env)
            page.add_init_script(
                f"localStorage.setItem('preferred-color-scheme', '{theme.capitalize()}')"
            )
            for name in asked.only or names:
                path = IMAGES / f"{name}_{theme}.png"
                if name in VIEWS:
                    _take_table(client, page, config.label_studio.project, VIEWS[name], path)
                elif theme == "light" or name != UNDRAFTED:
                    _take(up, page, name, path)
        chromium.close()


def _take(up: Up, page: Page, name: str, path: Path) -> None:
    dimensions = {}
    is_drafted = name != UNDRAFTED
    if name == "categories":
        name, dimensions = WITH_CATEGORIES, {n: STANDARD[n]["labels"] for n in CHOSEN}
    of_chat = name in (UNDRAFTED, CALLING, NOTED)
    interface = label_configs.load("chat_response" if of_chat else name, dimensions=dimensions)
    task: dict[str, Any] = {k: v for k, v in interface.example.items() if k != "id"}
    draft: Any = drafted(interface, interface.complete_task(task))
    if interface.name == "chat_response":
        task, draft = LONG_TASK, ChatResponse(response=LONG_DRAFT) if is_drafted else None
    if name == CALLING:
        task, draft = CALLING_TASK, CALLING_DRAFT
    if name == NOTED:
        task = {**task, QUEUE_NOTE: NOTE}
    if dimensions:
        draft = dataclasses.replace(draft, other=tuple(interface.encode_categories(CHOSEN)))
    opened = open_task(up, page, interface.name, task, draft, dimensions=dimensions)
    # as "Label All Tasks" shows it, without the list of tasks
    page.goto(f"{up.label_studio_url}/projects/{opened.project_id}/data?labeling=1")
    page.wait_for_function(SETTLED)
    if name in TOUCH:
        TOUCH[name](page)
    page.wait_for_timeout(1500)
    page.locator(".lsf-editor").screenshot(path=path)
    opened.client.delete_project(opened.project_id)


def _take_table(client: LabelStudio, page: Page, title: str, view: str, path: Path) -> None:
    """A view that a push gave the project."""
    project = client.find_project(title)
    if project is None:
        raise SystemExit(f"there is no project {title!r}; push to it first")
    project_id = int(project["id"])
    (tab,) = (v["id"] for v in client.views(project_id) if v["data"].get(MARK) == view)
    page.goto(f"{client.project_url(project_id)}?tab={tab}")
    page.get_by_text("last_question").first.wait_for()
    page.wait_for_timeout(3000)  # rows come after their heads
    page.screenshot(path=path)


def log_in(page: Page, url: str, env: Any) -> None:
    """Log in as the stack's own user."""
    page.goto(f"{url}/user/login/")
    page.fill("input[name=email]", env["LABEL_STUDIO_USERNAME"])
    page.fill("input[name=password]", env["LABEL_STUDIO_PASSWORD"])
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/user/login" not in address)


if __name__ == "__main__":
    main()
