"""The answers about what runs: chains, alarms, volumes, clearing accounts, and records that were lost to their functions."""

from paycorex.contract import View
from paycorex.modes import Mode


class ChainLine(View):
    """How far one network's scanner is. followed: whether it ever ran here. lag: blocks between the newest one and the last read."""

    network: str
    followed: bool
    block: int | None
    head: int | None
    lag: int | None
    failed_ticks: int
    busy_addresses: bool
    moved_at: str | None
    behind_at: str | None


class Chains(View):
    """Every network that payments can be made on."""

    data: list[ChainLine]


class AlarmLine(View):
    """An alarm of the stack. description: what it means and what to do."""

    name: str
    state: str
    since: str | None
    reason: str
    description: str


class Alarms(View):
    """What rings first, then what has no data, then the rest. complete: false when the stack has more alarms than one answer reads."""

    data: list[AlarmLine]
    complete: bool


class DayVolume(View):
    """What some merchants were paid on one UTC day in one currency."""

    date: str
    currency: str
    count: int
    volume: str
    refunds: str


class Volumes(View):
    """The days of one page of merchants, by currency; next_cursor leads to the next merchants, whose days are added to these."""

    data: list[DayVolume]
    merchants: int
    next_cursor: str | None


class ClearingLine(View):
    """An account that is explained by what is outside: what a connector, a bank or a chain owes a merchant.

    unexplained: what no open item explained when it was last proved; null until then.
    """

    merchant_id: str
    mode: Mode
    name: str
    source: str
    currency: str
    balance: str
    unexplained: str | None
    proved_at: str | None
    updated_at: str | None


class ClearingList(View):
    """The accounts of one page of merchants, and the cursor of the next merchants."""

    data: list[ClearingLine]
    next_cursor: str | None


class LostRecord(View):
    """A note that a function on a stream or a schedule failed all retries. records: how many there are in it, where that is known."""

    note_id: str
    function: str
    source: str
    records: int | None
    reason: str
    first_at: str | None


class LostRecordRun(View):
    """A run that hands lost records over again: running or done. results: how many notes had each result; what was not handled is left."""

    number: int
    status: str
    started_at: str
    updated_at: str
    results: dict[str, int]


class LostRecords(View):
    """Some of the notes that wait: a queue shows ten at most, and in no order. waiting: about how many there are. runs: the last ones."""

    data: list[LostRecord]
    waiting: int
    runs: list[LostRecordRun]
