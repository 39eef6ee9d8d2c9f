"""An audit pack's text: each line is the SHA-256 of its number and content, a space, and the content, a JSON list."""

import hashlib
import json
from collections import Counter
from typing import BinaryIO, Final

VERSION: Final = 1


class PackWriter:
    """Writes lines one by one. `digest` is over the digests of all lines so far."""

    def __init__(self, target: BinaryIO) -> None:
        """Into an open file."""
        self._target: Final = target
        self._digest = hashlib.sha256()
        self.number = 0
        self.counts: Counter[str] = Counter()

    def write(self, kind: str, *values: object) -> None:
        """One line."""
        self.number += 1
        self.counts[kind] += 1
        content = json.dumps([kind, *values], separators=(",", ":"), ensure_ascii=False).encode()
        digest = hashlib.sha256(b"%d " % self.number + content).hexdigest().encode()
        self._digest.update(digest)
        self._target.write(digest + b" " + content + b"\n")

    def end(self) -> str:
        """The last line; the digest of the whole pack."""
        self.write("end", self.number + 1, self._digest.hexdigest())
        return self._digest.hexdigest()
