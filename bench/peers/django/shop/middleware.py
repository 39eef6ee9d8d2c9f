"""Every request is signed: HMAC-SHA256 over its time and body, with the merchant's secret, which the cache keeps for a minute."""

import hashlib
import hmac
import time

from django.core.cache import cache
from django.http import JsonResponse

from shop.models import Merchant

_WINDOW_SECONDS = 300
_CACHED_SECONDS = 60


class HmacMiddleware:
    """Sets `request.merchant`, or answers 401."""

    def __init__(self, get_response):
        self._get_response = get_response

    def __call__(self, request):
        merchant = _merchant(request.headers.get("X-API-Key", ""))
        if merchant is None or not _is_signed(request, merchant["secret"]):
            return JsonResponse({"error": "unauthorized"}, status=401)
        request.merchant = merchant
        return self._get_response(request)


def _merchant(api_key):
    name = f"merchant:{api_key}"
    found = cache.get(name)
    if found is None:
        found = Merchant.objects.filter(api_key=api_key, is_active=True).values("id", "secret").first()
        if found is not None:
            cache.set(name, found, _CACHED_SECONDS)
    return found


def _is_signed(request, secret):
    timestamp = request.headers.get("X-Timestamp", "")
    if not timestamp.isdecimal() or abs(time.time() - int(timestamp)) > _WINDOW_SECONDS:
        return False
    expected = hmac.new(secret.encode(), timestamp.encode() + request.body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, request.headers.get("X-Signature", ""))
