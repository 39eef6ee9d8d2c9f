"""What a client offers, by resource. Generated from the contract."""

from paycorex_client.async_transport import AsyncTransport
from paycorex_client.resources.api_keys import ApiKeys, AsyncApiKeys
from paycorex_client.resources.approvals import Approvals, AsyncApprovals
from paycorex_client.resources.audit import AsyncAudit, Audit
from paycorex_client.resources.bank import AsyncBank, Bank
from paycorex_client.resources.blocklist import AsyncBlocklist, Blocklist
from paycorex_client.resources.checkout import AsyncCheckout, Checkout
from paycorex_client.resources.crypto import AsyncCrypto, Crypto
from paycorex_client.resources.customers import AsyncCustomers, Customers
from paycorex_client.resources.dashboard import AsyncDashboard, Dashboard
from paycorex_client.resources.deliveries import AsyncDeliveries, Deliveries
from paycorex_client.resources.disputes import AsyncDisputes, Disputes
from paycorex_client.resources.endpoints import AsyncEndpoints, Endpoints
from paycorex_client.resources.events import AsyncEvents, Events
from paycorex_client.resources.experiments import AsyncExperiments, Experiments
from paycorex_client.resources.invoices import AsyncInvoices, Invoices
from paycorex_client.resources.journal import AsyncJournal, Journal
from paycorex_client.resources.links import AsyncLinks, Links
from paycorex_client.resources.merchant import AsyncMerchant, Merchant
from paycorex_client.resources.payments import AsyncPayments, Payments
from paycorex_client.resources.people import AsyncPeople, People
from paycorex_client.resources.periods import AsyncPeriods, Periods
from paycorex_client.resources.processors import AsyncProcessors, Processors
from paycorex_client.resources.qr_codes import AsyncQrCodes, QrCodes
from paycorex_client.resources.reconciliation import AsyncReconciliation, Reconciliation
from paycorex_client.resources.refunds import AsyncRefunds, Refunds
from paycorex_client.resources.requests import AsyncRequests, Requests
from paycorex_client.resources.risk_replays import AsyncRiskReplays, RiskReplays
from paycorex_client.resources.routing import AsyncRouting, Routing
from paycorex_client.resources.search import AsyncSearch, Search
from paycorex_client.resources.service import AsyncService, Service
from paycorex_client.resources.settlements import AsyncSettlements, Settlements
from paycorex_client.resources.statements import AsyncStatements, Statements
from paycorex_client.resources.test import AsyncTest, Test
from paycorex_client.resources.test_clock import AsyncTestClock, TestClock
from paycorex_client.resources.tokens import AsyncTokens, Tokens
from paycorex_client.resources.wallets import AsyncWallets, Wallets
from paycorex_client.transport import Transport


class Resources:
    """Every resource."""

    def __init__(self, transport: Transport) -> None:
        self.api_keys = ApiKeys(transport)
        self.approvals = Approvals(transport)
        self.audit = Audit(transport)
        self.bank = Bank(transport)
        self.blocklist = Blocklist(transport)
        self.checkout = Checkout(transport)
        self.crypto = Crypto(transport)
        self.customers = Customers(transport)
        self.dashboard = Dashboard(transport)
        self.deliveries = Deliveries(transport)
        self.disputes = Disputes(transport)
        self.endpoints = Endpoints(transport)
        self.events = Events(transport)
        self.experiments = Experiments(transport)
        self.invoices = Invoices(transport)
        self.journal = Journal(transport)
        self.links = Links(transport)
        self.merchant = Merchant(transport)
        self.payments = Payments(transport)
        self.people = People(transport)
        self.periods = Periods(transport)
        self.processors = Processors(transport)
        self.qr_codes = QrCodes(transport)
        self.reconciliation = Reconciliation(transport)
        self.refunds = Refunds(transport)
        self.requests = Requests(transport)
        self.risk_replays = RiskReplays(transport)
        self.routing = Routing(transport)
        self.search = Search(transport)
        self.service = Service(transport)
        self.settlements = Settlements(transport)
        self.statements = Statements(transport)
        self.test = Test(transport)
        self.test_clock = TestClock(transport)
        self.tokens = Tokens(transport)
        self.wallets = Wallets(transport)


class AsyncResources:
    """Every resource."""

    def __init__(self, transport: AsyncTransport) -> None:
        self.api_keys = AsyncApiKeys(transport)
        self.approvals = AsyncApprovals(transport)
        self.audit = AsyncAudit(transport)
        self.bank = AsyncBank(transport)
        self.blocklist = AsyncBlocklist(transport)
        self.checkout = AsyncCheckout(transport)
        self.crypto = AsyncCrypto(transport)
        self.customers = AsyncCustomers(transport)
        self.dashboard = AsyncDashboard(transport)
        self.deliveries = AsyncDeliveries(transport)
        self.disputes = AsyncDisputes(transport)
        self.endpoints = AsyncEndpoints(transport)
        self.events = AsyncEvents(transport)
        self.experiments = AsyncExperiments(transport)
        self.invoices = AsyncInvoices(transport)
        self.journal = AsyncJournal(transport)
        self.links = AsyncLinks(transport)
        self.merchant = AsyncMerchant(transport)
        self.payments = AsyncPayments(transport)
        self.people = AsyncPeople(transport)
        self.periods = AsyncPeriods(transport)
        self.processors = AsyncProcessors(transport)
        self.qr_codes = AsyncQrCodes(transport)
        self.reconciliation = AsyncReconciliation(transport)
        self.refunds = AsyncRefunds(transport)
        self.requests = AsyncRequests(transport)
        self.risk_replays = AsyncRiskReplays(transport)
        self.routing = AsyncRouting(transport)
        self.search = AsyncSearch(transport)
        self.service = AsyncService(transport)
        self.settlements = AsyncSettlements(transport)
        self.statements = AsyncStatements(transport)
        self.test = AsyncTest(transport)
        self.test_clock = AsyncTestClock(transport)
        self.tokens = AsyncTokens(transport)
        self.wallets = AsyncWallets(transport)
