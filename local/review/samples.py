"""What a template's values become when they are deployed: texts of the greatest length, to count bytes before there is a stack."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

# The stages' stacks in samconfig.toml are named like this; a test holds the length to them.
STACK_NAME: Final = "paycorex-staging"
REGION: Final = "ap-southeast-2"
ACCOUNT: Final = "123456789012"
# A name that CloudFormation makes: the stack, the logical id and twelve characters, with dashes between.
_SUFFIX: Final = "ABCDEFGHIJKL"
# Of a parameter that says nothing about its length.
PARAMETER_BYTES: Final = 256
_PSEUDO: Final = {
    "AWS::StackName": STACK_NAME,
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::NoValue": "",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK_NAME}/12345678-1234-1234-1234-123456789012",
}
# ARNs by type of resource, after `arn:aws:`; others are named like functions.
_ARNS: Final = {
    "AWS::DynamoDB::Table": f"dynamodb:{REGION}:{ACCOUNT}:table/{{name}}",
    "AWS::IAM::Role": f"iam::{ACCOUNT}:role/{{name}}",
    "AWS::KMS::Key": f"kms:{REGION}:{ACCOUNT}:key/12345678-1234-1234-1234-123456789012",
    "AWS::Lambda::Function": f"lambda:{REGION}:{ACCOUNT}:function:{{name}}",
    "AWS::Logs::LogGroup": f"logs:{REGION}:{ACCOUNT}:log-group:{{name}}:*",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::SNS::Topic": f"sns:{REGION}:{ACCOUNT}:{{name}}",
    "AWS::SQS::Queue": f"sqs:{REGION}:{ACCOUNT}:{{name}}",
}
_NAMED: Final = re.compile(r"\$\{([\w:.]+)\}")


@dataclass(frozen=True, slots=True)
class Samples:
    """Texts for the values of one template."""

    template: Mapping[str, Any]

    def text(self, value: Any) -> str:
        """The longest text that a value, intrinsic or not, may become. Raises KeyError for an intrinsic that has no form here."""
        if isinstance(value, dict) and len(value) == 1:
            return self._intrinsic(*next(iter(value.items())))
        return "" if value is None else str(value)

    def resolved(self, value: Any) -> Any:
        """The same structure, every intrinsic written as its text."""
        if isinstance(value, dict):
            if len(value) == 1 and (only := next(iter(value))) and (only == "Ref" or only.startswith("Fn::")):
                return self._branch(value[only]) if only == "Fn::If" else self.text(value)
            return {name: self.resolved(item) for name, item in value.items()}
        return [self.resolved(item) for item in value] if isinstance(value, list) else value

    def _branch(self, branches: list[Any]) -> Any:
        """The longer one of a condition's two values."""
        return max((self.resolved(branch) for branch in branches[1:]), key=lambda one: len(str(one)))

    def _intrinsic(self, name: str, value: Any) -> str:
        forms: dict[str, Callable[[Any], str]] = {
            "Ref": self._reference,
            "Fn::GetAtt": lambda path: self._attribute(*(path.split(".", 1) if isinstance(path, str) else path)),
            "Fn::Sub": self._substituted,
            "Fn::If": lambda branches: max((self.text(branch) for branch in branches[1:]), key=len),
            "Fn::Join": lambda parts: self.text(parts[0]).join(self.text(item) for item in parts[1]),
            "Fn::Select": self._selected,
            "Fn::FindInMap": lambda path: max(self._mapped(path), key=len),
        }
        return forms[name](value)

    def _selected(self, chosen: list[Any]) -> str:
        """One of a list, or of a text's parts. Raises KeyError for a list that is neither."""
        index, among = chosen
        if isinstance(among, dict):
            delimiter, text = among["Fn::Split"]
            among = self.text(text).split(delimiter)
        return self.text(among[int(index)])

    def _reference(self, name: str) -> str:
        if name in _PSEUDO:
            return _PSEUDO[name]
        parameter = self.template.get("Parameters", {}).get(name)
        if parameter is None:
            # A version's name is its ARN.
            return f"{self._attribute(name, 'Arn')}:1" if self._kind(name) == "AWS::Lambda::Version" else physical_name(name)
        if "AllowedValues" in parameter:
            return max(map(str, parameter["AllowedValues"]), key=len)
        if parameter["Type"] == "Number":
            return max((str(parameter.get(bound, "")) for bound in ("MaxValue", "Default")), key=len)
        return "x" * int(parameter.get("MaxLength", PARAMETER_BYTES))

    def _attribute(self, name: str, attribute: str) -> str:
        if not attribute.endswith("Arn"):
            return physical_name(name)
        arn = "arn:aws:" + _ARNS.get(self._kind(name), _ARNS["AWS::Lambda::Function"]).format(name=physical_name(name))
        return f"{arn}/stream/2026-01-01T00:00:00.000" if attribute == "StreamArn" else arn

    def _kind(self, name: str) -> str:
        return str(self.template["Resources"].get(name, {}).get("Type", ""))

    def _substituted(self, value: Any) -> str:
        pattern, names = value if isinstance(value, list) else (value, {})

        def one(found: re.Match[str]) -> str:
            name = found[1]
            if name in names:
                return self.text(names[name])
            return self._attribute(*name.split(".", 1)) if "." in name else self._reference(name)

        return _NAMED.sub(one, pattern)

    def _mapped(self, path: list[Any]) -> Iterator[str]:
        """Every value that a look into a mapping may find."""
        for entry in self.template.get("Mappings", {}).get(path[0], {}).values():
            yield from (self.text(found) for key, found in entry.items() if path[2] == key or not isinstance(path[2], str))


def physical_name(logical_id: str) -> str:
    """A name as CloudFormation makes it for a resource without one of its own."""
    return f"{STACK_NAME}-{logical_id}-{_SUFFIX}"
