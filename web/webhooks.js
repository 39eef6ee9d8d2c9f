/** Webhooks: the endpoints, and the log of what was sent to them. */

import { deliveries } from "./deliveries.js";
import { openDelivery, openEvent } from "./delivery.js";
import { fill, toast } from "./dom.js";
import { endpoints } from "./endpoints.js";
import { isId } from "./names.js";

/** @param {string} [part] of the address: a delivery or an event, which is opened */
export function webhooks(place, _merchant, part) {
  const log = deliveries();
  fill(place, endpoints(() => log.offer().catch((error) => toast(error.message))), log.shown);
  log.show();
  if (isId(part, "whd")) openDelivery(part, log.show);
  if (isId(part, "evt")) openEvent(part);
}
