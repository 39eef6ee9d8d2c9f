"""What the contract says of every refusal: its body, and that nothing changed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from paycorex.errors import STATUS_BY_CODE
from tests.support.gateway import Reply
from tests.support.world import PREFIX, World

# Words of Pydantic, which say something to programmers of Python alone.
PYDANTIC = re.compile(
    r"(Input|Value|String|List|Dictionary|Set) should|Input tag|Value error|Assertion failed|function-|\[key\]|validation|permitted|pattern"
)
_ERROR_FIELDS = {"code", "message", "details", "request_id", "doc_url"}


def _is_outcome(claim: dict[str, Any]) -> bool:
    return "refusal" in claim or claim["status"] == {"N": "0"}


@contextmanager
def nothing_written(world: World, *, but_outcomes: bool = False) -> Iterator[None]:
    """Every item of every table is the same afterwards; but_outcomes: excepted are the refusals that are remembered for retries, and what
    v1 signatures were used for."""
    before = world.dump()
    yield
    after = world.dump()
    if but_outcomes:
        claims = f"{PREFIX}idempotency"
        after[claims] = [item for item in after[claims] if item in before[claims] or not _is_outcome(item)]
    changed = [table for table in after if before[table] != after[table]]
    assert not changed, {table: [item for item in after[table] if item not in before[table]] for table in changed}


def assert_refused(reply: Reply, code: str) -> None:
    """The documented status and error body, and nothing else."""
    assert (reply.status, reply.code) == (STATUS_BY_CODE[code], code), reply.raw
    error = reply.body["error"]
    assert set(reply.body) == {"error"}
    assert set(error) == _ERROR_FIELDS
    assert isinstance(error["details"], dict)
    assert isinstance(error["request_id"], str)
    if code == "unauthorized":
        # Outside production the door shows what the signature had to be over, which the request alone says.
        assert set(error["details"]) <= {"string_to_sign"}
        assert "www-authenticate" not in reply.headers
    if reply.status in {429, 503}:
        assert int(reply.headers["retry-after"]) >= 1
