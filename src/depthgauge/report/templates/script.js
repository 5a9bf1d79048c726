"use strict";
const plots = [...document.querySelectorAll("script[data-figure]")];
const darkWanted = window.matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const toggle = document.getElementById("theme");
const PRINTED = 660;

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : darkWanted.matches;
}

// The figures name light colours only; a dark page puts another in the place of each.
function figureOf(script, dark) {
  let text = script.textContent;
  if (dark) text = text.replace(/#[0-9A-F]{6}/g, (colour) => DARK[colour] || colour);
  return JSON.parse(text);
}

// Panels lie side by side as far as there is room; only the outer ones bear titles.
function arrange(figure, width, printed) {
  const layout = figure.layout, meta = layout.meta;
  if (printed) meta.row *= 0.64;
  // Each name of the legend takes about 160 pixels; further rows of names need room above.
  const names = figure.data.filter((trace) => trace.name && trace.showlegend !== false).length;
  if (layout.showlegend) layout.margin.t += 20 * (Math.ceil(names * 160 / (width - 70)) - 1);
  const columns = Math.min(meta.panels, width < 560 ? meta.narrow : meta.columns);
  const rows = Math.ceil(meta.panels / columns);
  const top = layout.margin.t, bottom = layout.margin.b;
  layout.height = rows * meta.row + top + bottom - 30;
  layout.width = width;
  layout.grid = {
    rows: rows, columns: columns, pattern: "independent",
    xgap: columns > 1 ? (meta.shared_y ? 0.1 : 0.28) : 0, ygap: rows > 1 ? Math.min(0.5, 58 / meta.row) : 0,
  };
  for (let panel = 0; panel < meta.panels; panel++) {
    const end = panel === 0 ? "" : String(panel + 1);
    const x = layout["xaxis" + end], y = layout["yaxis" + end];
    const first = panel % columns === 0, last = panel + columns >= meta.panels;
    x.title = { text: last ? meta.x : "", standoff: 6, font: { size: 13 } };
    y.title = { text: first ? meta.y : "", standoff: 6, font: { size: 13 } };
    if (meta.shared_y && meta.panels > 1) y.showticklabels = first;
  }
}

function draw(script, width, dark) {
  const place = document.getElementById(script.dataset.figure);
  const figure = figureOf(script, dark);
  const layout = figure.layout;
  arrange(figure, width || place.clientWidth, Boolean(width));
  if (layout.width < 560) layout.font.size = 12;
  place.querySelector("noscript")?.remove();
  return Plotly.react(place, figure.data, layout, { displayModeBar: false, scrollZoom: false });
}

function drawAll(width, dark = isDark()) {
  toggle.textContent = isDark() ? "Light" : "Dark";
  toggle.setAttribute("aria-label", "Change to the " + (isDark() ? "light" : "dark") + " theme");
  for (const script of plots) draw(script, width, dark);
}

toggle.hidden = false;
toggle.removeAttribute("aria-pressed");
toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  drawAll();
});
darkWanted.addEventListener("change", () => drawAll());

let waiting = 0, known = root.clientWidth;
window.addEventListener("resize", () => {
  if (root.clientWidth === known) return;
  known = root.clientWidth;
  clearTimeout(waiting);
  waiting = setTimeout(() => drawAll(), 120);
});

// Paper is white and has its own width.
window.addEventListener("beforeprint", () => {
  root.dataset.screen = root.dataset.theme || "";
  root.dataset.theme = "light";
  for (const part of document.querySelectorAll("details")) part.open = true;
  drawAll(PRINTED, false);
});
window.addEventListener("afterprint", () => {
  if (root.dataset.screen) root.dataset.theme = root.dataset.screen;
  else delete root.dataset.theme;
  drawAll();
});

for (const button of document.querySelectorAll("button[data-save]")) {
  button.addEventListener("click", () => {
    const place = document.getElementById(button.dataset.plot);
    Plotly.downloadImage(place, {
      format: button.dataset.save,
      filename: button.dataset.plot.replace("plot-", ""),
      width: place.layout.width,
      height: place.layout.height,
      scale: button.dataset.save === "png" ? 2 : 1,
    });
  });
}
drawAll();
root.dataset.drawn = "true";
