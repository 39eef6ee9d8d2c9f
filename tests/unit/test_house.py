"""The house rules that a reader of one file cannot see, read off the syntax of all of them."""

import ast
import importlib
import inspect
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from local.paths import ROOT
from tests.support import gateway, template
from tests.support.world import World

LAYER = ROOT / "layers" / "common" / "paycorex"
FUNCTIONS = ROOT / "functions"
SOURCES = sorted(path for root in (LAYER, FUNCTIONS) for path in root.rglob("*.py"))
# What money goes through. Waiting, the times of keys and paths of a page's files are no money, though they live beside it.
MONEY_PATHS = (
    *("paycorex/money.py", "paycorex/currencies.py", "paycorex/strict_json.py", "paycorex/contract.py", "paycorex/ledger/"),
    *("paycorex/records/", "payments/", "wallet/"),
)
NO_MONEY = frozenset(
    {"paycorex/ledger/posting.py", "paycorex/records/api_key_view.py", "paycorex/records/effective.py", "payments/payer_page/parts.py"}
)


def name_of(path: Path) -> str:
    return path.relative_to(LAYER.parent if LAYER in path.parents else FUNCTIONS).as_posix()


# A dozen rules read the same hundreds of files, and none changes what it reads: each is parsed once.
@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    return tuple((name_of(path), ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES)


def floats(tree: ast.AST) -> Iterator[int]:
    """Lines with a float literal, the name `float`, or a true division; constants named `..._SECONDS` excepted."""
    if isinstance(tree, ast.Assign | ast.AnnAssign):
        targets = tree.targets if isinstance(tree, ast.Assign) else [tree.target]
        if all(isinstance(target, ast.Name) and target.id.endswith("_SECONDS") for target in targets):
            return
    is_literal = isinstance(tree, ast.Constant) and isinstance(tree.value, float)
    is_name = isinstance(tree, ast.Name) and tree.id == "float"
    is_division = isinstance(tree, ast.BinOp | ast.AugAssign) and isinstance(tree.op, ast.Div)
    if is_literal or is_name or is_division:
        yield getattr(tree, "lineno", 0)
    for child in ast.iter_child_nodes(tree):
        yield from floats(child)


def test_no_float_occurs_in_a_money_path() -> None:
    paths = [(name, tree) for name, tree in trees() if name.startswith(MONEY_PATHS) and name not in NO_MONEY]
    assert len(paths) >= 40
    assert [f"{name}:{line}" for name, tree in paths for line in floats(tree)] == []


@pytest.mark.parametrize("source", ["x = 0.1", "x: float", "float('1')", "amount / 100", "amount /= 100"])
def test_a_float_is_found(source: str) -> None:
    assert list(floats(ast.parse(source)))


def test_only_the_settings_read_the_environment() -> None:
    found = {
        name
        for name, tree in trees()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"})
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and {"environ", "getenv"} & {alias.name for alias in node.names})
    }
    assert found == {"paycorex/settings.py"}


def test_only_the_clock_tells_the_time_and_waits() -> None:
    """Or tests and the simulator could not move it. (Durations are measured with perf_counter and monotonic.)"""
    banned = {("time", "time"), ("time", "time_ns"), ("time", "sleep"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today")}
    found = {
        name
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in banned
    }
    assert found <= {"paycorex/clock.py"}


def test_only_the_aws_module_makes_clients() -> None:
    found = {
        name
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"create_client", "get_session"}
    }
    assert found <= {"paycorex/aws.py"}


def door_modules() -> list[str]:
    return [name_of(path)[: -len(".py")].replace("/", ".") for path in FUNCTIONS.rglob("*.py") if path.stem.endswith("door")]


def event_handlers() -> set[str]:
    """The modules whose handlers the template gives to queues, streams, schedules or the gateway's authorizer, and not to a route."""
    functions = template.properties("AWS::Serverless::Function")
    doors = {route.function for route in template.routes()}
    return {function["Handler"].rpartition(".")[0] for name, function in functions.items() if name not in doors}


# What shapes HTTP answers beside the doors: the routes of the rooms, and the pages of the dashboard.
HTTP_MODULES = (
    "payments/routes/",
    "people/routes/",
    "statements/routes/",
    "dashboard/routes/",
    "operations/routes/",
    "dashboard/pages.py",
    "settlements/routes/",
)


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module that a file imports, and every name imported from one, as dotted paths."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_doors_and_routes_know_http() -> None:
    """Services take models from `paycorex.contract` and claims from `paycorex.idempotency`."""
    found = {
        name
        for name, tree in trees()
        if not name.startswith(("paycorex/http/", *HTTP_MODULES)) and not name.endswith("door.py")
        if any(module.startswith("paycorex.http.") for module in imported(tree))
    }
    assert found == set()


def test_every_http_handler_is_the_apps() -> None:
    """So no route can be served without the whole of the signature check."""
    sources = event_handlers()
    assert {"authorizer.door", "operations.ledger_tamper_door"} <= sources
    with World().running():
        for name in set(door_modules()) - sources:
            door = importlib.import_module(name)
            assert inspect.unwrap(door.handler) == door.app.handler, name
            assert door.app in gateway.apps(), name


def test_the_parser_of_what_clients_say_reads_nothing_that_is_stored() -> None:
    """Its limits are for requests: an amount that is stored once must be readable whatever it is. (`Money.stored` reads those.)"""
    found = {
        name
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "parse" and isinstance(node.value, ast.Name) and node.value.id == "Money"
    }
    assert found == {
        "payments/routes/payments.py",
        "payments/routes/checkout.py",
        "payments/routes/links.py",
        "payments/routes/qr_codes.py",
        "payments/checkout/links.py",
        "dashboard/search/finding.py",
        "payments/routes/lists.py",
        "payments/routes/wallet.py",
        "payments/refunds/large.py",
        "payments/refunds/refund.py",
        "payments/captures/guards.py",
        "payments/captures/increment.py",
        "paycorex/fee_rates.py",
        "merchants/accounts.py",
        "merchants/profile_changes.py",
        "wallet/door.py",
    }


# Every loop over records of many merchants, by its door, with the tests that put one that cannot be handled in front of others.
_LOOPS = "tests/integration/test_loops_set_aside.py"
POISON_TESTS = {
    "payments.janitor_door": (_LOOPS, ["test_the_janitor_sets_a_payment_aside", "test_the_janitor_sets_a_refund_aside"]),
    "payments.fees_door": (_LOOPS, ["test_the_fees_set_a_payment_aside"]),
    "payments.crypto_settlement_door": (_LOOPS, ["test_the_crypto_settlement_sets_a_transfer_aside"]),
    "webhooks.dispatcher_door": (_LOOPS, ["test_the_dispatcher_sets_a_record_aside"]),
    "webhooks.sender_door": (_LOOPS, ["test_the_sender_sets_a_delivery_aside", "test_a_replay_sets_a_delivery_aside"]),
    "webhooks.dead_letters_door": (_LOOPS, ["test_the_dead_letters_set_a_message_aside"]),
    "webhooks.sweeper_door": (_LOOPS, ["test_the_sweeper_sets_a_delivery_aside"]),
    "dashboard.rollup_door": (_LOOPS, ["test_the_rollups_set_a_record_aside"]),
    "settlements.reconciliation_door": (_LOOPS, ["test_the_reconciliation_sets_a_merchant_aside"]),
    "operations.checkpoint_door": (_LOOPS, ["test_the_sealing_sets_an_account_aside"]),
    "operations.verification_door": (_LOOPS, ["test_a_verification_tells_what_it_cannot_read_and_goes_on"]),
    "operations.lost_records_door": (
        "tests/integration/operators/test_lost_record_runs.py",
        ["test_a_note_that_fails_again_stays_and_keeps_no_other_from_being_handled"],
    ),
    "operations.ledger_tamper_door": (_LOOPS, ["test_the_ledgers_watch_tells_each_change_whatever_the_others_are"]),
    "operations.export_door": (
        "tests/integration/operations/test_recovery.py",
        ["test_a_table_that_is_refused_keeps_no_other_from_its_export"],
    ),
    "settlements.importer_door": (
        "tests/integration/settlements/test_imports.py",
        [
            "test_an_import_that_cannot_be_read_is_set_aside_and_holds_up_no_other",
            "test_a_settlement_that_cannot_be_read_is_set_aside_and_holds_up_no_other",
        ],
    ),
    "crypto_monitor.scanner_door": (
        "tests/integration/crypto_monitor/test_scanner.py",
        ["test_a_transfer_that_nodes_dispute_does_not_hide_coins_that_came_inside"],
    ),
}


def loops() -> set[str]:
    """The modules whose handlers are called by queues, streams and schedules."""
    functions = template.properties("AWS::Serverless::Function").values()
    sources = {function["Handler"]: {event["Type"] for event in function.get("Events", {}).values()} for function in functions}
    return {handler.rpartition(".")[0] for handler, kinds in sources.items() if kinds & {"DynamoDB", "SQS", "Schedule", "ScheduleV2"}}


def test_every_loop_has_a_test_with_an_item_that_cannot_be_handled() -> None:
    assert loops() == set(POISON_TESTS)
    for file, names in POISON_TESTS.values():
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert set(names) <= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, file


# Every function that a schedule runs, with the test in which two of its ticks run at once: a schedule may fire twice.
TWO_AT_ONCE_TESTS = {
    "payments.janitor_door": ("tests/integration/payments/test_janitor.py", "test_many_janitors_at_once_decide_each_payment_once"),
    "webhooks.sweeper_door": ("tests/integration/webhooks/test_sweeper.py", "test_two_sweeps_at_once_make_one_attempt_of_each_delivery"),
    "settlements.reconciliation_door": (
        "tests/integration/settlements/test_reconciliation.py",
        "test_two_ticks_at_once_count_every_entry_once",
    ),
    "operations.checkpoint_door": (
        "tests/integration/paycorex/test_checkpoints.py",
        "test_two_ticks_at_once_seal_every_entry_once_wherever_the_second_begins",
    ),
    "operations.verification_door": ("tests/integration/operations/test_admin_verification.py", "test_of_two_workers_one_gives_up"),
    "operations.lost_records_door": (
        "tests/integration/operators/test_lost_record_runs.py",
        "test_two_ticks_at_once_hand_each_note_over_once",
    ),
    "operations.export_door": ("tests/integration/operations/test_recovery.py", "test_two_ticks_ask_for_the_same_exports"),
    "settlements.importer_door": ("tests/integration/settlements/test_imports.py", "test_two_runs_at_once_read_each_import_once"),
    "crypto_monitor.scanner_door": (
        "tests/integration/crypto_monitor/test_scanner.py",
        "test_only_one_tick_at_a_time_holds_the_lease",
    ),
}


def test_every_scheduled_function_has_a_test_with_two_ticks_at_once() -> None:
    functions = template.properties("AWS::Serverless::Function").values()
    scheduled = {f["Handler"].rpartition(".")[0] for f in functions if any(e["Type"] == "ScheduleV2" for e in f.get("Events", {}).values())}
    assert scheduled == set(TWO_AT_ONCE_TESTS)
    for file, name in TWO_AT_ONCE_TESTS.values():
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, file


# What may not be drawn or read while a module is loaded: environments that begin from one snapshot would share it.
_DRAWN = frozenset(
    {"new", "token_bytes", "token_hex", "token_urlsafe", "urandom", "uuid4", "now_ms", "now_seconds", "time", "monotonic", "Random"}
)


def drawn_when_loaded(tree: ast.Module) -> set[str]:
    """Names of calls outside of functions that draw something random or read a clock."""
    waiting: list[ast.AST] = list(tree.body)
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _DRAWN:
            found.add(node.func.attr)
        waiting += ast.iter_child_nodes(node)
    return found


def test_nothing_is_drawn_while_a_module_is_loaded_but_states_that_a_restore_seeds_anew() -> None:
    found = {name: drawn for name, tree in trees() if (drawn := drawn_when_loaded(tree))}
    assert set().union(*found.values()) <= {"Random"}
    for name in found:
        source = (ROOT / ("layers/common" if name.startswith("paycorex/") else "functions") / name).read_text(encoding="utf-8")
        assert "snapshots.after_restore(_random.seed)" in source, name


def test_every_module_outside_the_doors_serves_nothing() -> None:
    for name, tree in trees():
        if name.startswith("paycorex/") or name.rpartition("/")[2].endswith("door.py"):
            continue
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        names |= {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert "handler" not in names, name


def test_every_mutation_says_how_it_is_replayed() -> None:
    with World().running():
        routes = [route for app in gateway.apps() for route in app.routes]
    for route in routes:
        if route.mutating and not route.public:
            assert (route.replay is not None) is not route.self_idempotent, route.path
        assert (route.scope is None) is route.public, route.path


def test_every_write_to_the_ledger_demands_an_empty_place() -> None:
    """The ledger's table is named in one module, and its one write carries the condition."""
    writers = [name for name, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value == "ledgers"]
    assert set(writers) - {"dashboard/door.py"} == {"paycorex/ledger/store.py"}
    source = (LAYER / "ledger" / "store.py").read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and "put" in ast.unparse(node.func)]
    assert [ast.unparse(call.args[-1]) for call in calls] == ["SLOT_IS_FREE"]


def hand_picked_records(tree: ast.AST) -> list[int]:
    """Lines where a ledger is verified against records of some rooms only: what another room books then seems to have no record."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    runs = [node for node in calls if isinstance(node.func, ast.Attribute) and node.func.attr == "run"]
    verified = [node for node in runs if ast.unparse(node.func).endswith(").run") and "Verifier(" in ast.unparse(node.func)]
    return [node.lineno for node in verified if node.args and ast.unparse(node.args[0]) != "every_source()"]


def test_a_ledger_is_verified_against_the_records_of_every_room() -> None:
    files = [path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    found = {str(path.relative_to(ROOT)): hand_picked_records(ast.parse(path.read_text(encoding="utf-8"))) for path in files}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize("source", ["Verifier().run([payments, refunds])", "verification.Verifier(segments=1).run(SOURCES).findings"])
def test_records_that_were_picked_by_hand_are_found(source: str) -> None:
    assert hand_picked_records(ast.parse(source)) == [1]


def test_every_module_opens_with_a_sentence() -> None:
    assert [name for name, tree in trees() if tree.body and not ast.get_docstring(tree)] == []


def test_the_paths_that_the_readme_names_are_files() -> None:
    """The three questions of a first reader have one file each, and every page of the list is there."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Where things are")[2].partition("\n## ")[0]
    paths = [path for line in section.splitlines() if line.startswith("|") for path in re.findall(r"`([^`]+)`", line)]
    assert len([path for path in paths if path.startswith("functions/")]) == 3
    assert [path for path in paths if not (ROOT / path).is_file() and path != "bench/"] == []


DECISIONS = ROOT / "docs" / "decisions"
RECORDS = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: str(path.stem))
def test_a_decision_has_a_number_a_title_a_status_and_a_date(record: Path) -> None:
    title, _, body = record.read_text(encoding="utf-8").partition("\n\n")
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", record.stem)
    assert re.fullmatch(r"# [^\n]+", title)
    assert re.match(r"Status: (accepted|superseded by \d{4})\. Date: \d{4}-\d\d-\d\d\.\n\n", body)


def test_the_index_of_the_decisions_is_complete() -> None:
    assert [int(record.name[:4]) for record in RECORDS] == list(range(1, len(RECORDS) + 1))
    rows = [line for line in (DECISIONS / "README.md").read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line)]
    assert rows == [_row(record) for record in RECORDS]


def _row(record: Path) -> str:
    title, _, body = record.read_text(encoding="utf-8").partition("\n\n")
    status, date = re.findall(r"^Status: (.+)\. Date: (.+)\.$", body, re.MULTILINE)[0]
    return f"| {record.name[:4]} | [{title.removeprefix('# ')}]({record.name}) | {status} | {date} |"


PLAIN_WORDS = "tests/plain_words.toml"


def unplain(words: list[str], path: str, kept: dict[str, str], text: str) -> list[str]:
    """Lines of a file with one of the words, alone or as a part of a name; what is kept counts as absent."""
    pattern = re.compile(rf"(?<![a-z])({'|'.join(words)})(?![a-z])", re.IGNORECASE)
    lines = enumerate(text.replace(kept.get(path, "\0"), "").splitlines(), 1)
    return [f"{path}:{number}: {line.strip()[:120]}" for number, line in lines if pattern.search(line)]


def test_code_documentation_and_tests_use_plain_words() -> None:
    rules = tomllib.loads((ROOT / PLAIN_WORDS).read_text())
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    texts = {path: (ROOT / path).read_bytes() for path in tracked if path not in {"", PLAIN_WORDS} and (ROOT / path).is_file()}
    readable = {path: content.decode(errors="ignore") for path, content in texts.items() if b"\0" not in content}
    found = [line for path, text in readable.items() for line in unplain(list(rules["instead"]), path, rules["kept"], text)]
    assert found == [], f"plain words instead: {rules['instead']}"
    assert [path for path, text in rules["kept"].items() if text not in readable.get(path, "")] == [], "kept, and no longer there"


@pytest.mark.parametrize("line", ["x = _{}", "class {}:", "def test_{}_gets_in() -> None:", "# As {} says."])
def test_a_word_that_is_not_plain_is_found(line: str) -> None:
    words = tomllib.loads((ROOT / PLAIN_WORDS).read_text())["instead"]
    for word in (*words, *map(str.title, words)):
        assert unplain(list(words), "a.py", {}, line.format(word)) == [f"a.py:1: {line.format(word)}"]
    assert unplain(list(words), "a.py", {}, "The unheard-of dishonesty of a toldo.") == []
