"""Ending processes so that none stays behind: asked first, then made."""

import psutil  # type: ignore[import-untyped]  # it has no stubs


def end_gently(process_id: int, *, patience_seconds: float) -> None:
    """Ask one process to end and give it time to save its state; then end it and every process it started."""
    try:
        root = psutil.Process(process_id)
        family = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    _ask(root)
    psutil.wait_procs([root], timeout=patience_seconds)
    alive = [member for member in family if _runs(member)]
    for member in alive:
        _ask(member)
    _, alive = psutil.wait_procs(alive, timeout=2)
    for member in alive:
        _kill(member)
    psutil.wait_procs(alive, timeout=2)


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running()) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _ask(process: psutil.Process) -> None:
    try:
        process.terminate()
    except psutil.NoSuchProcess:
        return


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def is_platform(process_id: int) -> bool:
    """True when this is a `make run`, and not a stranger to whom the number has gone since."""
    return _module_of(process_id) == "local.run"


def is_emulator(process_id: int) -> bool:
    """True when this is an emulator of ours."""
    return _module_of(process_id) in {"ministack", "local.emulator_plugin"}


def _module_of(process_id: int) -> str | None:
    try:
        process = psutil.Process(process_id)
        command = process.cmdline()
        if process.status() == psutil.STATUS_ZOMBIE or "-m" not in command[:-1]:
            return None
    except psutil.Error:
        return None
    module: str = command[command.index("-m") + 1]
    return module
