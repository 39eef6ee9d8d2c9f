"""How long a fresh process of this environment takes for some code."""

import subprocess
import sys
import time


def seconds_of(code: str) -> float:
    """Seconds from the start of Python to its end. Raises CalledProcessError."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return time.perf_counter() - started
