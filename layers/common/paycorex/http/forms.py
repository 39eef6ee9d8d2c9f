"""The forms of fields in words: what a pattern of the contract asks for, for people."""

import re
from typing import Final

_ID: Final = re.compile(r"\^([a-z]{3})_\[a-z2-7\]\{26\}\$")
_WORDS: Final = {
    "^[A-Z]{3}$": "A currency is three capital letters, such as INR (ISO 4217).",
    "^[A-Z]{2}$": "A country is two capital letters, such as IN (ISO 3166).",
    "^[a-z]{3}_[a-z2-7]{26}$": "An id is three letters, _ and 26 characters, as this API answered it.",
    r"^pay_[a-z2-7]{26}\.[0-9]{1,9}$": "Late money's id is the payment's (pay_…), a point and a number.",
    "^(?:[a-z]{3}_[a-z2-7]{26}|arn:[A-Za-z0-9:/_+=,.@-]{1,180})$": "It is an id, or an operator's ARN.",
    r"^[^@\s]{1,64}@[^@\s]{1,189}$": "An e-mail address is a name, @ and a domain, without spaces.",
    r"^\+?[0-9]{8,15}$": "A telephone number is 8 to 15 digits, with + before them or not, and no spaces.",
    "^[A-Za-z0-9 -]{2,12}$": "A postal code is 2 to 12 letters, digits, spaces and hyphens.",
    "^[0-9A-Fa-f.:]{2,45}$": "It is an IP address, of version 4 or 6.",
    r"^[\x20-\x7e]{1,512}$": "It is 1 to 512 printable ASCII characters.",
    "^[!-~]{1,128}$": "It is 1 to 128 printable ASCII characters without spaces.",
    "^[!-~]{1,8192}$": "It is 1 to 8192 printable ASCII characters without spaces, as the provider's fields gave it.",
    "^[A-Za-z-]{2,16}$": "A language is letters and hyphens, such as en-IN.",
    "^[A-Za-z]{2,20}$": "It is 2 to 20 letters.",
    "^[a-z]{1,32}$": "It is 1 to 32 small letters.",
    "^[a-z_]{1,32}$": "It is 1 to 32 small letters and underscores.",
    "^[a-z_]{1,60}$": "It is 1 to 60 small letters and underscores.",
    "^[a-z0-9_]{1,64}$": "It is 1 to 64 small letters, digits and underscores.",
    "^[a-z0-9_:]{1,64}$": "It is 1 to 64 small letters, digits, underscores and colons.",
    "^[a-z0-9_:.-]{1,64}$": "It is 1 to 64 small letters, digits and any of _ : . -",
    "^[A-Za-z0-9_.:-]{1,200}$": "It is 1 to 200 letters, digits and any of _ . : -",
    "^[A-Za-z0-9_+:/-]{1,64}$": "A time zone is its name, such as Asia/Kolkata, or an offset, such as +05:30.",
    "^[A-Za-z0-9][A-Za-z0-9/.,:_-]{0,63}$": "An account is 1 to 64 letters, digits and any of / . , : _ - first a letter or digit.",
    "^[A-Za-z0-9][A-Za-z0-9 .:_-]{0,63}$": "A name is 1 to 64 letters, digits, spaces and any of . : _ - first a letter or digit.",
    "^[A-Za-z0-9_-]+$": "It is base64url: letters, digits, _ and -, without = at the end.",
    r"^[0-9]{1,12}\.[A-Za-z0-9_-]{32}$": "It is the token that this API answered, unchanged.",
    "^[A-Z0-9][A-Z0-9 ./-]{2,29}$": "A tax number is 3 to 30 capital letters, digits, spaces and any of . / -",
    "^#[0-9A-Fa-f]{6}$": "A colour is # and six hexadecimal digits, such as #1d4ed8.",
    "^[a-z][a-z0-9-]{0,31}$": "It is 1 to 32 small letters, digits and hyphens, and begins with a letter.",
    "^[a-z][a-z0-9_]{0,31}(:[a-z0-9_]{1,32})?$": "A connector is its name, such as stripe or prism:adyen.",
    "^[a-z0-9_]{1,32}(:[a-z0-9_]{1,64})?$": "A connector is its name, such as stripe or prism:adyen.",
    r"^[0-9]{1,3}(\.[0-9]{1,4})?$": "A percentage is a text of up to 3 digits with up to 4 decimals, such as 2.5, without %.",
    r"^[0-9]{1,2}(\.[0-9]{1,4})?$": "A percentage is a text of up to 2 digits with up to 4 decimals, such as 0.5, without %.",
    "^[0-9]{4}$": "It is four digits.",
    "^[A-Z0-9]{2,10}$": "An asset is 2 to 10 capital letters and digits, such as USDC.",
    "^[A-Za-z0-9 .,&+/#-]*[A-Za-z][A-Za-z0-9 .,&+/#-]*$": "A descriptor has a letter, and else digits, spaces and any of . , & + / # -",
    "^[0-9a-f]{64}$": "A SHA-256 is 64 lower-case hexadecimal digits.",
    "^arn:": "It is an ARN of AWS: it begins with arn:",
    "^[1-5](xx|[0-9]{2})$": "It is a status, such as 404, or all of a hundred, such as 4xx.",
    "^[0-9]{4}-(0[1-9]|1[0-2])$": "A month looks like 2027-01.",
}


def words_of(pattern: str) -> str:
    """What it asks for. A pattern without words is shown as it is, which a test of the routes forbids."""
    if found := _ID.fullmatch(pattern):
        return f"An id of this kind is {found[1]}_ and 26 characters."
    return _WORDS.get(pattern, f"It has another form than this field takes, which is {pattern}")
