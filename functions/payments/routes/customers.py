"""Routes of customers: make, show, find, change and erase them."""

from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.records import customer, payment, token
from paycorex.records.customer import CustomerItem, CustomerView
from paycorex.records.payment import PaymentView
from paycorex.records.token import TokenView
from payments.routes.app import app
from payments.routes.customer_requests import ChangeCustomer, CreateCustomer, CustomersQuery
from payments.routes.list_requests import PaymentsQuery

with later():
    from payments.checkout import erasure
    from payments.customers import customers, people
    from payments.methods import kept_cards
    from payments.routes import lists

# What one customer is shown with; the lists of payments and tokens have the rest.
_SHOWN = 10


class CustomerList(View):
    """A page of customers, newest first."""

    data: list[CustomerView]
    next_cursor: str | None


class CustomerDetails(CustomerView):
    """A customer with its newest payments and stored instruments, ten of each at most."""

    payments: list[PaymentView]
    tokens: list[TokenView]


def _shown(item: CustomerItem) -> CustomerView:
    return customer.view(item, people.open_person(item))


def _replay(caller: Caller, customer_id: str) -> CustomerView:
    return _shown(customers.find(caller.merchant_id, customer_id))


@app.route("POST", "/v1/customers", scope="customers:write", body=CreateCustomer, answer=CustomerView, status=201, replay=_replay)
def create_customer(call: Call[CreateCustomer, None]) -> Answer:
    """Keep a customer. What says who the person is, is sealed; payments know the reference alone."""
    person = call.body.model_dump(exclude_none=True, exclude={"reference"})
    return Answer(201, _shown(customers.create(call.caller.merchant_id, call.body.reference, person, claim=call.claim)))


@app.route("GET", "/v1/customers", scope="customers:read", query=CustomersQuery, answer=CustomerList)
def list_customers(call: Call[None, CustomersQuery]) -> Answer:
    """Customers, newest first, or those with a reference, an e-mail address or a phone number."""
    query = call.query
    found, position = customers.page(
        call.caller.merchant_id,
        reference=query.reference,
        email=query.email,
        phone=query.phone,
        limit=query.limit,
        position=call.position("customers"),
    )
    return Answer(200, CustomerList(data=[_shown(item) for item in found], next_cursor=call.next_cursor("customers", position)))


@app.route("GET", "/v1/customers/{customer_id}", scope="customers:read", answer=CustomerDetails)
def show_customer(call: Call[None, None]) -> Answer:
    """One customer, with its newest payments and stored instruments. Of an erased one only the ids and times are left."""
    item = customers.find(call.caller.merchant_id, call.path["customer_id"])
    made, kept = ([], []) if item.reference is None else _belonging(call.caller, item.reference)
    return Answer(200, CustomerDetails(**_shown(item).model_dump(), payments=made, tokens=kept))


def _belonging(caller: Caller, reference: str) -> tuple[list[PaymentView], list[TokenView]]:
    made = lists.payments(caller, PaymentsQuery(user_id=reference, limit=_SHOWN), None).items if "payments:read" in caller.scopes else []
    kept = kept_cards.of_user(caller.merchant_id, reference, _SHOWN) if "tokens:read" in caller.scopes else []
    return [payment.view(each) for each in made], [token.view(each) for each in kept]


@app.route("PATCH", "/v1/customers/{customer_id}", scope="customers:write", body=ChangeCustomer, answer=CustomerView, replay=_replay)
def change_customer(call: Call[ChangeCustomer, None]) -> Answer:
    """Change what is known of a customer; null takes it away."""
    changes = call.body.model_dump(exclude_unset=True)
    return Answer(200, _shown(customers.change(call.caller.merchant_id, call.path["customer_id"], changes, claim=call.claim)))


@app.route("DELETE", "/v1/customers/{customer_id}", scope="customers:write", answer=CustomerView, replay=_replay)
def erase_customer(call: Call[None, None]) -> Answer:
    """Erase the person: name, address, number, reference and stored cards go. The books stay, and stay provable."""
    return Answer(200, _shown(erasure.erase_customer(call.caller.merchant_id, call.path["customer_id"], claim=call.claim)))
