/** Times in the reader's own zone, which is always named, with the month as a word so that no day is taken for a month. */

import { h } from "./dom.js";

const MOMENT = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
const minutes = new Intl.DateTimeFormat(undefined, MOMENT);
const seconds = new Intl.DateTimeFormat(undefined, { ...MOMENT, second: "2-digit" });
// A day is a name, not a moment: it is read and written as if it were UTC's, so that no zone moves it.
const short = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const long = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const date = (day) => new Date(`${day}T00:00:00Z`);

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
/** What the zone is called now: "IST". */
export const zoneName = () => minutes.formatToParts(new Date()).find((part) => part.type === "timeZoneName").value;
export const moment = (text) => minutes.format(new Date(text));
export const exactMoment = (text) => seconds.format(new Date(text));
export const time = (text) => text && h("time", { datetime: text, title: text }, moment(text));
export const exactTime = (text) => h("time", { datetime: text, title: text }, exactMoment(text));
/** "2026-11-23" → "23 Nov" and "Mon, 23 Nov 2026". */
export const shortDay = (day) => short.format(date(day));
export const longDay = (day) => long.format(date(day));
