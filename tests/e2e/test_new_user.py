"""The quickstart, word for word: a new user's first payment, and the webhook in their own Flask app."""

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bench import new_user
from local import platform_file, ports
from local.paths import ROOT
from tests.e2e.deployed import Deployed
from tests.support import tools

PAGE = ROOT / new_user.PAGE


@pytest.fixture
def clone(deployed: Deployed, platform_url: str, tmp_path: Path) -> Path:
    """What of a clone the page uses, with the access of a new merchant where `make run` puts that of its own."""
    # Copied, and without what a clone has not: the page's commands write there.
    shutil.copytree(ROOT / "clients", tmp_path / "clients", ignore=shutil.ignore_patterns("node_modules", "dist"))
    who = deployed.register()
    access = platform_file.shell_access(platform_url, who.api_key, who.secret)
    platform_file.write_private_text(tmp_path / ".local" / "merchant.sh", access)
    return tmp_path


def environment() -> Mapping[str, str]:
    """A shell in which `python3` is one that the client is for, and npm takes what it has fetched before."""
    others = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    npm = {"npm_config_prefer_offline": "true", "npm_config_audit": "false", "npm_config_fund": "false"}
    return others | npm | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def test_the_quickstart_leads_to_a_webhook_in_a_flask_app(clone: Path) -> None:
    found = new_user.blocks(PAGE)
    assert [each.title for each in found if each.language == "python"] == ["first.py", "receiver.py", "endpoint.py", "pay.py"]
    steps, printed = new_user.follow(clone, new_user.script(found, ports.free_port()), environment())
    assert printed.splitlines().count("success") == 2
    (arrived,) = [line.split() for line in printed.splitlines() if line.startswith("payment.success ")]
    assert (arrived[1][:4], arrived[2]) == ("pay_", "1.00")
    assert len(steps) == sum(each.language == "sh" for each in found)


def test_a_step_that_fails_is_seen(clone: Path) -> None:
    with pytest.raises(new_user.Astray, match="no such thing"):
        new_user.follow(clone, new_user.script([new_user.Block("sh", "wrong", "echo no such thing\nfalse")]), environment())


def test_the_typescript_tab_runs(clone: Path) -> None:
    if not Path("/usr/bin/npx").exists():
        tools.missing("npm is missing: apt-get install -y npm")
    _, printed = new_user.follow(clone, new_user.script(new_user.first_payment(PAGE, "TypeScript")), environment())
    assert printed.splitlines().count("success") == 2


def test_the_tab_for_curl_runs(clone: Path) -> None:
    steps, printed = new_user.follow(clone, new_user.script(new_user.by_curl(PAGE)), environment())
    assert steps[-1].name == "curl"
    assert printed.count('"status":"success"') >= 2
    assert '"entries":[' in printed
