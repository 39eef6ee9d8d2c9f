"""What attempts at connectors came to, by segment: kept for routing, which decides by it. A fold of the payments' stream writes it."""

from paycorex.routing_outcomes.segment import Segment
from paycorex.routing_outcomes.window import Observation, Outcome, Tally, Window

__all__ = ["Observation", "Outcome", "Segment", "Tally", "Window"]
