"""What runs inside the emulator's own process beside it: a bounded pool of function processes, and faster reads of its tables.

Made for one version of the emulator; with another it does not start. `python -m local.emulator_plugin` is the emulator with it.
"""
