"""The emulator with the plug-in: its own main, after its parts have been replaced."""

import importlib

from local.emulator_plugin import installation


def main() -> None:
    """Serve until asked to end. Raises installation.WrongVersion before anything is served."""
    installation.install()
    importlib.import_module("ministack.app").main()


if __name__ == "__main__":
    main()
