"""`make stop`: ends a platform that runs in the background, and what a killed one left behind."""

from local import platform_file, processes
from local.emulator import STOP_SECONDS

# The platform waits for the emulator to save its state, and has a little to do besides.
_PATIENCE_SECONDS = STOP_SECONDS + 30


def main() -> None:
    """End it; says what was done."""
    known = platform_file.find_running()
    if known is None:
        print("The platform does not run.")
        return
    if processes.is_platform(known.process_id):
        processes.end_gently(known.process_id, patience_seconds=_PATIENCE_SECONDS)
    if processes.is_emulator(known.emulator_process_id):
        processes.end_gently(known.emulator_process_id, patience_seconds=_PATIENCE_SECONDS)
    platform_file.forget()
    print("Stopped. The state is kept for the next start.")


if __name__ == "__main__":
    main()
