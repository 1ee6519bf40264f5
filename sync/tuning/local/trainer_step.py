"""A step of TRL's trainers with what is ours: its time is measured first, and the base holds it."""

import time
from collections.abc import Callable
from typing import Any

from sync.tuning.local.base_divergence import BaseDivergence


def stepwise(trainer_type: type) -> Any:
    """The trainer, with a first step that can be measured and a divergence that is held."""

    class Stepwise(trainer_type):  # type: ignore[misc]
        """A trainer of TRL.

        `before_first` is called with a function that does one step and leaves no trace; the
        gradient of `held` is added once a step, whatever its examples are accumulated of.
        """

        before_first: Callable[[Callable[[], None]], None] | None = None
        held: BaseDivergence | None = None

        def training_step(self, model: Any, inputs: Any, *more: Any, **named: Any) -> Any:
            measure, self.before_first = self.before_first, None
            if measure is not None:
                import torch

                def one_step() -> None:
                    self._step(model, dict(inputs), *more, **named)
                    model.zero_grad()

                with torch.random.fork_rng():
                    measure(one_step)
                self._metrics["train"].clear()
            return self._step(model, inputs, *more, **named)

        def _step(self, model: Any, *inputs: Any, **named: Any) -> Any:
            loss = super().training_step(model, *inputs, **named)
            if self.held is not None and self.accelerator.sync_gradients:
                # each device has a conversation of its own
                step = self.state.global_step * self.args.world_size + self.args.process_index
                with self.compute_loss_context_manager():
                    found = self.held.at(step, model, self.accelerator.unwrap_model(model))
                self.accelerator.backward(self.held.weight * found)
                self._metrics["train"]["divergence"].append(found.item())
            return loss

    return Stepwise


def fastest_threads(step: Callable[[], None], most: int) -> tuple[int, float]:
    """Try a step with all processors, half of them and one; the fewest of the fastest.

    Returns:
        Threads, and seconds of a step.
    """
    import torch

    candidates = sorted({1, max(1, most // 2), most})
    seconds: dict[int, float] = {}
    for threads in candidates:
        torch.set_num_threads(threads)
        # the very first step allocates what the others use again
        seconds[threads] = seconds_of(step, warm_up=not seconds)
    best = min(seconds, key=lambda threads: (seconds[threads], threads))
    torch.set_num_threads(best)
    return best, seconds[best]


def seconds_of(step: Callable[[], None], *, warm_up: bool = True) -> float:
    """How long a step takes."""
    import torch

    if warm_up:
        step()
    began = time.perf_counter()
    step()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - began
