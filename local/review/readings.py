"""A reading: how much of one of AWS's quotas the template uses, and by what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from local.review.samples import Samples

# Beyond this share of a quota the review fails: what grows with every route or function must be seen before it stops a deployment.
SHARE: Final = 0.8
# A quota that is a small number may be used up: what would go beyond it is seen when it is written.
ALL: Final = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One quota. `used` of `limit`; `where` names the resource that uses the most of it, or is empty for the whole stack."""

    name: str
    used: int
    limit: int
    where: str = ""
    share: float = SHARE

    @property
    def too_much(self) -> bool:
        """Whether more than the allowed share is used."""
        return self.used > self.limit * self.share

    def line(self) -> str:
        """As it is printed."""
        percent = 100 * self.used // self.limit if self.limit else 0
        mark = f"  TOO MUCH (allowed: {self.limit * self.share:,.0f})" if self.too_much else ""
        return f"{self.name:<52}{self.used:>12,}{self.limit:>13,}{percent:>5} %  {self.where}{mark}"


@dataclass(frozen=True, slots=True)
class Stack:
    """A template as it is written and as CloudFormation translates it."""

    source: Mapping[str, Any]
    translated: Mapping[str, Any]

    @property
    def samples(self) -> Samples:
        """Texts for the values of the translated template."""
        return Samples(self.translated)

    def of(self, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Logical id and properties of the translated resources of a type."""
        for name, found in self.translated["Resources"].items():
            if found["Type"] == kind:
                yield name, found.get("Properties", {})


def greatest(name: str, limit: int, uses: Iterable[tuple[str, int]], share: float = SHARE) -> Reading:
    """The reading of whichever resource uses the most. uses: logical ids and what each uses."""
    where, used = max(uses, key=lambda use: use[1], default=("", 0))
    return Reading(name, used, limit, where, share)
