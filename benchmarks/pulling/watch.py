"""How much memory a process holds at most, as another one sees it.

Not by `ru_maxrss`: that also tells of the moment between fork and exec, when a process still has
the memory of the one that started it.
"""

import threading
import time

import psutil

LOOK_EVERY_S = 0.02


class Watch:
    """The resident memory of a process, looked at until it ends."""

    def __init__(self, pid: int) -> None:
        self._peak = 0
        self._thread = threading.Thread(target=self._look, args=(pid,), daemon=True)
        self._thread.start()

    def peak_mb(self) -> float:
        """The most there was, in MB; waits for the process to end."""
        self._thread.join()
        return self._peak / 1e6

    def _look(self, pid: int) -> None:
        try:
            process = psutil.Process(pid)
            while process.status() != psutil.STATUS_ZOMBIE:
                self._peak = max(self._peak, process.memory_info().rss)
                time.sleep(LOOK_EVERY_S)
        except psutil.NoSuchProcess:
            return
