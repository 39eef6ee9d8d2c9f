"""A dict whose keys can also be read in order, from any place: what a table's partition is to the emulator, and an index besides."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

# An order is a tuple whose first part is the sort key's value; the rest makes it unique.
Order = tuple[Any, ...]
# Above this share of the keys, sorting all is faster than putting each in its place.
_FEW: Final = 0.25


class SortedKeys(dict[Any, Any]):
    """In its content it is the dict that it was made from.

    order: a key's place among the others. It is asked when the order is read, not when the key is set: then the item is stored.
    """

    def __init__(self, content: Mapping[Any, Any], order: Callable[[Any], Order]) -> None:
        super().__init__(content)
        self._order = order
        self._sorted: list[tuple[Order, Any]] = []
        self._known: dict[Any, Order] = {}
        self._new: set[Any] = set(content)

    def __setitem__(self, key: Any, value: Any) -> None:
        if key not in self._known:
            self._new.add(key)
        super().__setitem__(key, value)

    def __delitem__(self, key: Any) -> None:
        super().__delitem__(key)
        self._forget(key)

    def pop(self, key: Any, *default: Any) -> Any:
        """As a dict's."""
        found = super().pop(key, *default)
        self._forget(key)
        return found

    def _refused(self, *_given: Any, **_more: Any) -> Any:
        """The emulator changes a partition key by key; another way would leave the order behind."""
        raise NotImplementedError

    clear = update = setdefault = popitem = __ior__ = _refused

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[Any, Any]:
        """A plain dict: copies are snapshots, and what is saved."""
        return {deepcopy(key, memo): deepcopy(value, memo) for key, value in self.items()}

    def count(self) -> int:
        """How many keys there are in the order."""
        return len(self._in_order())

    def from_value(self, value: Any, *, after: bool = False) -> int:
        """The place of the first key whose sort value is at least the value; `after`: above it."""
        find = bisect_right if after else bisect_left
        return find(self._in_order(), value, key=lambda entry: entry[0][0])

    def end_of_prefix(self, prefix: Any, begin: int) -> int:
        """The place behind the keys whose sort value begins with the prefix; the first of them is at `begin`."""
        entries = self._in_order()
        return bisect_left(entries, True, lo=begin, key=lambda entry: not entry[0][0].startswith(prefix))  # noqa: FBT003 - False sorts before True

    def from_order(self, order: Order, *, after: bool = False) -> int:
        """The place of the first key in this order or behind; `after`: only behind."""
        find = bisect_right if after else bisect_left
        return find(self._in_order(), order, key=lambda entry: entry[0])

    def between(self, begin: int, end: int, *, forward: bool) -> Iterator[Any]:
        """The keys from one place to before another, or the same backwards."""
        entries = self._in_order()
        places = range(begin, end) if forward else range(end - 1, begin - 1, -1)
        return (entries[place][1] for place in places)

    def _in_order(self) -> list[tuple[Order, Any]]:
        if self._new:
            placed = [(self._order(key), key) for key in self._new]
            self._known.update((key, order) for order, key in placed)
            if len(placed) > _FEW * len(self):
                self._sorted = sorted(self._sorted + placed)
            else:
                for entry in placed:
                    insort(self._sorted, entry)
            self._new.clear()
        return self._sorted

    def _forget(self, key: Any) -> None:
        self._new.discard(key)
        order = self._known.pop(key, None)
        if order is not None:
            del self._sorted[bisect_left(self._sorted, (order, key))]
