// Where PayCoreX sends webhooks. The raw bytes are verified before anything reads them. A 2xx says: it is stored, do not send it again.
import { WebhookRefused, webhooks } from "@paycorex/client";
import { take } from "@/lib/orders";

export async function POST(request: Request): Promise<Response> {
  try {
    const body = new Uint8Array(await request.arrayBuffer());
    const event = await webhooks.parse(body, request.headers, process.env.PAYCOREX_WEBHOOK_SECRET!);
    // A delivery may come twice. Here the second one changes nothing; where it would (an e-mail), remember event.id.
    if (event.event === "payment.success" || event.event === "payment.failed" || event.event === "payment.expired") await take(event.data);
    return new Response(null, { status: 204 });
  } catch (error) {
    if (error instanceof WebhookRefused) return new Response(`${error.message}\n`, { status: 400 });
    throw error;
  }
}
