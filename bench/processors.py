"""The processors' library in the built package: sizes of the layers, what its first use takes, and how long a translation takes.

`python -m bench.processors`: fresh processes over the package that is deployed. `--instructions` counts a door's cold start with the
layer and without it by valgrind's callgrind, which any load of the machine leaves as it is.
"""

import argparse
import json
import os
import re
import statistics
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from bench import built_package, table
from local import artifacts, processors_library
from local.paths import LOCAL, uv
from local.review.function_quotas import UNZIPPED_BYTES

ROUNDS: Final = 7
CALLS: Final = 200
DOOR: Final = "payments.door"
# The layers of the functions that call processors.
ATTACHED: Final = ("common", processors_library.LAYER)
_SIZES: Final = ("layer", "processor", "unpacked, MB", "as a zip, MB")
_USE: Final = ("what", "median", "largest")
_TRANSLATIONS: Final = ("processor", "request made, ms", "answer read, ms")
_INSTRUCTIONS: Final = ("the payments door's cold start", "million instructions", "times without the layer")
_FIRST_USE: Final = """
import json, resource, time
def memory(what):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(what)) / 1000
def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
import payments.door
from paycorex import loading
loading.rest()
before, cpu_before, began = memory("VmRSS"), cpu(), time.perf_counter()
from payments.connectors.prism import library
loaded = library.load()
assert isinstance(loaded, library.Library), loaded
took, cpu_took, after = time.perf_counter() - began, cpu() - cpu_before, memory("VmRSS")
"""
_TRANSLATE: Final = """
def timed(call):
    found = []
    for _ in range({calls}):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return sorted(found)[len(found) // 2]
def made(name, fields):
    options = loaded.config.FfiOptions(environment=loaded.config.SANDBOX)
    for field in fields:
        getattr(getattr(options.connector_config, name), field).value = "0123456789abcdef0123456789abcdef"
    request = loaded.payment.PaymentServiceCaptureRequest(merchant_capture_id="c", connector_transaction_id="t")
    request.amount_to_capture.minor_amount, request.amount_to_capture.currency = 1000, loaded.payment.USD
    return request.SerializeToString(), options.SerializeToString()
answer = loaded.config.FfiConnectorHttpResponse(status_code=422, body=b'{{"error": {{"message": "no"}}}}').SerializeToString()
times = {{}}
for name, fields in {processors!r}.items():
    request, options = made(name, fields)
    times[name] = [
        timed(lambda: loaded.ffi.capture_req_transformer(request, options)),
        timed(lambda: loaded.ffi.capture_res_transformer(answer, request, options)),
    ]
"""
_REPORT: Final = """
print(json.dumps({"before": before, "after": after, "peak": memory("VmHWM"), "seconds": took, "cpu": cpu_took, "times": times}))
"""
PROCESSORS: Final = {
    "adyen": ("api_key", "merchant_account"),
    "checkout": ("api_key", "api_secret", "processing_channel_id"),
    "cybersource": ("api_key", "merchant_account", "api_secret"),
    "stripe": ("api_key",),
}
_NOTE: Final = (
    "`python -m bench.processors`: the built package in fresh processes. A translation is one call of the library, without HTTP;\n"
    "times are wall-clock on a machine with other work. Lambda gives a function half a processor at 885 MB and a whole one at 1,769 MB."
)


def sizes(architectures: tuple[str, ...] = ("arm64", "x86_64")) -> list[tuple[str, ...]]:
    """Each layer of the functions that call processors, and what is left of Lambda's 250 MB without their own code."""
    rows: list[tuple[str, ...]] = []
    for architecture in architectures:
        total = 0
        for layer in ATTACHED:
            folder = artifacts.libraries(layer, architecture)
            unpacked = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            total += unpacked
            rows.append((f"`{layer}`", architecture, f"{unpacked / 1e6:.1f}", f"{_zipped(folder) / 1e6:.1f}"))
        rows.append((f"together, of {UNZIPPED_BYTES / 1e6:.0f}", architecture, f"{total / 1e6:.1f}", ""))
    return rows


def _zipped(folder: Path) -> int:
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                archive.write(path, path.relative_to(folder))
        return file.tell() if file.seek(0, os.SEEK_END) else 0


def first_use(paths: tuple[Path, ...]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """What the first use takes of time and memory, and the median times of translations."""
    code = _FIRST_USE + _TRANSLATE.format(calls=CALLS, processors=PROCESSORS) + _REPORT
    rounds = [json.loads(built_package.output_of(built_package.command(paths, code))) for _ in range(ROUNDS + 1)][1:]

    def row(what: str, unit: str, values: list[float]) -> tuple[str, ...]:
        return what, f"{statistics.median(values):.0f} {unit}", f"{max(values):.0f} {unit}"

    use = [
        row("first use, from the call until it is loaded", "ms", [one["seconds"] * 1000 for one in rounds]),
        row("CPU of that", "ms", [one["cpu"] * 1000 for one in rounds]),
        row("memory of the door with everything loaded but the library", "MB", [one["before"] for one in rounds]),
        row("memory with the library", "MB", [one["after"] for one in rounds]),
        row("memory at most, after the translations below", "MB", [one["peak"] for one in rounds]),
    ]
    times = [
        (name, *(f"{statistics.median([one['times'][name][place] for one in rounds]):.2f}" for place in (0, 1))) for name in PROCESSORS
    ]
    return use, times


def instructions(ours: tuple[Path, ...], layer: Path) -> list[tuple[str, ...]]:
    """The cold start of the payments door with the layer on its path and without."""
    counted = [_instructions(paths) for paths in (ours, (*ours, layer))]
    return [
        (what, f"{count / 1e6:.1f}", f"{count / counted[0]:.4f}")
        for what, count in zip(("without the layer", "with the layer"), counted, strict=True)
    ]


def _instructions(paths: tuple[Path, ...]) -> int:
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1"]
    found = re.search(r"Collected : (\d+)", built_package.output_of([*valgrind, *built_package.command(paths, f"import {DOOR}")]))
    assert found
    return int(found[1])


def main() -> None:
    """Measure and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--instructions", action="store_true", help="count the cold start only, by callgrind")
    wanted = options.parse_args()
    os.environ.setdefault("UV", uv())
    LOCAL.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=LOCAL) as directory:
        ours = built_package.build(Path(directory)).ours
        layer = artifacts.libraries(processors_library.LAYER, artifacts.machine_architecture())
        if wanted.instructions:
            shown = table.markdown(_INSTRUCTIONS, instructions(ours, layer))
            table.write_section("processors_instructions", f"### Cold start beside the processors' layer\n\n{shown}")
            print(shown)
            return
        use, times = first_use((*ours, layer))
        parts = [_NOTE, table.markdown(_SIZES, sizes()), table.markdown(_USE, use), table.markdown(_TRANSLATIONS, times)]
        table.write_section("processors", "## The processors' library\n\n" + "\n\n".join(parts))
        print("\n\n".join(parts))


if __name__ == "__main__":
    main()
