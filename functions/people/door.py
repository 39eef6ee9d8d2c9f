"""HTTP door of the people: a merchant's, and the operators."""

from paycorex import aws
from paycorex.http import App
from people.routes import accounts, approvals, audit, operator_signing, operators, own, owners, signing, viewing

app = App("people")
signing.add_to(app)
own.add_to(app)
accounts.add_to(app)
approvals.add_to(app)
audit.add_to(app)
operator_signing.add_to(app)
operators.add_to(app)
viewing.add_to(app)
owners.add_to(app)
aws.warm("dynamodb")
handler = app.handler
