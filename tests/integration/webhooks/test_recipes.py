"""The README's recipes, run as they are printed: each accepts a real delivery and refuses a forged one."""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import tools
from tests.support.engine import Engine, Received
from tests.support.template import ROOT
from tests.support.webhooks import register

RECIPES = dict(re.findall(r"```(python|javascript|php)\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL))
HARNESS = {
    "python": """
import json, sys
given = json.load(sys.stdin)
print(json.dumps([is_genuine(given["secret"], headers, body.encode()) for headers, body in given["cases"]]))
""",
    "javascript": """
const given = JSON.parse(require("node:fs").readFileSync(0));
console.log(JSON.stringify(given.cases.map(([headers, body]) => isGenuine(given.secret, headers, Buffer.from(body)))));
""",
    "php": """
$given = json_decode(file_get_contents("php://stdin"), true);
echo json_encode(array_map(fn ($case) => is_genuine($given["secret"], $case[0], $case[1]), $given["cases"]));
""",
}
INTERPRETERS = {"python": sys.executable, "javascript": shutil.which("node"), "php": shutil.which("php")}


@pytest.mark.parametrize("language", ["python", "javascript", "php"])
def test_28_the_printed_recipe_verifies_a_delivery_and_nothing_else(engine: Engine, language: str, tmp_path: Path) -> None:
    interpreter = INTERPRETERS[language]
    if interpreter is None:
        tools.missing(f"no {language} interpreter on this machine")
    engine.world.clock.now = time.time()
    who, endpoint = register(engine)
    engine.world.call(who, "POST", f"/v1/webhooks/provider/{endpoint['endpoint_id']}/rotate", {})
    engine.world.pay(who, "asha", "1.00")
    engine.settle()
    [received] = engine.internet.received
    script = tmp_path / "recipe"
    script.write_text(RECIPES[language] + HARNESS[language])
    given = json.dumps({"secret": endpoint["secret"], "cases": _cases(received)})
    done = subprocess.run([interpreter, script], input=given, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == [True, False, False, False]


def _cases(received: Received) -> list[tuple[dict[str, str], str]]:
    """Genuine, another body, another id, too old."""
    headers, body = {name.lower(): value for name, value in received.headers.items()}, received.body.decode()
    stale = headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 301)}
    return [(headers, body), (headers, body.replace("1.00", "9.00")), (headers | {"webhook-id": "evt_other"}, body), (stale, body)]
