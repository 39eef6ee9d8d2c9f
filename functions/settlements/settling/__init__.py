"""A settlement's life: what is known of a payout, its state, its one journal, and the root of its lines."""

from settlements.settling.closing import close, reconsider, with_bank_line
from settlements.settling.payouts import announce

__all__ = ["announce", "close", "reconsider", "with_bank_line"]
