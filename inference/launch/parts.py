"""What a supervised process is: its command, how it shows that it is ready, and how it is stopped."""

import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Probe = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Part:
    """One process.

    Attributes:
        name: what people read, and the name of its log.
        argv: the command; the first entry is a path, or found on the environment's ``PATH``.
        env: the whole environment of the process; nothing is inherited.
        ready: asked again and again until it says yes.
        log: the file that its output is added to.
        port: a port on 127.0.0.1 that must be free before it starts.
        after: names of parts that must be ready first, and that are stopped later.
        stop: the signal that asks it, and everything it started, to end.
        grace: seconds from that signal to SIGKILL.
        patience: seconds that it may take to be ready.
        folder: the working directory.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    ready: Probe
    log: Path
    port: int | None = None
    after: tuple[str, ...] = ()
    stop: signal.Signals = signal.SIGTERM
    grace: float = 10.0
    patience: float = 120.0
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """When a part that crashes is started again: at most `crashes` times in `window` seconds.

    The pause before each restart doubles from `first_pause` to `longest_pause`, in seconds.
    """

    crashes: int = 3
    window: float = 120.0
    first_pause: float = 0.5
    longest_pause: float = 8.0

    def pause(self, crashes: int) -> float:
        """Seconds to wait after this many crashes within the window."""
        return float(min(self.longest_pause, self.first_pause * 2 ** (crashes - 1)))
