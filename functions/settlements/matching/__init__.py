"""Matching: our journals, the provider's report and the bank, held against each other until every amount is explained."""

from settlements.matching.absorbing import absorb
from settlements.matching.identification import identify

__all__ = ["absorb", "identify"]
