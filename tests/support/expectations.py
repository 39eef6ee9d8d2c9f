"""What the contract says of every refusal: its body, and that nothing changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from paycorex.errors import STATUS_BY_CODE
from tests.support.gateway import Reply
from tests.support.world import PREFIX, World

_ERROR_FIELDS = {"code", "message", "details", "request_id"}


@contextmanager
def nothing_written(world: World, *, but_outcomes: bool = False) -> Iterator[None]:
    """Every item of every table is the same afterwards; but_outcomes: the refusals remembered for retries excepted."""
    before = world.dump()
    yield
    after = world.dump()
    if but_outcomes:
        claims = f"{PREFIX}idempotency"
        after[claims] = [item for item in after[claims] if "refusal" not in item or item in before[claims]]
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
        assert error["details"] == {}
        assert "www-authenticate" in reply.headers
    if reply.status in {429, 503}:
        assert int(reply.headers["retry-after"]) >= 1
