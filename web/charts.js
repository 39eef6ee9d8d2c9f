/** Charts by uPlot (MIT, see uplot-LICENSE.txt). What is pointed at is read out above; a table has the same numbers for readers who cannot see them. */

import { failure, fill, h } from "./dom.js";
import { t } from "./texts.js";
import { longDay, shortDay } from "./time.js";

const FONT_PX = 12;
const LABEL_GAP = 16, MIN_LABELS = 40;
const HALF_DAY = 43200;
const font = () => [`${FONT_PX}px`, getComputedStyle(document.body).fontFamily].join(" ");
/** How wide the labels of an axis are: those of Hindi are longer, and none may be cut. @param {string[] | null} labels */
const widest = (labels) => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = font();
  return Math.ceil(Math.max(MIN_LABELS, ...(labels ?? []).map((each) => pen.measureText(each).width)));
};
// The largest script of the page: it is fetched once the figures are shown, in the height that is kept for it.
let misses = 0;
const another = () => Object.assign(new URL("assets/uplot.js", document.baseURI), { hash: misses }).href;
const library = async () => {
  try {
    // A browser may remember that a script could not be fetched: then it is asked for by another address.
    return (await (misses ? import(another()) : import("./uplot.js"))).default;
  } catch (error) {
    misses += 1;
    throw error;
  }
};
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const seconds = (day) => Date.parse(`${day.date}T00:00:00Z`) / 1000;

/**
 * @param {string} title @param {{date: string}[]} days
 * @param {{color: string, value: (day: any) => number|null, text: (day: any) => string, tick: (value: number) => string, whole: string, top?: number, bars?: boolean}} series
 */
export function chart(title, days, series) {
  const readout = h("p", { class: "readout" }, series.whole);
  const place = h("div", { class: "chart", role: "img", "aria-label": t("{title}: {whole}. The days are in the table below.", { title, whole: series.whole }) });
  const tell = ({ cursor: { idx } }) => fill(readout, typeof idx === "number" ? `${longDay(days[idx].date)}: ${series.text(days[idx])}` : series.whole);
  let width = 0;
  const draw = (uPlot) => {
    place.replaceChildren();
    new uPlot(options(uPlot, days, series, width, tell), [days.map(seconds), days.map(series.value)], place);
  };
  const missed = () => {
    const said = failure(new Error(t("The server cannot be reached.")), () => { said.replaceWith(place); drawn(); });
    place.replaceWith(said);
  };
  const drawn = () => library().then(draw, missed);
  new ResizeObserver(() => { if (place.clientWidth && place.clientWidth !== width) { width = place.clientWidth; drawn(); } }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => width && drawn());
  return h("section", { class: "card" }, h("div", { class: "charthead" }, h("h2", {}, title), readout), place);
}

function options(uPlot, days, series, width, tell) {
  const axis = { stroke: color("--quiet"), ticks: { show: false }, font: font() };
  const named = (_plot, marks) => marks.map((mark) => shortDay(new Date(mark * 1000).toISOString().slice(0, 10)));
  return {
    width, height: 220, legend: { show: false }, cursor: { y: false, drag: { x: false } }, hooks: { setCursor: [tell] },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC"),
    scales: { x: { range: [seconds(days[0]) - HALF_DAY, seconds(days.at(-1)) + HALF_DAY] }, y: { range: (_plot, _low, high) => [0, series.top ?? (high > 0 ? high * 1.1 : 1)] } },
    axes: [{ ...axis, grid: { show: false }, size: 28, space: 64, incrs: [1, 2, 5, 7, 14, 28, 56, 91].map((each) => each * 86400), values: named },
      { ...axis, grid: { stroke: color("--line"), width: 1 }, size: (_plot, labels) => widest(labels) + LABEL_GAP, values: (_plot, ticks) => ticks.map(series.tick) }],
    series: [{}, {
      stroke: color(series.color), fill: series.bars ? color(series.color) : undefined, width: series.bars ? 0 : 2, spanGaps: true,
      paths: series.bars ? uPlot.paths.bars({ size: [0.7, 36], radius: 0.15 }) : undefined, points: { show: !series.bars, size: 6, fill: color(series.color) },
    }],
  };
}
