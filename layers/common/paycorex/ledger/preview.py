"""Preview: the entries that a posting would write."""

from paycorex import clock
from paycorex.ledger import lanes as lanes_module
from paycorex.ledger.entry import Entry, chain
from paycorex.ledger.journal import Journal


def preview(journal: Journal, *, lanes: int = 1) -> tuple[Entry, ...]:
    """The entries that `post` would append now; nothing is written. Raises InsufficientFunds (after a consistent read), Unavailable."""
    placed = journal.on_lane(lanes_module.choose(journal.postings[0].account.merchant_id, lanes))
    heads = {account.key: lanes_module.head(account, fresh=True) for account in placed.accounts()}
    return chain(placed, heads, clock.now_ms())
