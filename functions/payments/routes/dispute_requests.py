"""What clients send to the routes of disputes."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from paycorex.contract import Body
from paycorex.text import clean
from payments.disputes.evidence_kinds import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_NAME_CHARACTERS,
    MAX_TEXT_CHARACTERS,
    ContentType,
    FileKind,
    TextKind,
)


def _prose(text: str) -> str:
    """Text of several lines: what `clean` refuses, but for the ends of lines and tabs."""
    return "\n".join("\t".join(map(clean, line.split("\t"))) for line in text.replace("\r\n", "\n").split("\n"))


Prose = Annotated[str, StringConstraints(max_length=MAX_TEXT_CHARACTERS), AfterValidator(_prose)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NAME_CHARACTERS), AfterValidator(clean)]


class AnnouncedFile(Body):
    """A file that will be uploaded by the link that the answer gives."""

    kind: FileKind
    name: FileName
    content_type: ContentType
    size: Annotated[int, Field(ge=1, le=MAX_FILE_BYTES)]


class AddEvidence(Body):
    """POST /v1/disputes/{dispute_id}/evidence. A text replaces the one of its kind; an empty one takes it back."""

    text: dict[TextKind, Prose] = Field(default_factory=dict)
    files: Annotated[list[AnnouncedFile], Field(max_length=MAX_FILES)] = Field(default_factory=list)


class AcceptDispute(Body):
    """POST /v1/disputes/{dispute_id}/accept."""

    dry_run: bool = False
