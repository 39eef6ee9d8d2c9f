"""The stack's alarms as CloudWatch has them: what rings, since when and what to do."""

from typing import Any, Final

from operations.running_views import AlarmLine, Alarms
from paycorex import aws, settings
from paycorex.storage.failures import translated

_PAGE: Final = 100
# Five hundred alarms: several times what a stack has.
MAX_PAGES: Final = 5
_ORDER: Final = ("ALARM", "INSUFFICIENT_DATA", "OK")


def states() -> Alarms:
    """All alarms whose names begin with the stack's. Raises storage.Unavailable."""
    found: list[Any] = []
    more: dict[str, str] = {}
    for _page in range(MAX_PAGES):
        with translated():
            answer = aws.alarms().describe_alarms(AlarmNamePrefix=f"{settings.current().stack_name}-", MaxRecords=_PAGE, **more)
        found += answer.get("MetricAlarms", ())
        if not answer.get("NextToken"):
            return _sorted(found, complete=True)
        more = {"NextToken": answer["NextToken"]}
    return _sorted(found, complete=False)


def _sorted(found: list[Any], *, complete: bool) -> Alarms:
    lines = sorted(map(_line, found), key=lambda line: (_ORDER.index(line.state) if line.state in _ORDER else 0, line.name))
    return Alarms(data=lines, complete=complete)


def _line(alarm: Any) -> AlarmLine:
    since = alarm.get("StateUpdatedTimestamp")
    return AlarmLine(
        name=alarm["AlarmName"],
        state=alarm.get("StateValue", "INSUFFICIENT_DATA"),
        since=None if since is None else since.isoformat(),
        reason=alarm.get("StateReason") or "",
        description=alarm.get("AlarmDescription") or "",
    )
