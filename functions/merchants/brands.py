"""How a merchant shows itself to payers: what a change makes of the brand, and its logo, which is stored apart."""

from collections.abc import Mapping
from typing import Any

from paycorex import pictures, storage
from paycorex.errors import InvalidRequest, NotFound
from paycorex.records.brand_logo import LogoItem


def changed(merchant_id: str, before: Mapping[str, Any], given: Mapping[str, Any] | None) -> tuple[dict[str, Any], list[storage.Write]]:
    """The brand with what is given, and what stores or removes its logo. given: None takes all of it away.

    Raises InvalidRequest for a logo that is no small PNG or JPEG.
    """
    wanted: dict[str, Any] = {"name": None, "colour": None, "logo": None} if given is None else dict(given)
    writes = []
    if "logo" in wanted:
        picture = None if wanted["logo"] is None else _picture(wanted["logo"])
        writes = [_removed(merchant_id) if picture is None else _stored(merchant_id, picture)]
        wanted["logo"] = None if picture is None else _known(picture)
    return {name: value for name, value in {**before, **wanted}.items() if value is not None}, writes


def logo(merchant_id: str) -> LogoItem:
    """The stored logo. Raises NotFound."""
    found = storage.get(LogoItem, merchant_id)
    if found is None:
        raise NotFound("logo")
    return found


def _picture(text: str) -> pictures.Picture:
    try:
        return pictures.read_base64(text)
    except pictures.PictureRefused as refused:
        raise InvalidRequest(f"brand.logo: It is {refused}.", details={"field": "brand.logo"}) from refused


def _known(picture: pictures.Picture) -> dict[str, Any]:
    size = len(picture.content)
    shape = {"width": picture.width, "height": picture.height, "size": size}
    return {"digest": picture.digest, "content_type": picture.content_type, **shape}


def _stored(merchant_id: str, picture: pictures.Picture) -> storage.Write:
    return storage.put(LogoItem(merchant_id=merchant_id, content=picture.content, content_type=picture.content_type))


def _removed(merchant_id: str) -> storage.Write:
    return storage.delete(LogoItem, LogoItem.wire_key(merchant_id), None)
