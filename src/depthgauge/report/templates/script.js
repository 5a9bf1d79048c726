"use strict";
const figures = [...document.querySelectorAll("script[data-figure]")];
const darkWanted = window.matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;
const toggle = document.getElementById("theme");
const PRINTED = 660, NARROW = 560;
const views = {}, rooms = {}, tables = {}, drawnAt = new Map(), near = new Set(figures.slice(0, 1));
let turns = 0, working = 0;

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : darkWanted.matches;
}

// A quote before what a spreadsheet would run as a formula is none of the text (files/formulas.py).
const textOf = (cell) =>
  (/^'+(?:[\t\r\n]|[ \t\r\n]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/.test(cell) ? cell.slice(1) : cell);

// Vega's own reader of CSV would make a function from text, which the page forbids.
function rowsOf(csv, numeric) {
  const lines = [[]];
  for (const [, cell, end] of csv.matchAll(/("(?:[^"]|"")*"|[^",\n]*)(,|\n)/g)) {
    lines.at(-1).push(
      textOf(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell));
    if (end === "\n") lines.push([]);
  }
  const names = lines.shift();
  const value = (cell, name) => (numeric[name] ? (cell === "" ? null : Number(cell)) : cell);
  return lines.slice(0, -1).map((line) =>
    Object.fromEntries(line.map((cell, k) => [names[k], value(cell, names[k])])));
}

// The charts name light colours only; a dark page puts another in the place of each. Their numbers
// are those of a CSV link, read once.
function specOf(script, dark) {
  let text = script.textContent;
  if (dark) text = text.replace(/#[0-9A-F]{6}/g, (colour) => DARK[colour] || colour);
  const spec = JSON.parse(text), name = spec.usermeta.table;
  const address = document.getElementById(name).getAttribute("href");
  tables[name] ??= rowsOf(decodeURIComponent(address.split(/,(.*)/s)[1]), spec.data.format.parse);
  spec.data = { values: structuredClone(tables[name]) };
  return spec;
}

// Panels lie side by side as far as there is room; `room.around` is what axes and gaps take of it.
function arrange(spec, side, width, room, printed) {
  const { aspect } = spec.usermeta, panels = spec.spec ? [spec.spec] : spec.concat || [spec];
  if ("columns" in spec) spec.columns = side;
  for (const panel of panels) {
    panel.width = Math.floor((width - room.around) / side);
    if (aspect) panel.height = Math.round(panel.width * aspect);
    else if (printed) panel.height = Math.round(panel.height * 0.55);
  }
  spec.config.font = "system-ui, sans-serif";
  spec.config.legend.columns = room.names;
  if (width < NARROW) Object.assign(spec.config.axis, { labelFontSize: 11, titleFontSize: 12 });
}

async function draw(script, dark, printed) {
  const name = script.dataset.figure, place = document.getElementById(name), made = chosen(name);
  const width = printed || place.clientWidth;
  const read = specOf(document.querySelector(`[data-figure="${made.source}"]`), dark);
  if (printed) made.views = "all";
  choose(read, made);
  const { columns, narrow, apart, canvas } = read.usermeta;
  const panels = (read.facet?.sort || read.concat || [0]).length;
  const side = Math.min(panels, width < NARROW ? narrow : columns);
  const key = [name, side, made.source, made.panels, made.axis].join();
  // Each name of a legend takes about 140 pixels.
  rooms[key] ??= {
    around: 72 + (side - 1) * (apart ? 72 : 24), names: Math.max(1, Math.floor((width - 50) / 140)),
  };
  for (let turn = 0; turn < 4; turn++) {
    const spec = structuredClone(read);
    arrange(spec, side, width, rooms[key], printed);
    views[name]?.finalize();
    views[name] = await vegaEmbed(place, spec, {
      actions: false, ast: true, defaultStyle: false, renderer: canvas ? "canvas" : "svg",
      tooltip: { theme: dark ? "dark" : "light" },
    });
    // What axes and names take is known once they are drawn.
    const over = place.firstElementChild.getBoundingClientRect().width - width;
    if (over <= 0 && over > -30) break;
    if (turn && over > 0) rooms[key].names = Math.max(1, rooms[key].names - 1);
    else rooms[key].around += over + 2;
  }
  follow(views[name].view);
  root.dataset.first ??= String(Math.round(performance.now()));
}

// Whatever is near and not drawn yet, one figure after the other.
async function drawNear() {
  const turn = turns, dark = isDark();
  if (working === turn) return;
  working = turn;
  for (;;) {
    const script = figures.find((each) => near.has(each) && drawnAt.get(each) !== turn);
    if (!script) break;
    // What is drawn is shown before the next one.
    await new Promise((shown) => setTimeout(shown));
    if (turn !== turns) return;
    drawnAt.set(script, turn);
    await draw(script, dark, 0);
    if (turn !== turns) return;
  }
  working = 0;
  root.dataset.drawn = String(Math.round(performance.now()));
}

// Of paper every figure is near, and it waits for nothing.
async function drawAll(printed = 0) {
  toggle.textContent = isDark() ? "Light" : "Dark";
  toggle.setAttribute("aria-label", "Change to the " + (isDark() ? "light" : "dark") + " theme");
  const turn = ++turns;
  if (!printed) return drawNear();
  for (const script of figures) {
    if (turn !== turns) return;
    await draw(script, false, printed);
  }
  root.dataset.drawn = String(Math.round(performance.now()));
}

const watch = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) {
    if (isIntersecting) near.add(figures.find((each) => each.dataset.figure === target.id));
  }
  drawNear();
}, { rootMargin: "600px 0px" });
for (const script of figures) watch.observe(document.getElementById(script.dataset.figure));

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

// Paper is white and has its own width, and nothing on it is folded.
let folded = [];
window.addEventListener("beforeprint", () => {
  root.dataset.screen = root.dataset.theme || "";
  root.dataset.theme = "light";
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const part of folded) part.open = true;
  drawAll(PRINTED);
});
window.addEventListener("afterprint", () => {
  if (root.dataset.screen) root.dataset.theme = root.dataset.screen;
  else delete root.dataset.theme;
  for (const part of folded) part.open = false;
  drawAll();
});

// A link to what lies within a folded part opens it.
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (!target) return;
  for (let part = target.closest("details"); part; part = part.parentElement.closest("details")) {
    part.open = true;
  }
  target.scrollIntoView();
}
window.addEventListener("hashchange", unfold);
unfold();

// What is saved may not have come near yet.
async function drawn(name) {
  near.add(figures.find((each) => each.dataset.figure === name));
  while (!views[name]) {
    drawNear();
    await new Promise((later) => setTimeout(later, 20));
  }
  return views[name].view;
}

for (const button of document.querySelectorAll("button[data-save]")) {
  button.addEventListener("click", async () => {
    const kind = button.dataset.save, link = document.createElement("a");
    const view = await drawn(button.dataset.plot);
    link.href = await view.toImageURL(kind, kind === "png" ? 2 : 1);
    link.download = chosen(button.dataset.plot).source.replace("plot-", "") + "." + kind;
    link.click();
  });
}
