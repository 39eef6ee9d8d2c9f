"""What is imported at once and what later, in processes of their own: what is imported stays so in this one."""

import subprocess
import sys
from pathlib import Path

import pytest

from local.paths import ROOT

WITH_LATER = """
with loading.later():
    from room import rare, others
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A package with two modules, each of which says when it is imported."""
    package = tmp_path / "room"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "rare.py").write_text("from room import deeper\nprint('rare')\nanswer = 42\n")
    (package / "deeper.py").write_text("print('deeper')\n")
    (package / "others.py").write_text("print('others')\n")
    (package / "broken.py").write_text("raise RuntimeError('broken')\n")
    return tmp_path


def printed(room: Path, code: str) -> list[str]:
    """The lines that a fresh process prints which runs this code."""
    start = f"import sys\nsys.path[:0] = [{str(ROOT / 'layers/common')!r}, {str(room)!r}]\nfrom paycorex import loading\n"
    return subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, check=True).stdout.split("\n")[:-1]


def test_a_module_is_loaded_when_a_name_of_it_is_used_and_once(room: Path) -> None:
    uses = "print('before')\nprint(rare.answer)\nprint(rare.answer)\n"
    assert printed(room, WITH_LATER + uses) == ["before", "deeper", "rare", "42", "42"]


def test_what_stands_outside_is_imported_as_usual(room: Path) -> None:
    assert printed(room, "with loading.later():\n    pass\nfrom room import others\nprint('after')\n") == ["others", "after"]


def test_the_rest_is_what_was_not_used(room: Path) -> None:
    uses = "rare.answer\nprint('-')\nloading.rest()\nprint('-')\nloading.rest()\n"
    assert printed(room, WITH_LATER + uses) == ["deeper", "rare", "-", "others", "-"]


def test_the_rest_is_imported_after_the_first_answer(room: Path) -> None:
    uses = """
import threading
handler = loading.rest_after_first(lambda number: print("answer", number) or number, ahead=False)
answer = handler(1)
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join()
assert (answer, threading.active_count()) == (1, 1)
handler(2)
assert threading.active_count() == 1
"""
    assert printed(room, WITH_LATER + uses) == ["answer 1", "others", "deeper", "rare", "answer 2"]


def test_an_environment_that_is_made_ahead_imports_the_rest_before_its_first_answer(room: Path) -> None:
    uses = "handler = loading.rest_after_first(print, ahead=True)\nassert handler is print\nhandler('answer')\n"
    assert printed(room, WITH_LATER + uses) == ["others", "deeper", "rare", "answer"]


def test_a_module_that_cannot_be_imported_says_so_at_its_first_use(room: Path) -> None:
    uses = """
with loading.later():
    from room import broken
for _ in range(2):
    try:
        broken.anything
    except Exception as error:
        print(type(error).__name__)
"""
    assert printed(room, uses) == ["RuntimeError", "AttributeError"]


def test_two_threads_that_use_a_module_first_load_it_once(room: Path) -> None:
    uses = """
import threading
threads = [threading.Thread(target=lambda: rare.answer) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    assert printed(room, WITH_LATER + uses) == ["deeper", "rare"]


def test_the_collector_is_off_inside_and_as_before_afterwards(room: Path) -> None:
    code = """
import gc
with loading.at_once():
    print(gc.isenabled())
print(gc.isenabled(), gc.get_freeze_count() > 0)
gc.disable()
with loading.at_once():
    print(gc.isenabled())
print(gc.isenabled())
gc.enable()
try:
    with loading.at_once():
        raise RuntimeError
except RuntimeError:
    print(gc.isenabled())
"""
    assert printed(room, code) == ["False", "True True", "False", "False", "True"]
