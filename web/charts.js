/** Charts by uPlot (MIT, see uplot-LICENSE.txt). Each has the same numbers as text beside it, for whoever cannot see it. */

import { h } from "./dom.js";
import uPlot from "./uplot.js";

const HALF_DAY = 43200;
const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * @param {string} label @param {{date: string}[]} days @param {{name: string, color: string, value: (day: any) => number|null, text: (day: any) => string, bars?: boolean}} series
 */
export function chart(label, days, series) {
  const place = h("div", { class: "chart", role: "img", "aria-label": `${label}: ${days.length} days` });
  const xs = days.map((day) => Date.parse(`${day.date}T00:00:00Z`) / 1000);
  const axis = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
  const options = {
    width: 400, height: 220, tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"), cursor: { y: false },
    scales: { x: { range: (_plot, low, high) => [low - HALF_DAY, high + HALF_DAY] }, y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [axis, { ...axis, size: 64, values: (_plot, ticks) => ticks.map((tick) => compact(tick)) }],
    series: [{ value: (_plot, _value, _series, index) => (index === null ? "–" : days[index].date) }, {
      label: series.name, stroke: color(series.color), fill: series.bars ? color(series.color) + "99" : undefined, width: 2, spanGaps: true,
      paths: series.bars ? uPlot.paths.bars({ size: [0.7, 40] }) : undefined, points: { show: !series.bars, size: 5 },
      value: (_plot, _value, _series, index) => (index === null ? "–" : series.text(days[index])),
    }],
  };
  const draw = () => {
    place.replaceChildren();
    new uPlot({ ...options, width: Math.max(place.clientWidth, 240) }, [xs, days.map(series.value)], place);
  };
  let width = 0;
  new ResizeObserver(() => { if (place.clientWidth && place.clientWidth !== width) { width = place.clientWidth; draw(); } }).observe(place);
  return place;
}

const compact = (value) => new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 }).format(value);
