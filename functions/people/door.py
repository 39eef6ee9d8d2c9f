"""HTTP door of the people."""

from paycorex import aws
from paycorex.http import App
from people.routes import accounts, audit, own, signing

app = App("people")
signing.add_to(app)
own.add_to(app)
accounts.add_to(app)
audit.add_to(app)
aws.warm("dynamodb")
handler = app.handler
