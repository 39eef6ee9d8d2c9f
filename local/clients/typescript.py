"""The generated files of the TypeScript client: types by openapi-typescript, resources and error classes from the contract.

openapi-typescript comes from npm. Without npm its file stays as it is, and the rest is written.
"""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

from local.clients.contract import CLIENTS, DOCUMENT, OTHERS, Contract, Operation
from local.clients.python_errors import error_class
from local.locks import exclusive
from local.paths import LOCAL
from paycorex.errors import STATUS_BY_CODE

FOLDER: Final = CLIENTS / "typescript"
SOURCES: Final = FOLDER / "src"
SCHEMA: Final = SOURCES / "schema.ts"
_TOOL: Final = FOLDER / "node_modules" / ".bin" / "openapi-typescript"
_RESOURCES_HEAD: Final = """// Every operation of the contract, by resource. Generated from the contract.
import type { Options, Transport } from "./transport.js";
import { type Content, Pages } from "./answers.js";
import type { Answer, AnswerOf, Body, Item, Query } from "./operations.js";
"""
_CODES_HEAD: Final = """// An error class for each code of the contract. Generated from the contract.
import { ApiError } from "./errors.js";
"""


class NoNpm(Exception):
    """npm is not on this machine."""


def install() -> None:
    """Fetch what the lock file pins, when it is not there. Raises NoNpm."""
    with exclusive(LOCAL / "npm-clients.lock"):
        if _TOOL.exists():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise NoNpm("npm is missing: apt-get install -y npm")
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=FOLDER, check=True)


def files(contract: Contract) -> dict[Path, str]:
    """The files that need no npm."""
    return {SOURCES / "resources.ts": resources(contract), SOURCES / "codes.ts": codes()}


def schema() -> str:
    """What openapi-typescript makes of the merchant's part of the contract. Raises NoNpm."""
    install()
    document: dict[str, Any] = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    document["paths"] = {path: item for path, item in document["paths"].items() if not OTHERS.fullmatch(path)}
    with tempfile.TemporaryDirectory(prefix="paycorex-contract-") as folder:
        source, made = Path(folder) / "contract.json", Path(folder) / "schema.ts"
        source.write_text(json.dumps(document), encoding="utf-8")
        command = [str(_TOOL), str(source), "--output", str(made), "--default-non-nullable", "false"]
        subprocess.run(command, cwd=FOLDER, check=True, capture_output=True)
        return made.read_text(encoding="utf-8")


def camel(name: str) -> str:
    """`top_up` as `topUp`."""
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def resources(contract: Contract) -> str:
    """The module of all resources."""
    parts = [_RESOURCES_HEAD]
    for name in contract.resources():
        own = camel(f"_{name}")
        parts.append(f"\n/** {own}. */\nexport class {own} {{\n  constructor(private readonly transport: Transport) {{}}\n")
        for operation in contract.operations:
            if operation.resource == name:
                parts += _methods(contract, operation)
        parts.append("}\n")
    parts.append("\n/** What a client offers. */\nexport class Resources {\n")
    parts += [f"  readonly {camel(name)}: {camel(f'_{name}')};\n" for name in contract.resources()]
    parts.append("\n  constructor(transport: Transport) {\n")
    parts += [f"    this.{camel(name)} = new {camel(f'_{name}')}(transport);\n" for name in contract.resources()]
    return "".join([*parts, "  }\n}\n"])


def _methods(contract: Contract, operation: Operation) -> list[str]:
    where = f'"{operation.path}", "{operation.method.lower()}"'
    answered = [schema for schema in operation.answers.values() if schema is not None]
    if not answered:
        kind, returns = ("content", "Content") if operation.media_types else ("json", "Record<string, unknown>")
        return [_method(operation, operation.name, f"Promise<{returns}>", kind)]
    if "cursor" in operation.query and {"data", "next_cursor"} <= set(contract.resolve(answered[0]).get("properties", {})):
        return [_method(operation, operation.name, f"Pages<Item<{where}>>", "pages")]
    if len(answered) > 1 and answered[0] != answered[-1] and _has_dry_run(contract, operation):
        real = next(status for status in operation.answers if status != 200)
        return [
            _method(operation, operation.name, f"Promise<AnswerOf<{where}, {real}>>", "json", body=f'Omit<Body<{where}>, "dry_run">'),
            _method(operation, f"{operation.name}_dry_run", f"Promise<AnswerOf<{where}, 200>>", "json", dry_run=True),
        ]
    return [_method(operation, operation.name, f"Promise<Answer<{where}>>", "json")]


def _has_dry_run(contract: Contract, operation: Operation) -> bool:
    return operation.body is not None and "dry_run" in contract.resolve(operation.body).get("properties", {})


def _method(operation: Operation, name: str, returns: str, kind: str, *, body: str = "", dry_run: bool = False) -> str:
    where = f'"{operation.path}", "{operation.method.lower()}"'
    parameters = [f"{camel(each)}: string" for each in operation.path_parameters]
    given = (
        [f"path: {{ {', '.join(f'{each}: {camel(each)}' for each in operation.path_parameters)} }}"] if operation.path_parameters else []
    )
    if operation.body is not None:
        named = body or (f'Omit<Body<{where}>, "dry_run">' if dry_run else f"Body<{where}>")
        parameters.append(f"body: {named}")
        given.append("body: { ...body, dry_run: true }" if dry_run else "body")
    if operation.query:
        optional = "" if operation.required_query else " = {}"
        wanted = f'Omit<Query<{where}>, "cursor">' if kind == "pages" else f"Query<{where}>"
        parameters.append(f"query: {wanted}{optional}")
        given.append("query")
    if not operation.signed:
        given.append("signed: false")
    parameters.append("options: Options = {}")
    call = f'"{operation.method}", "{operation.path}", {{ {", ".join(given)} }}, options'.replace("{  }", "{}")
    sent = f"new Pages(this.transport, {call})" if kind == "pages" else f"this.transport.{kind}({call})"
    about = operation.summary if operation.summary.endswith(".") else f"{operation.summary}."
    return f"\n  /** {about} */\n  {camel(name)}({', '.join(parameters)}): {returns} {{\n    return {sent};\n  }}\n"


def codes() -> str:
    """The module of error classes."""
    parts = [_CODES_HEAD]
    for code, status in STATUS_BY_CODE.items():
        parts.append(f"\n/** `{code}`, HTTP {status}. */\nexport class {error_class(code)} extends ApiError {{}}\n")
    parts.append("\nexport const BY_CODE: Readonly<Record<string, typeof ApiError>> = {\n")
    return "".join([*parts, *(f"  {code}: {error_class(code)},\n" for code in STATUS_BY_CODE), "};\n"])


def write(contract: Contract) -> None:
    """Write them."""
    made = files(contract)
    try:
        made[SCHEMA] = schema()
    except NoNpm as missing:
        print(f"clients/typescript/src/schema.ts stays as it is: {missing}")
    for path, text in made.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
