"""The TypeScript client, built by tsc: signing vectors, retries, the table of cases, a lossy network, its README as printed."""

import json
import re
import textwrap
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.clients import typescript
from local.clients.contract import load
from local.clients.typescript import FOLDER
from paycorex_client import PayCoreX
from tests.integration.clients.conftest import Platform
from tests.support import typescript_client
from tests.support.cases import CASES
from tests.support.cutting_proxy import CuttingProxy
from tests.support.typescript_client import run

README = (FOLDER / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```ts\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)
SHOWN = re.findall(r"console\.log\(.*\); // (.*)$", README, re.MULTILINE)
PAYMENTS = 12
# What a page takes of Node, which is declared for it.
_NODE = "declare const process: { env: Record<string, string | undefined> };\n"


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    typescript_client.build()


def test_the_generated_files_are_what_the_contract_makes() -> None:
    made = {**typescript.files(load()), typescript.SCHEMA: typescript.schema()}
    assert [path.name for path, text in made.items() if path.read_text(encoding="utf-8") != text] == [], "make openapi"


def test_it_has_one_dependency() -> None:
    package = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    assert list(package["dependencies"]) == ["openapi-fetch"]
    imported = set(re.findall(r'from "([^"]+)"', "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "src").glob("*.ts"))))
    assert {name for name in imported if not name.startswith("./")} == {"openapi-fetch"}


def test_vectors_and_retries() -> None:
    printed = run("node", "--test", *sorted((FOLDER / "test").glob("*.test.mjs")))
    vectors = json.loads((FOLDER / "../../docs/signing-vectors.json").read_text(encoding="utf-8"))
    passed = re.search(r"^# pass (\d+)$", printed, re.MULTILINE)
    assert passed is not None
    assert int(passed[1]) >= 2 * len(vectors["v2"]) + len(vectors["webhooks"]) + len(vectors["refused_webhooks"])


def test_it_does_what_the_table_says(platform: Platform) -> None:
    printed = run("node", "test/cases.mjs", platform.url, platform.who.api_key, platform.who.secret)
    assert printed == f"{len(CASES)} cases\n"


def test_a_storm_of_retries_makes_each_payment_once(platform: Platform) -> None:
    platform.http.world.wallet(platform.who, "asha", "1000.00")
    port = urlsplit(platform.url).port
    assert port is not None
    with CuttingProxy(port, seed=3, weights=(1, 5, 3, 1, 1, 11)).serving() as proxy:
        ids = json.loads(run("node", "test/storm.mjs", proxy.url, platform.who.api_key, platform.who.secret, str(PAYMENTS)))
    with PayCoreX(platform.who.api_key, platform.who.secret, base_url=platform.url) as client:
        assert len(set(ids)) == PAYMENTS
        assert {payment.payment_id for payment in client.payments.list()} == set(ids)
        assert client.wallets.of_user(user_id="asha").data[0].balance == Decimal(1000) - PAYMENTS
    assert proxy.happened["cut"] + proxy.happened["half"] >= PAYMENTS / 2


def compile_in(folder: Path, text: str) -> None:
    """shop.mjs, of this text, beside the client."""
    (folder / "shop.mts").write_text(text, encoding="utf-8")
    (folder / "node_modules" / "@paycorex").mkdir(parents=True)
    (folder / "node_modules" / "@paycorex" / "client").symlink_to(FOLDER)
    tsc = ["--strict", "--target", "ES2022", "--module", "NodeNext", "--lib", "ES2022,DOM,DOM.Iterable", "--skipLibCheck"]
    run(FOLDER / "node_modules" / ".bin" / "tsc", *tsc, "shop.mts", cwd=folder)


def test_the_quickstart_compiles_and_runs(platform: Platform, tmp_path: Path) -> None:
    """The page's own block; what it takes of Node is declared for it."""
    page = (FOLDER.parents[1] / "docs" / "guides" / "quickstart.md").read_text(encoding="utf-8")
    (block,) = re.findall(r'^    ```ts title="first.mts"\n(.*?)^    ```$', page, re.DOTALL | re.MULTILINE)
    compile_in(tmp_path, _NODE + textwrap.dedent(block))
    variables = {"PAYCOREX_URL": platform.url, "PAYCOREX_API_KEY": platform.who.api_key, "PAYCOREX_SECRET": platform.who.secret}
    assert run("node", "shop.mjs", cwd=tmp_path, **variables).split() == ["success", "success"]


PAGES = sorted((FOLDER.parents[1] / "docs").rglob("*.md"))
ON_PAGES = [
    (page.stem, text)
    for page in PAGES
    for text in re.findall(r"^```ts\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ON_PAGES])
def test_the_blocks_of_pages_compile_and_run(platform: Platform, tmp_path: Path, text: str) -> None:
    compile_in(tmp_path, _NODE + text)
    variables = {"PAYCOREX_URL": platform.url, "PAYCOREX_API_KEY": platform.who.api_key, "PAYCOREX_SECRET": platform.who.secret}
    assert run("node", "shop.mjs", cwd=tmp_path, **variables).strip()


def test_the_readme_compiles_runs_and_prints_what_it_says(platform: Platform, tmp_path: Path) -> None:
    text = "\n".join(BLOCKS)
    assert text.count('"http://127.0.0.1:8080"') == 1
    compile_in(tmp_path, text.replace("http://127.0.0.1:8080", platform.url))
    printed = run("node", "shop.mjs", cwd=tmp_path).splitlines()
    assert len(SHOWN) == 4
    assert [line for line in SHOWN if line not in printed] == []
