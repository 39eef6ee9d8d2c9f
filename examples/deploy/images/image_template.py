"""The template for container images: `python -m examples.deploy.images.image_template > image-template.yaml`.

One image has the code and all layers; each function starts it with a handler of its own. Everything else of the template stays as it is.
"""

import copy
import sys
from collections.abc import Mapping
from typing import Any, Final

import yaml  # type: ignore[import-untyped]  # writing one file is not worth another package of stubs

from local import cloudformation
from local.paths import ROOT

FUNCTION: Final = "AWS::Serverless::Function"
# What an image says itself, or cannot have.
_OF_ARCHIVES: Final = ("Runtime", "Layers", "CodeUri", "Handler", "SnapStart")
_IMAGE_URI: Final = {
    "Type": "String",
    "AllowedPattern": ".+@sha256:[0-9a-f]{64}",
    "Description": "The image in ECR, by its digest: a tag that moves would be deployed once only.",
}


def with_images(template: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the template in which every function is an image."""
    changed = copy.deepcopy(dict(template))
    changed["Parameters"]["ImageUri"] = _IMAGE_URI
    # Lambda makes no snapshot of an image.
    del changed["Parameters"]["SnapStart"], changed["Conditions"]["HasSnapStart"], changed["Rules"]["ReadyOrFromSnapshots"]
    shared = changed["Globals"]["Function"]
    for name in _OF_ARCHIVES:
        shared.pop(name, None)
    resources = changed["Resources"]
    changed["Resources"] = {name: one for name, one in resources.items() if one["Type"] != "AWS::Serverless::LayerVersion"}
    for resource in changed["Resources"].values():
        if resource["Type"] == FUNCTION:
            _take_image(resource)
    return changed


def _take_image(function: dict[str, Any]) -> None:
    function.pop("Metadata", None)
    properties = function["Properties"]
    handler = properties["Handler"]
    for name in _OF_ARCHIVES:
        properties.pop(name, None)
    for name in ("Description", "VersionDescription"):
        if name in properties:
            properties[name] = {"Fn::Sub": properties[name]["Fn::Sub"].replace(" ${SnapStart}", "")}
    properties |= {"PackageType": "Image", "ImageUri": {"Ref": "ImageUri"}, "ImageConfig": {"Command": [handler]}}


def main() -> None:
    """Write the template to standard output."""
    template = with_images(cloudformation.read_file(ROOT / "template.yaml"))
    yaml.safe_dump(template, sys.stdout, sort_keys=False, width=140)


if __name__ == "__main__":
    main()
