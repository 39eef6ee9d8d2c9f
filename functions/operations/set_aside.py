"""Items that loops set aside: operators list them, and have a loop try one again."""

from typing import Final

from operations.views import AsideLine, AsidePage
from paycorex import clock, modes, set_aside
from paycorex.errors import InvalidRequest, NotFound
from paycorex.set_aside import AsideItem

# Between the two parts of a list position. Loop names do not contain it.
_SEPARATOR: Final = " "


def page(limit: int, after: str | None) -> AsidePage:
    """One page of the items of all loops, in no particular order. Raises InvalidRequest for an `after` that no page has returned."""
    position = None
    if after is not None:
        loop, separator, item_id = after.partition(_SEPARATOR)
        if not (loop and separator and item_id):
            raise InvalidRequest("after is what the page before named as next_after.", details={"field": "after"})
        position = loop, item_id
    found, more = set_aside.page(limit, position)
    return AsidePage(data=[_line(item) for item in found], next_after=None if more is None else _SEPARATOR.join(more))


def retry(loop: str, item_id: str) -> AsideLine:
    """Have the loop try an item with its next run. Raises NotFound."""
    found = set_aside.retry_now(loop, item_id)
    if found is None:
        raise NotFound("item set aside")
    return _line(found)


def line(loop: str, item_id: str) -> AsideLine:
    """One item. Raises NotFound."""
    found = set_aside.find(loop, item_id)
    if found is None:
        raise NotFound("item set aside")
    return _line(found)


def resolve(loop: str, item_id: str) -> None:
    """Take an item out of the list. Raises NotFound."""
    if not set_aside.resolve(loop, item_id):
        raise NotFound("item set aside")


def _line(item: AsideItem) -> AsideLine:
    return AsideLine(
        loop=item.loop,
        item_id=item.item_id,
        merchant_id=item.merchant_id,
        mode=None if item.merchant_id is None else modes.of(item.merchant_id),
        error=item.error,
        problem=item.problem,
        first_at=clock.rfc3339(int(item.first_at)),
        last_at=clock.rfc3339(int(item.last_at)),
        tries=int(item.tries),
        next_try_at=clock.rfc3339(int(item.next_try_at)),
    )
