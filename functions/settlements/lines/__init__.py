"""Lines of providers' reports: each stored once, whatever is imported twice, and counted at its settlement in the same transaction."""

from settlements.lines.accepting import Accepted, Refused, accept

__all__ = ["Accepted", "Refused", "accept"]
