"""A tea shop: the payer orders, pays by card or UPI on PayCoreX's page, and comes back.

An order is paid when PayCoreX says so, in a webhook or in an answer: never because a payer came back.
"""

import os
import secrets
import sqlite3
from contextlib import closing
from decimal import Decimal

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from paycorex_client import PayCoreX, PayCoreXError, WebhookRefused, models, webhooks

MENU = {"Masala chai": Decimal("120.00"), "Filter coffee": Decimal("95.50"), "Lemon tea": Decimal("80.00")}
# A card is typed on the page, into the provider's fields; for UPI the page shows a code to scan.
WAYS = {"card": "tokenized", "upi": "upi_intent"}
# What a payment's status says about the order. Any other status: not decided yet.
DECIDED = {"success": "paid", "failed": "not paid"}
TABLES = """
CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY, tea TEXT, amount TEXT, payment_id TEXT, status TEXT DEFAULT 'waiting');
CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, event TEXT);
"""

app = Flask(__name__)
client = PayCoreX(os.environ["PAYCOREX_API_KEY"], os.environ["PAYCOREX_SECRET"], base_url=os.environ["PAYCOREX_URL"])


def database() -> sqlite3.Connection:
    """Use it as `with closing(database()) as db, db:`, which commits at the end, or takes everything back."""
    db = sqlite3.connect("orders.db")
    db.row_factory = sqlite3.Row
    db.executescript(TABLES)
    return db


@app.get("/")
def menu() -> str:
    return render_template("menu.html", menu=MENU)


@app.post("/orders")
def order() -> Response:
    """Store the order, ask for its payment, and send the payer to the payment's page."""
    tea, method = request.form["tea"], WAYS.get(request.form["way"])
    if tea not in MENU or method is None:
        abort(400)
    order_id = secrets.token_urlsafe(12)
    with closing(database()) as db, db:
        db.execute("INSERT INTO orders (id, tea, amount) VALUES (?, ?, ?)", (order_id, tea, str(MENU[tea])))
    payment = client.payments.create(
        amount=MENU[tea],
        method=method,
        description=tea,
        metadata={"order": order_id},
        return_url=url_for("show_order", order_id=order_id, _external=True),
        # The order's own key: asked for again, it is the same payment and not a second one.
        idempotency_key=f"order-{order_id}",
    )
    with closing(database()) as db, db:
        db.execute("UPDATE orders SET payment_id = ? WHERE id = ?", (payment.payment_id, order_id))
    return redirect(payment.next_action.pay_url, code=303)


@app.get("/orders/<order_id>")
def show_order(order_id: str) -> str:
    """Where the payer comes back to. What stands in the address proves nothing, so an open order asks PayCoreX."""
    found = find(order_id)
    if found["status"] == "waiting" and found["payment_id"]:
        try:
            take(client.payments.get(found["payment_id"]))
        except PayCoreXError:
            app.logger.exception("PayCoreX did not say how order %s is", order_id)
    return render_template("order.html", order=find(order_id))


@app.post("/webhooks")
def receive() -> tuple[str, int]:
    """The raw bytes are verified before anything reads them. A 2xx says: it is stored, do not send it again."""
    try:
        event = webhooks.parse(request.get_data(), request.headers, os.environ["PAYCOREX_WEBHOOK_SECRET"])
    except WebhookRefused as reason:
        return f"{reason}\n", 400
    if isinstance(event.data, models.PaymentView):
        take(event.data)
    with closing(database()) as db, db:
        # A delivery may come twice. Here the second one changes nothing; where it would (an e-mail), look here first.
        db.execute("INSERT OR IGNORE INTO events VALUES (?, ?)", (event.id, event.event))
    return "", 204


def find(order_id: str) -> sqlite3.Row:
    with closing(database()) as db:
        found = db.execute("SELECT * FROM orders WHERE id = ?", (order_id,)).fetchone()
    return found or abort(404)


def take(payment: models.PaymentView) -> None:
    """Write down what PayCoreX says about an order's payment. Paid stays paid: webhooks may come late and out of order."""
    status, order_id = DECIDED.get(payment.status), (payment.metadata or {}).get("order")
    if status is not None:
        with closing(database()) as db, db:
            db.execute(
                "UPDATE orders SET status = ? WHERE id = ? AND amount = ? AND status != 'paid'", (status, order_id, str(payment.amount))
            )
