// Orders, a folder each with a file for each fact; no fact is ever changed. Enough for a shop on one machine: yours are in your database.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

export const MENU: Record<string, string> = { "Masala chai": "120.00", "Filter coffee": "95.50", "Lemon tea": "80.00" };

export type Order = { id: string; tea: string; amount: string; paymentId: string | null; status: "waiting" | "paid" | "not paid" };

/** What PayCoreX says of a payment, in a webhook or in an answer. */
type Payment = { payment_id: string; status: string; amount: string; metadata?: Record<string, unknown> | null };

const file = (id: string, name: string) => path.join(process.cwd(), "orders", id, name);
const read = (id: string, name: string) => readFile(file(id, name), "utf8").catch(() => null);

export async function create(tea: string): Promise<Order> {
  const id = randomBytes(9).toString("hex");
  await mkdir(path.dirname(file(id, "order.json")), { recursive: true });
  await writeFile(file(id, "order.json"), JSON.stringify({ tea, amount: MENU[tea] }));
  return { id, tea, amount: MENU[tea], paymentId: null, status: "waiting" };
}

export const notePayment = (id: string, paymentId: string) => writeFile(file(id, "payment_id"), paymentId);

export async function find(id: string): Promise<Order | null> {
  const stored = /^[0-9a-f]{18}$/.test(id) ? await read(id, "order.json") : null;
  if (stored === null) return null;
  const [paid, failed, paymentId] = await Promise.all(["paid", "not paid", "payment_id"].map((name) => read(id, name)));
  // Paid stays paid: webhooks may come late and out of order.
  return { id, ...JSON.parse(stored), paymentId, status: paid !== null ? "paid" : failed !== null ? "not paid" : "waiting" };
}

/** Write down what PayCoreX says about an order's payment: the only place where an order becomes paid. */
export async function take(payment: Payment): Promise<void> {
  const order = await find(String(payment.metadata?.order ?? ""));
  if (order === null || order.amount !== payment.amount) return;
  if (payment.status === "success") await writeFile(file(order.id, "paid"), payment.payment_id);
  if (payment.status === "failed") await writeFile(file(order.id, "not paid"), payment.payment_id);
}
