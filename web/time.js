/** Times in the reader's own zone, which is always named, with the month as a word so that no day is taken for a month. */

import { h } from "./dom.js";
import { locale } from "./texts.js";

const MOMENT = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };
const CHOICE = "times", UTC = "UTC";
/** A way to write dates, in the language and the zone that are chosen when it is used. */
const written = (options) => {
  const made = {};
  return () => (made[`${locale()} ${zone()}`] ??= new Intl.DateTimeFormat(locale(), { timeZone: zone(), ...options }));
};
const minutes = written(MOMENT);
const seconds = written({ ...MOMENT, second: "2-digit" });
// A day is a name, not a moment: it is read and written as if it were UTC's, so that no zone moves it.
const short = written({ day: "numeric", month: "short", timeZone: UTC });
const long = written({ weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: UTC });
const date = (day) => new Date(`${day}T00:00:00Z`);

/** The reader's own zone. */
const own = () => Intl.DateTimeFormat().resolvedOptions().timeZone || UTC;
let isUtc = null;
/** Whether times are shown in UTC; a browser that keeps nothing shows its own zone each time. */
export function showsUtc() {
  try {
    isUtc ??= localStorage.getItem(CHOICE) === UTC;
  } catch {
    isUtc ??= false;
  }
  return isUtc;
}
/** Show times in UTC or in the reader's zone, from now on. The document gets an event `zone`. @param {boolean} wanted */
export function showUtc(wanted) {
  isUtc = wanted;
  try {
    localStorage.setItem(CHOICE, wanted ? UTC : "");
  } catch {
    // It holds for this page then.
  }
  document.dispatchEvent(new Event("zone"));
}

export const zone = () => (showsUtc() ? UTC : own());
const named = (formatter) => formatter.formatToParts(new Date()).find((part) => part.type === "timeZoneName").value;
/** What the zone is called now: "IST". */
export const zoneName = () => named(minutes());
export const ownZoneName = () => named(new Intl.DateTimeFormat(locale(), MOMENT));
/** What a date field says, as a moment of the API; null for none. @param {string | null} text "2026-11-23T10:30" */
export const instant = (text) => (text ? new Date(showsUtc() ? `${text}Z` : text).toISOString() : null);
/** A moment of the API as a date field takes it. @param {string} moment */
export function local(moment) {
  const at = new Date(moment);
  return new Date(at.getTime() - (showsUtc() ? 0 : at.getTimezoneOffset() * 60_000)).toISOString().slice(0, 16);
}
/** The midnight that begins the last days, in the zone that is chosen. @param {number} days today included */
export function midnight(days) {
  const day = new Date();
  if (showsUtc()) day.setUTCHours(0, 0, 0, 0);
  else day.setHours(0, 0, 0, 0);
  return daysBefore(day.toISOString(), days - 1);
}
/** The same time of day so many days before: in the reader's own zone a day has 23 or 25 hours at times. */
export function daysBefore(moment, days) {
  const day = new Date(moment);
  if (showsUtc()) day.setUTCDate(day.getUTCDate() - days);
  else day.setDate(day.getDate() - days);
  return day.toISOString();
}
export const moment = (text) => minutes().format(new Date(text));
export const exactMoment = (text) => seconds().format(new Date(text));
export const time = (text) => text && h("time", { datetime: text, title: text }, moment(text));
export const exactTime = (text) => h("time", { datetime: text, title: text }, exactMoment(text));
/** "2026-11-23" → "23 Nov" and "Mon, 23 Nov 2026". */
export const shortDay = (day) => short().format(date(day));
export const longDay = (day) => long().format(date(day));
