"""Asking a function's process over its pipes: a line in, a line out, and what it wrote to its log meanwhile."""

import os
import select
import subprocess
import time
from contextlib import suppress
from typing import Final

# With this line on its standard error an invocation's log is complete; `bootstrap` writes it.
END_OF_LOG: Final = b"\x00end of log\x00\n"
_CHUNK: Final = 1 << 16


class TimeIsOver(Exception):
    """There was no answer in time."""

    def __init__(self, log: str) -> None:
        super().__init__("no answer in time")
        self.log = log


class Pipes:
    """The three pipes of one process, asked by one thread at a time."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._stdin = process.stdin
        self._read = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
        self._out, self._log = self._read.values()
        self._poll = select.poll()
        for descriptor in self._read:
            self._poll.register(descriptor, select.POLLIN)

    def ask(self, line: bytes, seconds: float) -> tuple[bytes | None, str]:
        """The answer's line, and the log. None as the answer when the process has died. Raises TimeIsOver."""
        deadline = time.monotonic() + seconds
        # Where it has died, what it wrote before is still to be read.
        with suppress(OSError):
            self._stdin.write(line + b"\n")
            self._stdin.flush()
        while not (b"\n" in self._out and END_OF_LOG in self._log):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeIsOver(self._taken(self._log, END_OF_LOG).decode(errors="replace"))
            if not self._receive(left):
                return None, self._taken(self._log, END_OF_LOG).decode(errors="replace")
        return self._taken(self._out, b"\n"), self._taken(self._log, END_OF_LOG).decode(errors="replace")

    def _receive(self, seconds: float) -> bool:
        """Read what is there, or wait for it. False when both pipes have ended."""
        for descriptor, _events in self._poll.poll(seconds * 1000):
            chunk = os.read(descriptor, _CHUNK)
            self._read[descriptor] += chunk
            if not chunk:
                self._poll.unregister(descriptor)
                del self._read[descriptor]
        return bool(self._read)

    @staticmethod
    def _taken(buffer: bytearray, end: bytes) -> bytes:
        """What is before the end mark, or all of it; taken out of the buffer."""
        taken, _, rest = bytes(buffer).partition(end)
        buffer[:] = rest
        return taken
