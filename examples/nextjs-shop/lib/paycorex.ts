// PayCoreX as this shop's merchant. Only the server has the keys: import it from no component that runs in a browser.
import { PayCoreX } from "@paycorex/client";

const { PAYCOREX_URL, PAYCOREX_API_KEY, PAYCOREX_SECRET } = process.env;

export const client = new PayCoreX({ baseUrl: PAYCOREX_URL!, apiKey: PAYCOREX_API_KEY!, secret: PAYCOREX_SECRET! });
