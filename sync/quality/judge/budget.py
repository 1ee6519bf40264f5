"""What a judge may cost: its own limit, and what is left of the project's beside drafting."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.common.errors import ConfigError
from sync.intake.services.backend_status import backend_says
from sync.intake.services.health import Ask
from sync.quality.judge.kept_replies import MICROS, KeptReplies, today
from sync.settings import Config, PriceSection


@dataclass(frozen=True)
class SpendingLimit:
    """A budget as `labeltune.toml` has it.

    Attributes:
        name: of the key.
        most: in the prices' currency.
        spent: of it when the run began, by drafting and judging.
        remedy: what to do once it is reached.
    """

    name: str
    most: float
    spent: float
    remedy: str


class JudgeBudget:
    """Counts what is paid, for any number of threads."""

    def __init__(self, price: PriceSection | None, limits: tuple[SpendingLimit, ...] = ()) -> None:
        """Nothing is paid yet.

        Args:
            price: of the model; None: it costs nothing that is known.
        """
        self._price = price
        self._limits = limits
        self._micros = 0
        self._lock = threading.Lock()

    @property
    def spent_here(self) -> float:
        """Paid since the run began."""
        return self._micros / MICROS

    @property
    def is_priced(self) -> bool:
        """Whether costs are known."""
        return self._price is not None

    def cost_micros(self, prompt_tokens: int, completion_tokens: int) -> int:
        """What a call costs, in millionths: prices are per million tokens."""
        if self._price is None:
            return 0
        return round(prompt_tokens * self._price.input + completion_tokens * self._price.output)

    def pay(self, micros: int) -> None:
        """Count a call."""
        with self._lock:
            self._micros += micros

    def reached(self) -> str:
        """Which budget is spent, as a sentence; "" while there is money left."""
        for limit in self._limits:
            spent = limit.spent + self.spent_here
            if spent >= limit.most:
                return f"{limit.name} of {limit.most:g} is spent ({spent:.2f}); {limit.remedy}"
        return ""

    def told(self) -> str:
        """What is left, for a sentence; "" without a limit."""
        if not self._limits:
            return ""
        left = {x.name: x.most - x.spent - self.spent_here for x in self._limits}
        name = min(left, key=lambda each: left[each])
        return f" (of {name} {max(0.0, left[name]):.2f} is left)"


def judge_budget(
    config: Config,
    model: str,
    own: float | None,
    kept: KeptReplies,
    project_id: int,
    ask: Ask,
) -> tuple[JudgeBudget, str]:
    """The budget of a run, and a note where it is not known what drafting has cost.

    Args:
        own: `checks.judge.budget`.
        ask: answers a GET of the backend's /status.

    Raises:
        ConfigError: there is a limit, and no price of the model: it would never be reached.
        CredentialsError: the backend's user or password can't be used.
    """
    llm = config.llm
    price = llm.prices.get(model)
    named = {
        "checks.judge.budget": own,
        "llm.budget": llm.budget,
        "llm.daily_budget": llm.daily_budget,
    }
    wanted = {name: most for name, most in named.items() if most is not None}
    if wanted and price is None:
        raise ConfigError(
            f"labeltune.toml: {next(iter(wanted))} needs the price of {model!r}, by which it would "
            f'be reached; set [llm.prices."{model}"] or take it out'
        )
    shared = [name for name in wanted if name.startswith("llm.")]
    said = _drafting(config, project_id, ask) if shared else {}
    note = (
        ""
        if said is not None
        else (
            "judge: the backend does not say what drafting has cost, so llm.budget is held against "
            "the judge's own cost alone"
        )
    )
    drafted = said or {}
    limits = {
        "checks.judge.budget": (kept.spent(), "raise it in labeltune.toml"),
        "llm.budget": (
            kept.spent() + drafted.get("counts", 0.0),
            "drafting and judging share it; raise it in labeltune.toml",
        ),
        "llm.daily_budget": (
            kept.spent(today()) + drafted.get("today", 0.0),
            "it starts anew at midnight UTC",
        ),
    }
    made = tuple(SpendingLimit(name, most, *limits[name]) for name, most in wanted.items())
    return JudgeBudget(price, made), note


def _drafting(config: Config, project_id: int, ask: Ask) -> Mapping[str, float] | None:
    """What the backend spent on a project, in all (`counts`) and `today`; None: it doesn't say."""
    said: Any = backend_says(config, ask)
    try:
        projects = [p for p in said["projects"] if int(p["id"]) == project_id]
        return {
            name: sum(float(p[name]["cost_micros"]) for p in projects) / MICROS
            for name in ("counts", "today")
        }
    except (TypeError, LookupError, ValueError):
        return None
