"""The shop's pages, and the address that PayCoreX sends webhooks to."""

import logging
import os
from decimal import Decimal

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from paycorex_client import PayCoreX, PayCoreXError, WebhookRefused, models, webhooks
from shop.models import Event, Order

MENU = {"Masala chai": Decimal("120.00"), "Filter coffee": Decimal("95.50"), "Lemon tea": Decimal("80.00")}
# A card is typed on the page, into the provider's fields; for UPI the page shows a code to scan.
WAYS = {"card": "tokenized", "upi": "upi_intent"}
client = PayCoreX(os.environ["PAYCOREX_API_KEY"], os.environ["PAYCOREX_SECRET"], base_url=os.environ["PAYCOREX_URL"])
log = logging.getLogger(__name__)


@require_GET
def menu(request: HttpRequest) -> HttpResponse:
    return render(request, "menu.html", {"menu": MENU})


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Store the order, ask for its payment, and send the payer to the payment's page."""
    tea, method = request.POST.get("tea", ""), WAYS.get(request.POST.get("way", ""))
    if tea not in MENU or method is None:
        return HttpResponseBadRequest("Choose from the menu.\n")
    made = Order.objects.create(tea=tea, amount=MENU[tea])
    payment = client.payments.create(
        amount=made.amount,
        method=method,
        description=tea,
        metadata={"order": made.id},
        return_url=request.build_absolute_uri(reverse("show_order", args=[made.id])),
        # The order's own key: asked for again, it is the same payment and not a second one.
        idempotency_key=f"order-{made.id}",
    )
    Order.objects.filter(id=made.id).update(payment_id=payment.payment_id)
    return HttpResponseRedirect(payment.next_action.pay_url)


@require_GET
def show_order(request: HttpRequest, order_id: str) -> HttpResponse:
    """Where the payer comes back to. What stands in the address proves nothing, so an open order asks PayCoreX."""
    found = get_object_or_404(Order, id=order_id)
    if found.status == Order.Status.WAITING and found.payment_id:
        try:
            Order.take(client.payments.get(found.payment_id))
        except PayCoreXError:
            log.exception("PayCoreX did not say how order %s is", order_id)
        found.refresh_from_db()
    return render(request, "order.html", {"order": found})


# No form of ours sends a webhook: its signature says where it comes from.
@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """The raw bytes are verified before anything reads them. A 2xx says: it is stored, do not send it again."""
    try:
        event = webhooks.parse(request.body, request.headers, os.environ["PAYCOREX_WEBHOOK_SECRET"])
    except WebhookRefused as reason:
        return HttpResponseBadRequest(f"{reason}\n")
    # One transaction: where the handling fails, the event is not kept either, and its next delivery is handled.
    with transaction.atomic():
        _, is_new = Event.objects.get_or_create(id=event.id, defaults={"event": event.event})
        if is_new:
            handle(event.event, event.data)
    return HttpResponse(status=204)


def handle(name: str, data: object) -> None:
    """What the shop does about an event, once. Here is where others would be added: a refund, a dispute."""
    if isinstance(data, models.PaymentView):
        Order.take(data)
    else:
        log.info("%s is of no use to this shop", name)
