"""A seeded simulator: the real handlers, in one process, under every fault that AWS can have, checked after every step.

`simulate(seed)` runs a random workload of several merchants while calls to AWS are refused, lost or conflicted or the process is killed;
then it heals, retries everything as clients do, and demands that the money adds up to what clients were answered.
"""

from tests.scenarios.simulator.fault_rates import FaultRates
from tests.scenarios.simulator.run import Broken, simulate

__all__ = ["Broken", "FaultRates", "simulate"]
