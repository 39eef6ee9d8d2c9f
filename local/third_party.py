"""THIRD_PARTY.md, made from the layers' pins and the libraries' own metadata: `python -m local.third_party`.

Says what a deployment ships besides this project, under which licence, and what a licence requires of a redistributor.
"""

import re
from email.message import Message
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final

from local import artifacts, processors_library
from local.paths import ROOT

TARGET: Final = ROOT / "THIRD_PARTY.md"
LAYERS: Final = ("common", "evm", "bank", "passkeys", processors_library.LAYER)
WEB: Final = ROOT / "web"
_TEXT_OF: Final = "-LICENSE.txt"
_VERSION: Final = re.compile(r"\(v([0-9.]+)\)")
_PIN: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)(?: ; (.*?))?(?: \\)?$", re.MULTILINE)
_WINDOWS_ONLY: Final = "sys_platform == 'win32'"
_OSI: Final = "License :: OSI Approved :: "
# Free text that says less than the classifiers beside it.
_VAGUE: Final = frozenset({"", "Dual License", "LGPL", "BSD, Public Domain"})
_COPYLEFT: Final = re.compile(r"GPL|General Public|MPL|Mozilla|EPL|CDDL", re.IGNORECASE)

# What each library under a licence with conditions on the whole asks for, and how it is met. A new one has to be added by hand.
CONDITIONS: Final = {
    "python-stdnum": (
        "LGPL 2.1 or later. The vault checks IBANs with it. A redistributor of the layer includes this notice and the licence's text "
        "(`python/python_stdnum-*.dist-info/licenses/COPYING` in the layer), may not forbid changing the library or taking the "
        "combination apart to debug such changes, and leaves the library replaceable. It is: the layer holds its source, unchanged, as "
        "files of its own; put another version into `layers/common/requirements.txt` and build. Use over a network asks for nothing."
    ),
    "certifi": (
        "MPL 2.0. A list of certificate authorities, unchanged; web3's HTTP library brings it along. Changes to its files must be "
        "published under MPL 2.0; nothing is required of the files beside it."
    ),
    "fido2": (
        "BSD 2-Clause, and two parts of others in it: code of pyu2f under Apache 2.0, and the public suffix list under MPL 2.0. It checks "
        "passkeys. All of it is unchanged, with the three texts in its `*.dist-info`. Changes to the list's file must be published under "
        "MPL 2.0; nothing is required of the files beside it."
    ),
}
_HEAD: Final = """# Libraries of others

PayCoreX is under the Apache License 2.0 (`LICENSE`). A deployment ships these libraries, most in its layers, each with its own licence's
text in its `*.dist-info`. All but one are unchanged; the end of this file says what is changed in that one. Made by
`python -m local.third_party` from the layers' pins, which follow `uv.lock`; a test holds them together. What only builds and tests
(`uv.lock`, groups `run` and `dev`) is not shipped.
"""
_CLIENTS: Final = """## The client libraries

`clients/` holds no code of others. What an installation of a client fetches beside it, each unchanged: for Python `httpx` (BSD-3-Clause),
`pydantic` and `anyio` (MIT), with the extra `cli` `typer`, `rich` and `platformdirs` (MIT); for TypeScript `openapi-fetch` (MIT). The types
in `clients/typescript/src/schema.ts` are made by openapi-typescript (MIT) from this project's own contract.
"""
_CHANGED: Final = (
    "- **hyperswitch-prism**: Apache 2.0, which asks for the licence's text and for a notice of changes: both are in its `*.dist-info`. "
    "Its package is called `processors_library`, only the generated part is kept, and its shared object is made to load with glibc 2.34 "
    "and has no symbols for debuggers (`local/processors_library.py`)."
)


def shipped(layer: str) -> dict[str, str]:
    """Version by name of what a layer ships; Lambda is no Windows."""
    pins = _PIN.findall((ROOT / "layers" / layer / "requirements.txt").read_text(encoding="utf-8"))
    return {name: version for name, version, marker in pins if _WINDOWS_ONLY not in marker}


def installed(layer: str, name: str) -> Distribution:
    """A library of a layer. Those of the processors' layer are not in this environment. Raises artifacts.InstallFailed."""
    if layer != processors_library.LAYER:
        return distribution(name)
    folder = artifacts.libraries(layer, artifacts.machine_architecture())
    (metadata,) = folder.glob(f"{name.replace('-', '_')}-*.dist-info")
    return Distribution.at(metadata)


def licence_of(layer: str, name: str) -> str:
    """The licence as the installed library states it. Raises SystemExit when it states none."""
    stated = installed(layer, name).metadata
    assert isinstance(stated, Message)
    expression = stated.get("License-Expression")
    text = (stated.get("License") or "").strip()
    classified = [line.removeprefix(_OSI) for line in stated.get_all("Classifier") or [] if line.startswith(_OSI)]
    found = expression or (text if text not in _VAGUE and "\n" not in text else "") or " or ".join(classified)
    if not found:
        raise SystemExit(f"{name} states no licence")
    return str(found)


def render() -> str:
    """The file as it should be. Raises SystemExit for a licence whose conditions are not described here."""
    parts = [_HEAD]
    named = []
    for layer in LAYERS:
        parts.append(f"## Layer `{layer}`\n\n| library | version | licence |\n|---|---|---|")
        for name, version in sorted(shipped(layer).items()):
            licence = licence_of(layer, name)
            parts.append(f"| {name} | {version} | {licence} |")
            if _COPYLEFT.search(licence):
                named.append(name)
        parts.append("")
    parts += [
        "## The merchant's page\n",
        "| library | version | licence |",
        "|---|---|---|",
        *map(_vendored, sorted(WEB.glob(f"*{_TEXT_OF}"))),
        "",
    ]
    parts.append(_CLIENTS)
    if set(named) != set(CONDITIONS):
        raise SystemExit(f"describe in local/third_party.py what these ask for, no more and no less: {', '.join(sorted(named))}")
    parts.append("## Licences that ask for more than their text\n")
    parts += [f"- **{name}**: {CONDITIONS[name]}" for name in named]
    parts += ["\n## What is changed\n", _CHANGED]
    return "\n".join(parts) + "\n"


def _vendored(licence: Path) -> str:
    """The line of a library that stands in `web/` beside its licence's text; its source says the version in its first lines."""
    name = licence.name.removesuffix(_TEXT_OF)
    version = _VERSION.search((WEB / f"{name}.js").read_text(encoding="utf-8")[:1000])
    if version is None:
        raise SystemExit(f"web/{name}.js does not say its version")
    return f"| {name} | {version.group(1)} | {licence.read_text(encoding='utf-8').splitlines()[0]}: `web/{licence.name}` |"


def main() -> None:
    """Write the file."""
    TARGET.write_text(render(), encoding="utf-8")
    print(f"{TARGET.name}: {sum(len(shipped(layer)) for layer in LAYERS)} libraries")


if __name__ == "__main__":
    main()
