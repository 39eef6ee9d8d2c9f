// Where the payer comes back to. What stands in the address proves nothing, so an open order asks PayCoreX.
import { PayCoreXError } from "@paycorex/client";
import { notFound } from "next/navigation";
import { find, take } from "@/lib/orders";
import { client } from "@/lib/paycorex";

const WORDS = { waiting: "Waiting for your payment", paid: "Paid. Your tea is being made.", "not paid": "Not paid" };

export default async function ShowOrder({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const found = await find(id);
  if (found === null) notFound();
  if (found.status === "waiting" && found.paymentId !== null) {
    try {
      await take(await client.payments.get(found.paymentId));
    } catch (error) {
      if (!(error instanceof PayCoreXError)) throw error;
      console.error(`PayCoreX did not say how order ${id} is`, error);
    }
  }
  const order = (await find(id)) ?? found;
  return (
    <>
      {order.status === "waiting" && <meta httpEquiv="refresh" content="3" />}
      <p>
        {order.tea}, ₹{order.amount}
      </p>
      <p role="status">{WORDS[order.status]}</p>
      <p>
        <a href="/">Another order</a>
      </p>
    </>
  );
}
