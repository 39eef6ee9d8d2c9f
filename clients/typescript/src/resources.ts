// Every operation of the contract, by resource. Generated from the contract.
import type { Options, Transport } from "./transport.js";
import { type Content, Pages } from "./answers.js";
import type { Answer, AnswerOf, Body, Item, Query } from "./operations.js";

/** ApiKeys. */
export class ApiKeys {
  constructor(private readonly transport: Transport) {}

  /** Issue a new key pair that ends no later than the key that signed this request, which stays valid for the overlap. */
  rotate(body: Body<"/v1/merchants/apikey", "post">, options: Options = {}): Promise<Answer<"/v1/merchants/apikey", "post">> {
    return this.transport.json("POST", "/v1/merchants/apikey", { body }, options);
  }

  /** API keys of the merchant, newest first, without their secrets. */
  list(query: Omit<Query<"/v1/merchants/apikeys", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/merchants/apikeys", "get">> {
    return new Pages(this.transport, "GET", "/v1/merchants/apikeys", { query }, options);
  }

  /** Revoke a key; never the last active one, nor the one that may manage keys the longest. */
  revoke(keyId: string, options: Options = {}): Promise<Answer<"/v1/merchants/apikeys/{key_id}", "delete">> {
    return this.transport.json("DELETE", "/v1/merchants/apikeys/{key_id}", { path: { key_id: keyId } }, options);
  }
}

/** Approvals. */
export class Approvals {
  constructor(private readonly transport: Transport) {}

  /** Acts that wait for a second person, or waited: those that one asked for, and those that one could do. The newest first. */
  list(query: Omit<Query<"/v1/approvals", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/approvals", "get">> {
    return new Pages(this.transport, "GET", "/v1/approvals", { query }, options);
  }

  /** One of them. */
  get(approvalId: string, options: Options = {}): Promise<Answer<"/v1/approvals/{approval_id}", "get">> {
    return this.transport.json("GET", "/v1/approvals/{approval_id}", { path: { approval_id: approvalId } }, options);
  }

  /** Approve what another person asked for, reject it, or withdraw what one asked for oneself. */
  change(approvalId: string, body: Body<"/v1/approvals/{approval_id}", "patch">, options: Options = {}): Promise<Answer<"/v1/approvals/{approval_id}", "patch">> {
    return this.transport.json("PATCH", "/v1/approvals/{approval_id}", { path: { approval_id: approvalId }, body }, options);
  }
}

/** Audit. */
export class Audit {
  constructor(private readonly transport: Transport) {}

  /** Who changed what, from where, before and after, the newest first. Each entry's hash covers the one before it. */
  list(query: Omit<Query<"/v1/audit", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/audit", "get">> {
    return new Pages(this.transport, "GET", "/v1/audit", { query }, options);
  }

  /** Who changed what, from where, before and after, the newest first, as CSV. */
  listCsv(query: Query<"/v1/audit/csv", "get"> = {}, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/audit/csv", { query }, options);
  }
}

/** Bank. */
export class Bank {
  constructor(private readonly transport: Transport) {}

  /** Lines of bank statements by filter, newest first; `open` are those with which something is left to do. */
  lines(query: Omit<Query<"/v1/bank/lines", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/bank/lines", "get">> {
    return new Pages(this.transport, "GET", "/v1/bank/lines", { query }, options);
  }

  /** One line of a bank statement, with the payouts that it brings and what was decided about it. */
  line(bankLineId: string, options: Options = {}): Promise<Answer<"/v1/bank/lines/{bank_line_id}", "get">> {
    return this.transport.json("GET", "/v1/bank/lines/{bank_line_id}", { path: { bank_line_id: bankLineId } }, options);
  }

  /** Decide about an open line: which settlement it brings, whose its difference is, or that it is none of the platform's. */
  resolveLine(bankLineId: string, body: Body<"/v1/bank/lines/{bank_line_id}/resolve", "post">, options: Options = {}): Promise<Answer<"/v1/bank/lines/{bank_line_id}/resolve", "post">> {
    return this.transport.json("POST", "/v1/bank/lines/{bank_line_id}/resolve", { path: { bank_line_id: bankLineId }, body }, options);
  }

  /** Where the money is, by currency: in the bank, in transit, at providers, on chains; and to whom it belongs. */
  position(options: Options = {}): Promise<Answer<"/v1/bank/position", "get">> {
    return this.transport.json("GET", "/v1/bank/position", {}, options);
  }
}

/** Blocklist. */
export class Blocklist {
  constructor(private readonly transport: Transport) {}

  /** What is blocked; with `kind` and `value`, whether that is. */
  list(query: Omit<Query<"/v1/blocklist", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/blocklist", "get">> {
    return new Pages(this.transport, "GET", "/v1/blocklist", { query }, options);
  }

  /** Block a card, a bank's cards, an address, a customer or an e-mail address, for good or until a time. */
  block(body: Body<"/v1/blocklist", "post">, options: Options = {}): Promise<Answer<"/v1/blocklist", "post">> {
    return this.transport.json("POST", "/v1/blocklist", { body }, options);
  }

  /** Remove an entry: its value may pay again. */
  unblock(entryId: string, options: Options = {}): Promise<Answer<"/v1/blocklist/{entry_id}", "delete">> {
    return this.transport.json("DELETE", "/v1/blocklist/{entry_id}", { path: { entry_id: entryId } }, options);
  }
}

/** Checkout. */
export class Checkout {
  constructor(private readonly transport: Transport) {}

  /** Checkouts, newest first; those that were begun from a link too. */
  sessions(query: Omit<Query<"/v1/checkout/sessions", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/checkout/sessions", "get">> {
    return new Pages(this.transport, "GET", "/v1/checkout/sessions", { query }, options);
  }

  /** Make a checkout: send the payer to `url`. What the browser brings back proves nothing; the event or a GET does. */
  create(body: Body<"/v1/checkout/sessions", "post">, options: Options = {}): Promise<Answer<"/v1/checkout/sessions", "post">> {
    return this.transport.json("POST", "/v1/checkout/sessions", { body }, options);
  }

  /** Erase who paid a checkout: name, address, number and reference go. The checkout and its payments stay, and stay provable. */
  erasePayer(sessionId: string, options: Options = {}): Promise<Answer<"/v1/checkout/sessions/{session_id}", "delete">> {
    return this.transport.json("DELETE", "/v1/checkout/sessions/{session_id}", { path: { session_id: sessionId } }, options);
  }

  /** A checkout as it stands; with who paid it, where its link asked and the key may read customers. */
  get(sessionId: string, options: Options = {}): Promise<Answer<"/v1/checkout/sessions/{session_id}", "get">> {
    return this.transport.json("GET", "/v1/checkout/sessions/{session_id}", { path: { session_id: sessionId } }, options);
  }

  /** End a checkout that is open; its open payment is canceled. */
  expire(sessionId: string, options: Options = {}): Promise<Answer<"/v1/checkout/sessions/{session_id}/expire", "post">> {
    return this.transport.json("POST", "/v1/checkout/sessions/{session_id}/expire", { path: { session_id: sessionId } }, options);
  }
}

/** Crypto. */
export class Crypto {
  constructor(private readonly transport: Transport) {}

  /** Watch a user's address; 200 with the existing record when it is watched already. */
  watch(body: Body<"/v1/crypto/address", "post">, options: Options = {}): Promise<Answer<"/v1/crypto/address", "post">> {
    return this.transport.json("POST", "/v1/crypto/address", { body }, options);
  }

  /** The watch list, newest first. */
  addresses(query: Omit<Query<"/v1/crypto/addresses", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/crypto/addresses", "get">> {
    return new Pages(this.transport, "GET", "/v1/crypto/addresses", { query }, options);
  }

  /** Stop watching an address. */
  stopWatching(id: string, options: Options = {}): Promise<Answer<"/v1/crypto/addresses/{id}", "delete">> {
    return this.transport.json("DELETE", "/v1/crypto/addresses/{id}", { path: { id: id } }, options);
  }

  /** The status of a transaction, read from the chain. */
  status(txHash: string, query: Query<"/v1/crypto/status/{tx_hash}", "get">, options: Options = {}): Promise<Answer<"/v1/crypto/status/{tx_hash}", "get">> {
    return this.transport.json("GET", "/v1/crypto/status/{tx_hash}", { path: { tx_hash: txHash }, query }, options);
  }

  /** The transfers that the monitor found, newest first. */
  transactions(query: Omit<Query<"/v1/crypto/transactions", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/crypto/transactions", "get">> {
    return new Pages(this.transport, "GET", "/v1/crypto/transactions", { query }, options);
  }

  /** The first addresses that an xpub derives, before it is saved. Changes nothing, so a replay is answered again. */
  previewXpub(body: Body<"/v1/crypto/xpub/preview", "post">, options: Options = {}): Promise<Answer<"/v1/crypto/xpub/preview", "post">> {
    return this.transport.json("POST", "/v1/crypto/xpub/preview", { body }, options);
  }
}

/** Customers. */
export class Customers {
  constructor(private readonly transport: Transport) {}

  /** Customers, newest first, or those with a reference, an e-mail address or a phone number. */
  list(query: Omit<Query<"/v1/customers", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/customers", "get">> {
    return new Pages(this.transport, "GET", "/v1/customers", { query }, options);
  }

  /** Keep a customer. What says who the person is, is sealed; payments know the reference alone. */
  create(body: Body<"/v1/customers", "post">, options: Options = {}): Promise<Answer<"/v1/customers", "post">> {
    return this.transport.json("POST", "/v1/customers", { body }, options);
  }

  /** Erase the person: name, address, number, reference and stored cards go. The books stay, and stay provable. */
  erase(customerId: string, options: Options = {}): Promise<Answer<"/v1/customers/{customer_id}", "delete">> {
    return this.transport.json("DELETE", "/v1/customers/{customer_id}", { path: { customer_id: customerId } }, options);
  }

  /** One customer with its newest payments, stored instruments, wallets and mandates. Of an erased one only ids and times are left. */
  get(customerId: string, options: Options = {}): Promise<Answer<"/v1/customers/{customer_id}", "get">> {
    return this.transport.json("GET", "/v1/customers/{customer_id}", { path: { customer_id: customerId } }, options);
  }

  /** Change what is known of a customer; null takes it away. */
  change(customerId: string, body: Body<"/v1/customers/{customer_id}", "patch">, options: Options = {}): Promise<Answer<"/v1/customers/{customer_id}", "patch">> {
    return this.transport.json("PATCH", "/v1/customers/{customer_id}", { path: { customer_id: customerId }, body }, options);
  }

  /** Vouch for a customer whom you have signed in: put the token into the fragment of a checkout's address. */
  vouch(customerId: string, body: Body<"/v1/customers/{customer_id}/token", "post">, options: Options = {}): Promise<Answer<"/v1/customers/{customer_id}/token", "post">> {
    return this.transport.json("POST", "/v1/customers/{customer_id}/token", { path: { customer_id: customerId }, body }, options);
  }
}

/** Dashboard. */
export class Dashboard {
  constructor(private readonly transport: Transport) {}

  /** Ledger entries of the merchant or of one of its accounts, newest first. */
  ledgers(query: Omit<Query<"/v1/dashboard/ledgers", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/dashboard/ledgers", "get">> {
    return new Pages(this.transport, "GET", "/v1/dashboard/ledgers", { query }, options);
  }

  /** Ledger entries of the merchant or of one of its accounts, newest first, as CSV. */
  ledgersCsv(query: Query<"/v1/dashboard/ledgers/csv", "get"> = {}, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/dashboard/ledgers/csv", { query }, options);
  }

  /** Where the money is now: available, with providers, on its way to the bank, held. */
  money(query: Query<"/v1/dashboard/money", "get"> = {}, options: Options = {}): Promise<Answer<"/v1/dashboard/money", "get">> {
    return this.transport.json("GET", "/v1/dashboard/money", { query }, options);
  }

  /** Count and sums of the payments that a filter finds: of the newest 2,000 that it looks at, and whether that is all. */
  paymentSums(query: Query<"/v1/dashboard/payment_sums", "get"> = {}, options: Options = {}): Promise<Answer<"/v1/dashboard/payment_sums", "get">> {
    return this.transport.json("GET", "/v1/dashboard/payment_sums", { query }, options);
  }

  /** Payments by filter, newest first. */
  payments(query: Omit<Query<"/v1/dashboard/payments", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/dashboard/payments", "get">> {
    return new Pages(this.transport, "GET", "/v1/dashboard/payments", { query }, options);
  }

  /** Payments by filter, newest first, as CSV. */
  paymentsCsv(query: Query<"/v1/dashboard/payments/csv", "get"> = {}, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/dashboard/payments/csv", { query }, options);
  }

  /** Volume, counts, success rate, refunds and balance of a period, by method and by day. */
  stats(query: Query<"/v1/dashboard/stats", "get"> = {}, options: Options = {}): Promise<Answer<"/v1/dashboard/stats", "get">> {
    return this.transport.json("GET", "/v1/dashboard/stats", { query }, options);
  }
}

/** Deliveries. */
export class Deliveries {
  constructor(private readonly transport: Transport) {}

  /** The delivery log, newest first. */
  list(query: Omit<Query<"/v1/webhooks/deliveries", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/webhooks/deliveries", "get">> {
    return new Pages(this.transport, "GET", "/v1/webhooks/deliveries", { query }, options);
  }

  /** One delivery with its attempts. */
  get(deliveryId: string, options: Options = {}): Promise<Answer<"/v1/webhooks/deliveries/{delivery_id}", "get">> {
    return this.transport.json("GET", "/v1/webhooks/deliveries/{delivery_id}", { path: { delivery_id: deliveryId } }, options);
  }

  /** Send one delivery again, with the same event id. */
  redeliver(deliveryId: string, options: Options = {}): Promise<Answer<"/v1/webhooks/deliveries/{delivery_id}/redeliver", "post">> {
    return this.transport.json("POST", "/v1/webhooks/deliveries/{delivery_id}/redeliver", { path: { delivery_id: deliveryId } }, options);
  }

  /** Send the events of a range of time again. */
  replay(body: Body<"/v1/webhooks/replay", "post">, options: Options = {}): Promise<Answer<"/v1/webhooks/replay", "post">> {
    return this.transport.json("POST", "/v1/webhooks/replay", { body }, options);
  }
}

/** Disputes. */
export class Disputes {
  constructor(private readonly transport: Transport) {}

  /** Disputes by filter, newest first. */
  list(query: Omit<Query<"/v1/disputes", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/disputes", "get">> {
    return new Pages(this.transport, "GET", "/v1/disputes", { query }, options);
  }

  /** Disputes by filter, newest first, as CSV. */
  listCsv(query: Query<"/v1/disputes/csv", "get"> = {}, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/disputes/csv", { query }, options);
  }

  /** One dispute with its timeline, evidence and journals. */
  get(disputeId: string, options: Options = {}): Promise<Answer<"/v1/disputes/{dispute_id}", "get">> {
    return this.transport.json("GET", "/v1/disputes/{dispute_id}", { path: { dispute_id: disputeId } }, options);
  }

  /** Give in: the payer keeps the money. With `dry_run` nothing is done, and the answer shows the dispute as it would be. */
  accept(disputeId: string, body: Body<"/v1/disputes/{dispute_id}/accept", "post">, options: Options = {}): Promise<Answer<"/v1/disputes/{dispute_id}/accept", "post">> {
    return this.transport.json("POST", "/v1/disputes/{dispute_id}/accept", { path: { dispute_id: disputeId }, body }, options);
  }

  /** Keep texts, and announce files: each is then put to its link. Nothing goes to the provider before it is submitted. */
  addEvidence(disputeId: string, body: Body<"/v1/disputes/{dispute_id}/evidence", "post">, options: Options = {}): Promise<Answer<"/v1/disputes/{dispute_id}/evidence", "post">> {
    return this.transport.json("POST", "/v1/disputes/{dispute_id}/evidence", { path: { dispute_id: disputeId }, body }, options);
  }

  /** The evidence pack: a zip file with all that is known of the payment, and a signed proof that can be checked without this API. */
  pack(disputeId: string, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/disputes/{dispute_id}/pack", { path: { dispute_id: disputeId } }, options);
  }

  /** Send the evidence to the provider, once. The bank then decides, which takes weeks. */
  submit(disputeId: string, options: Options = {}): Promise<Answer<"/v1/disputes/{dispute_id}/submit", "post">> {
    return this.transport.json("POST", "/v1/disputes/{dispute_id}/submit", { path: { dispute_id: disputeId } }, options);
  }
}

/** Endpoints. */
export class Endpoints {
  constructor(private readonly transport: Transport) {}

  /** The merchant's endpoints, newest first, without their secrets. */
  list(query: Omit<Query<"/v1/webhooks/provider", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/webhooks/provider", "get">> {
    return new Pages(this.transport, "GET", "/v1/webhooks/provider", { query }, options);
  }

  /** Register an endpoint; its secret is in this answer only. */
  create(body: Body<"/v1/webhooks/provider", "post">, options: Options = {}): Promise<Answer<"/v1/webhooks/provider", "post">> {
    return this.transport.json("POST", "/v1/webhooks/provider", { body }, options);
  }

  /** Remove an endpoint; its unfinished deliveries end as failed. */
  delete(endpointId: string, options: Options = {}): Promise<Answer<"/v1/webhooks/provider/{endpoint_id}", "delete">> {
    return this.transport.json("DELETE", "/v1/webhooks/provider/{endpoint_id}", { path: { endpoint_id: endpointId } }, options);
  }

  /** Change URL, events or activity; activating ends an automatic disabling. */
  change(endpointId: string, body: Body<"/v1/webhooks/provider/{endpoint_id}", "patch">, options: Options = {}): Promise<Answer<"/v1/webhooks/provider/{endpoint_id}", "patch">> {
    return this.transport.json("PATCH", "/v1/webhooks/provider/{endpoint_id}", { path: { endpoint_id: endpointId }, body }, options);
  }

  /** Create a new secret, shown in this answer only; the earlier ones keep signing for the overlap. */
  rotate(endpointId: string, body: Body<"/v1/webhooks/provider/{endpoint_id}/rotate", "post">, options: Options = {}): Promise<Answer<"/v1/webhooks/provider/{endpoint_id}/rotate", "post">> {
    return this.transport.json("POST", "/v1/webhooks/provider/{endpoint_id}/rotate", { path: { endpoint_id: endpointId }, body }, options);
  }

  /** Send `webhook.test` now; answers the delivery with the endpoint's response. */
  test(endpointId: string, options: Options = {}): Promise<Answer<"/v1/webhooks/provider/{endpoint_id}/test", "post">> {
    return this.transport.json("POST", "/v1/webhooks/provider/{endpoint_id}/test", { path: { endpoint_id: endpointId } }, options);
  }
}

/** Events. */
export class Events {
  constructor(private readonly transport: Transport) {}

  /** Events of what the key may read: newest first, or with `after` what followed that event, oldest first. */
  list(query: Omit<Query<"/v1/events", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/events", "get">> {
    return new Pages(this.transport, "GET", "/v1/events", { query }, options);
  }

  /** One event: what its webhooks carried. */
  get(eventId: string, options: Options = {}): Promise<Answer<"/v1/events/{event_id}", "get">> {
    return this.transport.json("GET", "/v1/events/{event_id}", { path: { event_id: eventId } }, options);
  }
}

/** Experiments. */
export class Experiments {
  constructor(private readonly transport: Transport) {}

  /** Experiments, newest first. */
  list(query: Omit<Query<"/v1/routing/experiments", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/routing/experiments", "get">> {
    return new Pages(this.transport, "GET", "/v1/routing/experiments", { query }, options);
  }

  /** Put a share of the payments under other routing rules; one experiment runs at a time. */
  start(body: Body<"/v1/routing/experiments", "post">, options: Options = {}): Promise<Answer<"/v1/routing/experiments", "post">> {
    return this.transport.json("POST", "/v1/routing/experiments", { body }, options);
  }

  /** An experiment, and how the payments of each arm went. */
  get(experimentId: string, options: Options = {}): Promise<Answer<"/v1/routing/experiments/{experiment_id}", "get">> {
    return this.transport.json("GET", "/v1/routing/experiments/{experiment_id}", { path: { experiment_id: experimentId } }, options);
  }

  /** End an experiment: the merchant's own rules decide again. */
  end(experimentId: string, options: Options = {}): Promise<Answer<"/v1/routing/experiments/{experiment_id}/end", "post">> {
    return this.transport.json("POST", "/v1/routing/experiments/{experiment_id}/end", { path: { experiment_id: experimentId } }, options);
  }
}

/** Invoices. */
export class Invoices {
  constructor(private readonly transport: Transport) {}

  /** Invoices of what the operator charged, newest first. */
  list(query: Omit<Query<"/v1/invoices", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/invoices", "get">> {
    return new Pages(this.transport, "GET", "/v1/invoices", { query }, options);
  }

  /** One invoice. */
  get(number: string, options: Options = {}): Promise<Answer<"/v1/invoices/{number}", "get">> {
    return this.transport.json("GET", "/v1/invoices/{number}", { path: { number: number } }, options);
  }

  /** One invoice, as CSV. */
  getCsv(number: string, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/invoices/{number}/csv", { path: { number: number } }, options);
  }

  /** One invoice, as PDF. */
  getPdf(number: string, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/invoices/{number}/pdf", { path: { number: number } }, options);
  }
}

/** Journal. */
export class Journal {
  constructor(private readonly transport: Transport) {}

  /** Journals of a period for accounting programs: CSV with account codes. X-Next-Cursor says that there is more. */
  export(query: Query<"/v1/journal_export", "get"> = {}, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/journal_export", { query }, options);
  }

  /** Journals of a period for accounting programs, as beancount's text form. */
  exportBeancount(query: Query<"/v1/journal_export/beancount", "get"> = {}, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/journal_export/beancount", { query }, options);
  }
}

/** Links. */
export class Links {
  constructor(private readonly transport: Transport) {}

  /** Links, newest first. */
  list(query: Omit<Query<"/v1/links", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/links", "get">> {
    return new Pages(this.transport, "GET", "/v1/links", { query }, options);
  }

  /** Make a link that takes many payments: of a fixed amount, or of one that the payer types. */
  create(body: Body<"/v1/links", "post">, options: Options = {}): Promise<Answer<"/v1/links", "post">> {
    return this.transport.json("POST", "/v1/links", { body }, options);
  }

  /** One link as it stands. */
  get(linkId: string, options: Options = {}): Promise<Answer<"/v1/links/{link_id}", "get">> {
    return this.transport.json("GET", "/v1/links/{link_id}", { path: { link_id: linkId } }, options);
  }

  /** Rename a link, or switch it off and on. A payer who has begun may end. */
  change(linkId: string, body: Body<"/v1/links/{link_id}", "patch">, options: Options = {}): Promise<Answer<"/v1/links/{link_id}", "patch">> {
    return this.transport.json("PATCH", "/v1/links/{link_id}", { path: { link_id: linkId }, body }, options);
  }

  /** What was begun and paid from a link, each payer apart. */
  payments(linkId: string, query: Omit<Query<"/v1/links/{link_id}/payments", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/links/{link_id}/payments", "get">> {
    return new Pages(this.transport, "GET", "/v1/links/{link_id}/payments", { path: { link_id: linkId }, query }, options);
  }

  /** The code of a link's address to print, as PNG. */
  qrPng(linkId: string, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/links/{link_id}/qr.png", { path: { link_id: linkId } }, options);
  }

  /** The code of a link's address to print, as SVG. */
  qrSvg(linkId: string, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/links/{link_id}/qr.svg", { path: { link_id: linkId } }, options);
  }
}

/** Merchant. */
export class Merchant {
  constructor(private readonly transport: Transport) {}

  /** How the merchant's connectors stand: what their providers last said of the credentials, and whether calls are held back. */
  listConnectors(query: Omit<Query<"/v1/merchants/connectors", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/merchants/connectors", "get">> {
    return new Pages(this.transport, "GET", "/v1/merchants/connectors", { query }, options);
  }

  /** Ask the provider whether it accepts the stored credentials; moves no money. */
  verifyConnector(name: string, options: Options = {}): Promise<Answer<"/v1/merchants/connectors/{name}/verify", "post">> {
    return this.transport.json("POST", "/v1/merchants/connectors/{name}/verify", { path: { name: name } }, options);
  }

  /** The merchant's profile and settings. */
  get(options: Options = {}): Promise<Answer<"/v1/merchants/me", "get">> {
    return this.transport.json("GET", "/v1/merchants/me", {}, options);
  }

  /** Change settings; only the given fields change, and `settings_effective_at` says from when they act everywhere. */
  change(body: Body<"/v1/merchants/me", "patch">, options: Options = {}): Promise<Answer<"/v1/merchants/me", "patch">> {
    return this.transport.json("PATCH", "/v1/merchants/me", { body }, options);
  }

  /** The logo that payers see, as it was written anew when it came. */
  logo(options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/merchants/me/logo", {}, options);
  }

  /** Register a merchant; api_key and secret are in this answer only. */
  register(body: Body<"/v1/merchants/register", "post">, options: Options = {}): Promise<Answer<"/v1/merchants/register", "post">> {
    return this.transport.json("POST", "/v1/merchants/register", { body, signed: false }, options);
  }
}

/** Payments. */
export class Payments {
  constructor(private readonly transport: Transport) {}

  /** Payments, newest first. */
  list(query: Omit<Query<"/v1/payments", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/payments", "get">> {
    return new Pages(this.transport, "GET", "/v1/payments", { query }, options);
  }

  /** Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be. */
  create(body: Omit<Body<"/v1/payments/create", "post">, "dry_run">, options: Options = {}): Promise<AnswerOf<"/v1/payments/create", "post", 201>> {
    return this.transport.json("POST", "/v1/payments/create", { body }, options);
  }

  /** Create a payment and start it. With `dry_run` nothing is made, and the answer says what would be. */
  createDryRun(body: Omit<Body<"/v1/payments/create", "post">, "dry_run">, options: Options = {}): Promise<AnswerOf<"/v1/payments/create", "post", 200>> {
    return this.transport.json("POST", "/v1/payments/create", { body: { ...body, dry_run: true } }, options);
  }

  /** One payment with its timeline, ledger references and attempts. */
  get(paymentId: string, options: Options = {}): Promise<Answer<"/v1/payments/{payment_id}", "get">> {
    return this.transport.json("GET", "/v1/payments/{payment_id}", { path: { payment_id: paymentId } }, options);
  }

  /** Approve or decline a payment that a risk rule holds for a review. Approved, it is captured, unless you capture it yourself. */
  decideReview(paymentId: string, body: Body<"/v1/payments/{payment_id}", "patch">, options: Options = {}): Promise<Answer<"/v1/payments/{payment_id}", "patch">> {
    return this.transport.json("PATCH", "/v1/payments/{payment_id}", { path: { payment_id: paymentId }, body }, options);
  }

  /** Give up a payment that is not decided yet. */
  cancel(paymentId: string, options: Options = {}): Promise<Answer<"/v1/payments/{payment_id}/cancel", "post">> {
    return this.transport.json("POST", "/v1/payments/{payment_id}/cancel", { path: { payment_id: paymentId } }, options);
  }

  /** Capture what is held: all that is left, or a part; with `final` (the default) the rest is released. */
  capture(paymentId: string, body: Body<"/v1/payments/{payment_id}/capture", "post">, options: Options = {}): Promise<Answer<"/v1/payments/{payment_id}/capture", "post">> {
    return this.transport.json("POST", "/v1/payments/{payment_id}/capture", { path: { payment_id: paymentId }, body }, options);
  }

  /** The captures of a payment, newest first. */
  captures(paymentId: string, query: Omit<Query<"/v1/payments/{payment_id}/captures", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/payments/{payment_id}/captures", "get">> {
    return new Pages(this.transport, "GET", "/v1/payments/{payment_id}/captures", { path: { payment_id: paymentId }, query }, options);
  }

  /** Hold more: `amount` is the new total. */
  increment(paymentId: string, body: Body<"/v1/payments/{payment_id}/increment", "post">, options: Options = {}): Promise<Answer<"/v1/payments/{payment_id}/increment", "post">> {
    return this.transport.json("POST", "/v1/payments/{payment_id}/increment", { path: { payment_id: paymentId }, body }, options);
  }

  /** All money that came late or beside what was asked, the first first. */
  lateMoney(paymentId: string, query: Omit<Query<"/v1/payments/{payment_id}/late", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/payments/{payment_id}/late", "get">> {
    return new Pages(this.transport, "GET", "/v1/payments/{payment_id}/late", { path: { payment_id: paymentId }, query }, options);
  }

  /** Decide about money that came late or beside what was asked: take it as the payment's, or give it back. */
  decideLateMoney(paymentId: string, body: Body<"/v1/payments/{payment_id}/late", "post">, options: Options = {}): Promise<Answer<"/v1/payments/{payment_id}/late", "post">> {
    return this.transport.json("POST", "/v1/payments/{payment_id}/late", { path: { payment_id: paymentId }, body }, options);
  }

  /** Where the money of a payment is: authorized, captured, with its provider, paid out, in the bank; with the dates that are known. */
  money(paymentId: string, options: Options = {}): Promise<Answer<"/v1/payments/{payment_id}/money", "get">> {
    return this.transport.json("GET", "/v1/payments/{payment_id}/money", { path: { payment_id: paymentId } }, options);
  }

  /** Merkle proof that the payment's entries are in a signed checkpoint. */
  proof(paymentId: string, options: Options = {}): Promise<Answer<"/v1/payments/{payment_id}/proof", "get">> {
    return this.transport.json("GET", "/v1/payments/{payment_id}/proof", { path: { payment_id: paymentId } }, options);
  }

  /** The code that the payer scans, as PNG. */
  qrPng(paymentId: string, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/payments/{payment_id}/qr.png", { path: { payment_id: paymentId } }, options);
  }

  /** The code that the payer scans, as SVG. */
  qrSvg(paymentId: string, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/payments/{payment_id}/qr.svg", { path: { payment_id: paymentId } }, options);
  }

  /** The refunds of a payment, newest first. */
  refunds(paymentId: string, query: Omit<Query<"/v1/payments/{payment_id}/refunds", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/payments/{payment_id}/refunds", "get">> {
    return new Pages(this.transport, "GET", "/v1/payments/{payment_id}/refunds", { path: { payment_id: paymentId }, query }, options);
  }

  /** Release what is held. What was captured stays the merchant's. */
  void(paymentId: string, body: Body<"/v1/payments/{payment_id}/void", "post">, options: Options = {}): Promise<Answer<"/v1/payments/{payment_id}/void", "post">> {
    return this.transport.json("POST", "/v1/payments/{payment_id}/void", { path: { payment_id: paymentId }, body }, options);
  }
}

/** People. */
export class People {
  constructor(private readonly transport: Transport) {}

  /** People of the merchant, who came last first. */
  list(query: Omit<Query<"/v1/console/users", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/console/users", "get">> {
    return new Pages(this.transport, "GET", "/v1/console/users", { query }, options);
  }

  /** Invite a person by e-mail, or by the link in this answer where no e-mail is set up. One gives only roles that one holds. */
  invite(body: Body<"/v1/console/users", "post">, options: Options = {}): Promise<Answer<"/v1/console/users", "post">> {
    return this.transport.json("POST", "/v1/console/users", { body }, options);
  }

  /** Remove a person, with passkeys and sessions. */
  remove(personId: string, options: Options = {}): Promise<Answer<"/v1/console/users/{person_id}", "delete">> {
    return this.transport.json("DELETE", "/v1/console/users/{person_id}", { path: { person_id: personId } }, options);
  }

  /** One person. */
  get(personId: string, options: Options = {}): Promise<Answer<"/v1/console/users/{person_id}", "get">> {
    return this.transport.json("GET", "/v1/console/users/{person_id}", { path: { person_id: personId } }, options);
  }

  /** Change a person's name, role or status; it acts with the person's next request. */
  change(personId: string, body: Body<"/v1/console/users/{person_id}", "patch">, options: Options = {}): Promise<Answer<"/v1/console/users/{person_id}", "patch">> {
    return this.transport.json("PATCH", "/v1/console/users/{person_id}", { path: { person_id: personId }, body }, options);
  }

  /** A new invitation for a person who has not signed in yet; the older link ends. */
  inviteAgain(personId: string, options: Options = {}): Promise<Answer<"/v1/console/users/{person_id}/invitation", "post">> {
    return this.transport.json("POST", "/v1/console/users/{person_id}/invitation", { path: { person_id: personId } }, options);
  }
}

/** Periods. */
export class Periods {
  constructor(private readonly transport: Transport) {}

  /** Closed months, newest first. */
  list(query: Omit<Query<"/v1/periods", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/periods", "get">> {
    return new Pages(this.transport, "GET", "/v1/periods", { query }, options);
  }

  /** A closed month, and whether the ledger still says the same. */
  get(month: string, options: Options = {}): Promise<Answer<"/v1/periods/{month}", "get">> {
    return this.transport.json("GET", "/v1/periods/{month}", { path: { month: month } }, options);
  }

  /** Close a month that is over: its trial balance is stored, and what the operator charged becomes an invoice with the next number. */
  close(month: string, options: Options = {}): Promise<Answer<"/v1/periods/{month}/close", "post">> {
    return this.transport.json("POST", "/v1/periods/{month}/close", { path: { month: month } }, options);
  }

  /** A closed month as the ledger seals it, and the proof of it: the trial balance is a leaf of a signed checkpoint. */
  proof(month: string, options: Options = {}): Promise<Answer<"/v1/periods/{month}/proof", "get">> {
    return this.transport.json("GET", "/v1/periods/{month}/proof", { path: { month: month } }, options);
  }
}

/** Processors. */
export class Processors {
  constructor(private readonly transport: Transport) {}

  /** Processors by which merchants may be paid, by name. */
  list(query: Omit<Query<"/v1/processors", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/processors", "get">> {
    return new Pages(this.transport, "GET", "/v1/processors", { query }, options);
  }

  /** One processor. */
  get(name: string, options: Options = {}): Promise<Answer<"/v1/processors/{name}", "get">> {
    return this.transport.json("GET", "/v1/processors/{name}", { path: { name: name } }, options);
  }
}

/** QrCodes. */
export class QrCodes {
  constructor(private readonly transport: Transport) {}

  /** Codes, newest first. */
  list(query: Omit<Query<"/v1/qr_codes", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/qr_codes", "get">> {
    return new Pages(this.transport, "GET", "/v1/qr_codes", { query }, options);
  }

  /** Make a UPI code to print: it takes many payments, each a payment of its own. */
  create(body: Body<"/v1/qr_codes", "post">, options: Options = {}): Promise<Answer<"/v1/qr_codes", "post">> {
    return this.transport.json("POST", "/v1/qr_codes", { body }, options);
  }

  /** Switch a code off, for good. Money that is paid by it all the same is kept as late money. */
  deactivate(qrCodeId: string, options: Options = {}): Promise<Answer<"/v1/qr_codes/{qr_code_id}", "delete">> {
    return this.transport.json("DELETE", "/v1/qr_codes/{qr_code_id}", { path: { qr_code_id: qrCodeId } }, options);
  }

  /** One code as it stands. */
  get(qrCodeId: string, options: Options = {}): Promise<Answer<"/v1/qr_codes/{qr_code_id}", "get">> {
    return this.transport.json("GET", "/v1/qr_codes/{qr_code_id}", { path: { qr_code_id: qrCodeId } }, options);
  }

  /** What was paid by a code, newest first: each payer's payment apart. */
  payments(qrCodeId: string, query: Omit<Query<"/v1/qr_codes/{qr_code_id}/payments", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/qr_codes/{qr_code_id}/payments", "get">> {
    return new Pages(this.transport, "GET", "/v1/qr_codes/{qr_code_id}/payments", { path: { qr_code_id: qrCodeId }, query }, options);
  }

  /** Let the sandbox's payer pay a code; the sandbox then sends its signed callback, like any provider. Never in production. */
  payAsTest(qrCodeId: string, body: Body<"/v1/qr_codes/{qr_code_id}/payments", "post">, options: Options = {}): Promise<Answer<"/v1/qr_codes/{qr_code_id}/payments", "post">> {
    return this.transport.json("POST", "/v1/qr_codes/{qr_code_id}/payments", { path: { qr_code_id: qrCodeId }, body }, options);
  }

  /** The code to print, as PNG. */
  qrPng(qrCodeId: string, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/qr_codes/{qr_code_id}/qr.png", { path: { qr_code_id: qrCodeId } }, options);
  }

  /** The code to print, as SVG. */
  qrSvg(qrCodeId: string, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/qr_codes/{qr_code_id}/qr.svg", { path: { qr_code_id: qrCodeId } }, options);
  }
}

/** Reconciliation. */
export class Reconciliation {
  constructor(private readonly transport: Transport) {}

  /** What of each clearing account is explained, with its open items by state and age; and where the money is. */
  get(options: Options = {}): Promise<Answer<"/v1/reconciliation", "get">> {
    return this.transport.json("GET", "/v1/reconciliation", {}, options);
  }

  /** What was stated of a clearing account at the end of a day, and the proof of it. */
  getDays(day: string, query: Query<"/v1/reconciliation/days/{day}", "get">, options: Options = {}): Promise<Answer<"/v1/reconciliation/days/{day}", "get">> {
    return this.transport.json("GET", "/v1/reconciliation/days/{day}", { path: { day: day }, query }, options);
  }

  /** Items by filter, newest first: what is open, unless a state is named. */
  items(query: Omit<Query<"/v1/reconciliation/items", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/reconciliation/items", "get">> {
    return new Pages(this.transport, "GET", "/v1/reconciliation/items", { query }, options);
  }

  /** Items by filter, newest first, as CSV. */
  itemsCsv(query: Query<"/v1/reconciliation/items/csv", "get"> = {}, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/reconciliation/items/csv", { query }, options);
  }

  /** One item, with what was decided about it. */
  item(itemId: string, options: Options = {}): Promise<Answer<"/v1/reconciliation/items/{item_id}", "get">> {
    return this.transport.json("GET", "/v1/reconciliation/items/{item_id}", { path: { item_id: itemId } }, options);
  }

  /** Decide about an open item. */
  resolveItem(itemId: string, body: Body<"/v1/reconciliation/items/{item_id}/resolve", "post">, options: Options = {}): Promise<Answer<"/v1/reconciliation/items/{item_id}/resolve", "post">> {
    return this.transport.json("POST", "/v1/reconciliation/items/{item_id}/resolve", { path: { item_id: itemId }, body }, options);
  }
}

/** Refunds. */
export class Refunds {
  constructor(private readonly transport: Transport) {}

  /** Refund a payment, in full when no amount is given. */
  create(body: Body<"/v1/payments/refund", "post">, options: Options = {}): Promise<Answer<"/v1/payments/refund", "post">> {
    return this.transport.json("POST", "/v1/payments/refund", { body }, options);
  }

  /** One refund. */
  get(refundId: string, options: Options = {}): Promise<Answer<"/v1/refunds/{refund_id}", "get">> {
    return this.transport.json("GET", "/v1/refunds/{refund_id}", { path: { refund_id: refundId } }, options);
  }

  /** Say that a crypto refund's transaction was signed and sent. */
  sent(refundId: string, body: Body<"/v1/refunds/{refund_id}/sent", "post">, options: Options = {}): Promise<Answer<"/v1/refunds/{refund_id}/sent", "post">> {
    return this.transport.json("POST", "/v1/refunds/{refund_id}/sent", { path: { refund_id: refundId }, body }, options);
  }
}

/** Requests. */
export class Requests {
  constructor(private readonly transport: Transport) {}

  /** The merchant's own requests of the last thirty days, newest first. One is listed some seconds after its answer. */
  list(query: Omit<Query<"/v1/requests", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/requests", "get">> {
    return new Pages(this.transport, "GET", "/v1/requests", { query }, options);
  }
}

/** RiskReplays. */
export class RiskReplays {
  constructor(private readonly transport: Transport) {}

  /** Which of the newest payments these risk rules would have stopped; writes nothing, and says what it cannot know. */
  create(body: Body<"/v1/risk_replays", "post">, options: Options = {}): Promise<Answer<"/v1/risk_replays", "post">> {
    return this.transport.json("POST", "/v1/risk_replays", { body }, options);
  }
}

/** Routing. */
export class Routing {
  constructor(private readonly transport: Transport) {}

  /** What these rules would have done with the newest payments; writes nothing, and says what it cannot know. */
  replay(body: Body<"/v1/routing/replay", "post">, options: Options = {}): Promise<Answer<"/v1/routing/replay", "post">> {
    return this.transport.json("POST", "/v1/routing/replay", { body }, options);
  }

  /** What routing knows of the merchant's connectors; kept where there is a choice between them. */
  segments(query: Omit<Query<"/v1/routing/segments", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/routing/segments", "get">> {
    return new Pages(this.transport, "GET", "/v1/routing/segments", { query }, options);
  }
}

/** Search. */
export class Search {
  constructor(private readonly transport: Transport) {}

  /** Find records of any kind by one text: each kind is shown to those whose scopes show it. */
  find(query: Query<"/v1/search", "get">, options: Options = {}): Promise<Answer<"/v1/search", "get">> {
    return this.transport.json("GET", "/v1/search", { query }, options);
  }
}

/** Service. */
export class Service {
  constructor(private readonly transport: Transport) {}

  /** Whether the API answers. */
  health(options: Options = {}): Promise<Answer<"/health", "get">> {
    return this.transport.json("GET", "/health", { signed: false }, options);
  }

  /** This contract as OpenAPI 3.1. */
  contract(options: Options = {}): Promise<Record<string, unknown>> {
    return this.transport.json("GET", "/openapi.json", { signed: false }, options);
  }
}

/** Settlements. */
export class Settlements {
  constructor(private readonly transport: Transport) {}

  /** Payouts of providers by filter, newest first. */
  list(query: Omit<Query<"/v1/settlements", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/settlements", "get">> {
    return new Pages(this.transport, "GET", "/v1/settlements", { query }, options);
  }

  /** Payouts of providers by filter, newest first, as CSV. */
  listCsv(query: Query<"/v1/settlements/csv", "get"> = {}, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/settlements/csv", { query }, options);
  }

  /** Announce a provider's report and get a link to put it to; it is read from then on, line by line. */
  startImport(body: Body<"/v1/settlements/import", "post">, options: Options = {}): Promise<Answer<"/v1/settlements/import", "post">> {
    return this.transport.json("POST", "/v1/settlements/import", { body }, options);
  }

  /** How far an import was read, and which lines were refused. */
  getImport(importId: string, options: Options = {}): Promise<Answer<"/v1/settlements/imports/{import_id}", "get">> {
    return this.transport.json("GET", "/v1/settlements/imports/{import_id}", { path: { import_id: importId } }, options);
  }

  /** One payout of a provider, with sums over its lines and its journals. */
  get(settlementId: string, options: Options = {}): Promise<Answer<"/v1/settlements/{settlement_id}", "get">> {
    return this.transport.json("GET", "/v1/settlements/{settlement_id}", { path: { settlement_id: settlementId } }, options);
  }

  /** The lines of a settlement, oldest first. */
  items(settlementId: string, query: Omit<Query<"/v1/settlements/{settlement_id}/items", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/settlements/{settlement_id}/items", "get">> {
    return new Pages(this.transport, "GET", "/v1/settlements/{settlement_id}/items", { path: { settlement_id: settlementId }, query }, options);
  }

  /** The lines of a settlement, oldest first, as CSV. */
  itemsCsv(settlementId: string, query: Query<"/v1/settlements/{settlement_id}/items/csv", "get"> = {}, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/settlements/{settlement_id}/items/csv", { path: { settlement_id: settlementId }, query }, options);
  }
}

/** Statements. */
export class Statements {
  constructor(private readonly transport: Transport) {}

  /** What the merchant's account held and what moved it, in one month and currency. With each movement: as CSV, PDF or camt.053. */
  get(query: Query<"/v1/statements", "get">, options: Options = {}): Promise<Answer<"/v1/statements", "get">> {
    return this.transport.json("GET", "/v1/statements", { query }, options);
  }

  /** What the merchant's account held and what moved it, in one month and currency, as ISO 20022 camt.053.001.08. */
  getCamt053(query: Query<"/v1/statements/camt053", "get">, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/statements/camt053", { query }, options);
  }

  /** What the merchant's account held and what moved it, in one month and currency, as CSV. */
  getCsv(query: Query<"/v1/statements/csv", "get">, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/statements/csv", { query }, options);
  }

  /** What the merchant's account held and what moved it, in one month and currency, as PDF. */
  getPdf(query: Query<"/v1/statements/pdf", "get">, options: Options = {}): Promise<Content> {
    return this.transport.content("GET", "/v1/statements/pdf", { query }, options);
  }
}

/** Test. */
export class Test {
  constructor(private readonly transport: Transport) {}

  /** Make the test merchant beside this live one, once: with books, webhooks and keys of its own, the sandbox and no real money. */
  create(options: Options = {}): Promise<Answer<"/v1/test", "post">> {
    return this.transport.json("POST", "/v1/test", {}, options);
  }
}

/** TestClock. */
export class TestClock {
  constructor(private readonly transport: Transport) {}

  /** How much time was let pass for what waits of the merchant, and whether everything has moved. Not in production. */
  get(options: Options = {}): Promise<Answer<"/v1/test/clock", "get">> {
    return this.transport.json("GET", "/v1/test/clock", {}, options);
  }

  /** Let time pass for what waits of the merchant: ends of payments, holds, checkouts, links and keys, answers to disputes, attempts of. */
  advance(body: Body<"/v1/test/clock", "post">, options: Options = {}): Promise<Answer<"/v1/test/clock", "post">> {
    return this.transport.json("POST", "/v1/test/clock", { body }, options);
  }
}

/** Tokens. */
export class Tokens {
  constructor(private readonly transport: Transport) {}

  /** A user's active tokens, newest first. */
  list(query: Omit<Query<"/v1/tokens", "get">, "cursor">, options: Options = {}): Pages<Item<"/v1/tokens", "get">> {
    return new Pages(this.transport, "GET", "/v1/tokens", { query }, options);
  }

  /** Keep an instrument: 201 with its token, 200 when this user's instrument is already kept. */
  create(body: Body<"/v1/tokens/create", "post">, options: Options = {}): Promise<Answer<"/v1/tokens/create", "post">> {
    return this.transport.json("POST", "/v1/tokens/create", { body }, options);
  }

  /** Delete a token; its sealed value is gone with this answer, and a provider that keeps the card was asked to forget it. */
  delete(tokenId: string, options: Options = {}): Promise<Answer<"/v1/tokens/{token_id}", "delete">> {
    return this.transport.json("DELETE", "/v1/tokens/{token_id}", { path: { token_id: tokenId } }, options);
  }

  /** One token, a deleted one too (`is_active` false). */
  get(tokenId: string, options: Options = {}): Promise<Answer<"/v1/tokens/{token_id}", "get">> {
    return this.transport.json("GET", "/v1/tokens/{token_id}", { path: { token_id: tokenId } }, options);
  }
}

/** Wallets. */
export class Wallets {
  constructor(private readonly transport: Transport) {}

  /** The wallets of a user. */
  ofUser(query: Query<"/v1/wallet", "get">, options: Options = {}): Promise<Answer<"/v1/wallet", "get">> {
    return this.transport.json("GET", "/v1/wallet", { query }, options);
  }

  /** Create a user's wallet; one per user and currency. */
  create(body: Body<"/v1/wallet/create", "post">, options: Options = {}): Promise<Answer<"/v1/wallet/create", "post">> {
    return this.transport.json("POST", "/v1/wallet/create", { body }, options);
  }

  /** Pay the merchant from a wallet: a payment with method `wallet`. */
  pay(body: Body<"/v1/wallet/pay", "post">, options: Options = {}): Promise<Answer<"/v1/wallet/pay", "post">> {
    return this.transport.json("POST", "/v1/wallet/pay", { body }, options);
  }

  /** Refund a wallet payment to its wallet. */
  refund(body: Body<"/v1/wallet/refund", "post">, options: Options = {}): Promise<Answer<"/v1/wallet/refund", "post">> {
    return this.transport.json("POST", "/v1/wallet/refund", { body }, options);
  }

  /** Credit a wallet from outside. */
  topUp(body: Body<"/v1/wallet/topup", "post">, options: Options = {}): Promise<Answer<"/v1/wallet/topup", "post">> {
    return this.transport.json("POST", "/v1/wallet/topup", { body }, options);
  }

  /** A wallet with its balance. */
  get(walletId: string, options: Options = {}): Promise<Answer<"/v1/wallet/{wallet_id}", "get">> {
    return this.transport.json("GET", "/v1/wallet/{wallet_id}", { path: { wallet_id: walletId } }, options);
  }

  /** A wallet's ledger entries, newest first. */
  ledger(walletId: string, query: Omit<Query<"/v1/wallet/{wallet_id}/ledger", "get">, "cursor"> = {}, options: Options = {}): Pages<Item<"/v1/wallet/{wallet_id}/ledger", "get">> {
    return new Pages(this.transport, "GET", "/v1/wallet/{wallet_id}/ledger", { path: { wallet_id: walletId }, query }, options);
  }
}

/** What a client offers. */
export class Resources {
  readonly apiKeys: ApiKeys;
  readonly approvals: Approvals;
  readonly audit: Audit;
  readonly bank: Bank;
  readonly blocklist: Blocklist;
  readonly checkout: Checkout;
  readonly crypto: Crypto;
  readonly customers: Customers;
  readonly dashboard: Dashboard;
  readonly deliveries: Deliveries;
  readonly disputes: Disputes;
  readonly endpoints: Endpoints;
  readonly events: Events;
  readonly experiments: Experiments;
  readonly invoices: Invoices;
  readonly journal: Journal;
  readonly links: Links;
  readonly merchant: Merchant;
  readonly payments: Payments;
  readonly people: People;
  readonly periods: Periods;
  readonly processors: Processors;
  readonly qrCodes: QrCodes;
  readonly reconciliation: Reconciliation;
  readonly refunds: Refunds;
  readonly requests: Requests;
  readonly riskReplays: RiskReplays;
  readonly routing: Routing;
  readonly search: Search;
  readonly service: Service;
  readonly settlements: Settlements;
  readonly statements: Statements;
  readonly test: Test;
  readonly testClock: TestClock;
  readonly tokens: Tokens;
  readonly wallets: Wallets;

  constructor(transport: Transport) {
    this.apiKeys = new ApiKeys(transport);
    this.approvals = new Approvals(transport);
    this.audit = new Audit(transport);
    this.bank = new Bank(transport);
    this.blocklist = new Blocklist(transport);
    this.checkout = new Checkout(transport);
    this.crypto = new Crypto(transport);
    this.customers = new Customers(transport);
    this.dashboard = new Dashboard(transport);
    this.deliveries = new Deliveries(transport);
    this.disputes = new Disputes(transport);
    this.endpoints = new Endpoints(transport);
    this.events = new Events(transport);
    this.experiments = new Experiments(transport);
    this.invoices = new Invoices(transport);
    this.journal = new Journal(transport);
    this.links = new Links(transport);
    this.merchant = new Merchant(transport);
    this.payments = new Payments(transport);
    this.people = new People(transport);
    this.periods = new Periods(transport);
    this.processors = new Processors(transport);
    this.qrCodes = new QrCodes(transport);
    this.reconciliation = new Reconciliation(transport);
    this.refunds = new Refunds(transport);
    this.requests = new Requests(transport);
    this.riskReplays = new RiskReplays(transport);
    this.routing = new Routing(transport);
    this.search = new Search(transport);
    this.service = new Service(transport);
    this.settlements = new Settlements(transport);
    this.statements = new Statements(transport);
    this.test = new Test(transport);
    this.testClock = new TestClock(transport);
    this.tokens = new Tokens(transport);
    this.wallets = new Wallets(transport);
  }
}
