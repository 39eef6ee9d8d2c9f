// A payer orders: store the order, ask for its payment, and send the payer to the payment's page.
import { create, MENU, notePayment } from "@/lib/orders";
import { client } from "@/lib/paycorex";

// A card is typed on the page, into the provider's fields; for UPI the page shows a code to scan.
const WAYS: Record<string, "tokenized" | "upi_intent"> = { card: "tokenized", upi: "upi_intent" };

export async function POST(request: Request): Promise<Response> {
  const form = await request.formData();
  const tea = String(form.get("tea"));
  const method = WAYS[String(form.get("way"))];
  if (!(tea in MENU) || method === undefined) return new Response("Choose from the menu.\n", { status: 400 });
  const order = await create(tea);
  const payment = await client.payments.create(
    {
      amount: order.amount,
      method,
      description: tea,
      metadata: { order: order.id },
      return_url: `${process.env.SHOP_URL}/orders/${order.id}`,
    },
    // The order's own key: asked for again, it is the same payment and not a second one.
    { idempotencyKey: `order-${order.id}` },
  );
  await notePayment(order.id, payment.payment_id);
  const action = payment.next_action!;
  return Response.redirect(action.type === "redirect" ? action.url : action.pay_url, 303);
}
