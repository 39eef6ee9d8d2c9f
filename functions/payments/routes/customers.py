"""Routes of customers: make, show, find, change and erase them."""

from paycorex.contract import View
from paycorex.credentials import Caller
from paycorex.http import Answer, Call
from paycorex.loading import later
from paycorex.records import customer
from paycorex.records.customer import CustomerItem, CustomerView
from payments.routes import customer_parts
from payments.routes.app import app
from payments.routes.customer_requests import ChangeCustomer, CreateCustomer, CustomersQuery

with later():
    from payments.checkout import erasure
    from payments.customers import customers, people


class CustomerList(View):
    """A page of customers, newest first."""

    data: list[CustomerView]
    next_cursor: str | None


class CustomerDetails(customer_parts.Belongings, CustomerView):
    """A customer with what belongs to it."""


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
    """One customer with its newest payments, stored instruments, wallets and mandates. Of an erased one only ids and times are left."""
    item = customers.find(call.caller.merchant_id, call.path["customer_id"])
    belonging = customer_parts.NOTHING if item.reference is None else customer_parts.of_customer(call.caller, item.reference)
    return Answer(200, CustomerDetails(**_shown(item).model_dump(), **dict(belonging)))


@app.route("PATCH", "/v1/customers/{customer_id}", scope="customers:write", body=ChangeCustomer, answer=CustomerView, replay=_replay)
def change_customer(call: Call[ChangeCustomer, None]) -> Answer:
    """Change what is known of a customer; null takes it away."""
    changes = call.body.model_dump(exclude_unset=True)
    return Answer(200, _shown(customers.change(call.caller.merchant_id, call.path["customer_id"], changes, claim=call.claim)))


@app.route("DELETE", "/v1/customers/{customer_id}", scope="customers:write", answer=CustomerView, replay=_replay)
def erase_customer(call: Call[None, None]) -> Answer:
    """Erase the person: name, address, number, reference and stored cards go. The books stay, and stay provable."""
    return Answer(200, _shown(erasure.erase_customer(call.caller.merchant_id, call.path["customer_id"], claim=call.claim)))
