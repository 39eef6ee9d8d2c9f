"""The API's routes: each room's source lists its own, the template's API gets them all, and each function one permission to be called.

A line of a list is `METHOD /path [public|operators]`; without a word the signature is checked. `#` begins a comment.
"""

from dataclasses import dataclass, field
from typing import Final

# Who may come in, in the words of SAM's authorizers: SAM leaves NONE open, asks IAM for AWS_IAM, and for the rest the default authorizer.
_AUTHORIZERS: Final = {"": None, "public": "NONE", "operators": "AWS_IAM"}
# Every method that the path does not list; API Gateway's extension of OpenAPI.
_ANY: Final = "x-amazon-apigateway-any-method"
_PERMISSION: Final = """\
  {function}Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref {function}.Alias
      Principal: apigateway.amazonaws.com
      # Every route of this API and no other one: a permission for each route would be a fifth of the stack's resources.
      SourceArn: !Sub "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/*"
"""


@dataclass(frozen=True, slots=True)
class Route:
    """method: as OpenAPI writes it. authorizer: what SAM calls the one that decides, None for the API's default."""

    function: str
    method: str
    path: str
    authorizer: str | None


@dataclass(frozen=True, slots=True)
class Routes:
    """All routes of the template, in the order in which the rooms list them."""

    listed: list[Route] = field(default_factory=list)

    def add(self, text: str, function: str) -> str:
        """Take over a room's list. Returns the YAML that stands in its place: the function's permission. Raises ValueError."""
        for line in (raw.partition("#")[0].strip() for raw in text.splitlines()):
            if line:
                self.listed.append(_route(line, function))
        return _PERMISSION.format(function=function)

    def by_path(self) -> dict[str, list[Route]]:
        """The routes of each path, in order."""
        found: dict[str, list[Route]] = {}
        for route in self.listed:
            found.setdefault(route.path, []).append(route)
        return found


def _route(line: str, function: str) -> Route:
    method, path, *words = line.split()
    who = " ".join(words)
    if not path.startswith("/") or who not in _AUTHORIZERS:
        raise ValueError(f"{function}: {line!r} is no route; it is METHOD /path, then public, operators or nothing")
    return Route(function, _ANY if method == "ANY" else method.lower(), path, _AUTHORIZERS[who])
