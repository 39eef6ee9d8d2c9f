"""What a tool found in the template, and the exceptions that are written down with their reasons."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

EXCEPTIONS: Final = Path(__file__).with_name("exceptions.toml")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A rule of a tool that a resource breaks. `resource` is a logical id, or empty for the whole template."""

    tool: str
    rule: str
    resource: str
    text: str

    def line(self) -> str:
        """As it is printed."""
        return f"{self.tool} {self.rule} {self.resource}: {self.text}"


@dataclass(frozen=True, slots=True)
class Allowance:
    """A rule that does not apply to some resources, and why. `resource` may have wildcards."""

    tool: str
    rule: str
    resource: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether this finding is excepted."""
        return (finding.tool, finding.rule) == (self.tool, self.rule) and fnmatchcase(finding.resource, self.resource)


def read_exceptions(path: Path = EXCEPTIONS) -> list[Allowance]:
    """The written list. Raises KeyError for one without tool, rule, resource or reason."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["exception"]
    return [Allowance(one["tool"], one["rule"], one["resource"], one["reason"]) for one in entries]


def judge(found: Iterable[Finding], exceptions: Iterable[Allowance]) -> list[str]:
    """What is wrong: findings that no exception covers, and exceptions that cover nothing any more. A line for each."""
    findings, excepted = sorted(set(found)), list(exceptions)
    wrong = [finding.line() for finding in findings if not any(one.covers(finding) for one in excepted)]
    unused = [one for one in excepted if not any(one.covers(finding) for finding in findings)]
    return [*wrong, *(f"exception without a finding, remove it: {one.tool} {one.rule} {one.resource}" for one in unused)]
