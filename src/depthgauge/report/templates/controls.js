// What is chosen in a figure: the panels, the axis, its scale, and whose figure stands in its place.
const switchesOf = (name) =>
  [...document.querySelectorAll(`.switches[data-plot="${name}"] .switch`)];
const partOf = (name, kind) => document.getElementById(name.replace("plot", kind));

function chosen(name) {
  const made = { views: "all", panels: "shared", source: name };
  for (const part of switchesOf(name)) {
    made[part.dataset.what] = part.querySelector(":checked").value;
  }
  if (made.measure && made.measure !== "loss") made.source = "plot-" + made.measure;
  return made;
}

// Every vertical axis in a chart: its layers name the same one.
function* verticals(part) {
  if (part.encoding?.y?.scale) yield part.encoding.y;
  for (const each of part.layer || []) yield* verticals(each);
  if (part.spec) yield* verticals(part.spec);
}

// What the axes of some panels become; `wanted` by its name, or as the chart has it.
function setAxes(part, spec, wanted) {
  for (const y of verticals(part)) {
    if (wanted) Object.assign(y, { scale: wanted.scale, axis: wanted.axis });
    if (!y.axis) delete y.axis;
    if (y.scale.type !== "log") continue;
    // It has no place for what is not above 0.
    const column = "datum." + y.field;
    const least = spec.params.find((each) => each.name === "least");
    const bottom = y.scale.domain[0];
    least.value = least.value > 0 ? Math.min(least.value, bottom) : bottom;
    spec.transform.push({ filter: `!isNumber(${column}) || ${column} > 0` });
  }
}

function choose(spec, { source, views: shown, panels, axis }) {
  const { axes, first, slider } = spec.usermeta;
  if (slider) {
    const value = slider.values[partOf(source, "slider").value];
    spec.params.find((each) => each.name === "step").value = value;
  }
  const titles = shown === "first" ? [first] : spec.facet?.sort;
  if (shown === "first") {
    spec.facet.sort = titles;
    spec.transform.push({ filter: `datum.view === ${JSON.stringify(first)}` });
  }
  if (!axes) return;
  if (axis) spec.params.find((each) => each.name === "least").value = -1e300;
  const among = (all) => all?.[axis] || (axis || shown === "first" || panels === "own") && all?.linear;
  if (panels !== "own" || titles?.length < 2) {
    setAxes(spec, spec, among(shown === "first" ? axes[first] : axes.all));
    return;
  }
  // Each panel becomes a chart by itself, whose axis is of its own view.
  const { layer, width, height } = spec.spec, by = spec.facet.field;
  spec.concat = titles.map((title) => {
    const panel = { title: { text: title, fontSize: 13, fontWeight: "normal", offset: 6 } };
    panel.transform = [{ filter: `datum.${by} === ${JSON.stringify(title)}` }];
    Object.assign(panel, { layer: structuredClone(layer), width, height });
    setAxes(panel, spec, among(axes[title]));
    return panel;
  });
  for (const name of ["facet", "spec", "resolve"]) delete spec[name];
  spec.usermeta.apart = true;
}

// The replicate under the pointer is drawn through all points.
function follow(view) {
  const kept = view.getState({ signals: (name) => name === "held", data: () => false });
  if (!("held" in kept.signals)) return;
  const hold = (event, item) => {
    const replicate = item?.datum?.replicate, held = Number.isInteger(replicate) ? replicate : -1;
    if (view.signal("held") !== held) view.signal("held", held).runAsync();
  };
  // Not where the pointer leaves a mark: drawing anew takes the mark from under it.
  view.addEventListener("mousemove", hold);
  view.addEventListener("click", hold);
  view.container().onmouseleave = () => hold();
}

for (const group of document.querySelectorAll(".switches")) {
  const name = group.dataset.plot, script = figures.find((each) => each.dataset.figure === name);
  const link = group.closest("figure").querySelector("a[download]");
  const told = (of) => ({
    title: partOf(of, "title").textContent, said: partOf(of, "caption").innerHTML,
    href: partOf(of, "csv")?.getAttribute("href"), file: partOf(of, "csv")?.download,
  });
  const own = told(name);
  const settle = () => {
    const made = chosen(name), { title, said, href, file } = made.source === name ? own : told(made.source);
    for (const each of switchesOf(name)) {
      each.disabled = (each.dataset.what === "panels" && made.views === "first")
        || (each.dataset.what === "axis" && made.source !== name);
    }
    if (!made.measure) return;
    partOf(name, "title").textContent = title;
    partOf(name, "caption").innerHTML = said;
    link.href = href;
    link.download = file;
  };
  for (const each of switchesOf(name)) each.hidden = false;
  settle();
  group.addEventListener("change", () => {
    settle();
    drawnAt.delete(script);
    delete root.dataset.drawn;
    drawNear();
  });
}

for (const part of document.querySelectorAll(".slider")) {
  const name = part.dataset.plot, input = part.querySelector("input");
  const { slider } = JSON.parse(document.querySelector(`[data-figure="${name}"]`).textContent).usermeta;
  const [button, shown] = [part.querySelector("button"), part.querySelector("output span")];
  const last = slider.values.length - 1;
  let playing = 0;
  const step = () => {
    const place = Number(input.value), said = slider.said[place];
    shown.textContent = slider.values[place];
    input.setAttribute("aria-valuetext", said);
    part.parentElement.querySelector(".step").textContent = said;
    views[name]?.view.signal("step", slider.values[place]).runAsync();
  };
  const stop = () => {
    clearInterval(playing);
    playing = 0;
    button.textContent = "Play";
  };
  part.hidden = false;
  input.addEventListener("input", () => { stop(); step(); });
  button.addEventListener("click", () => {
    if (playing) return stop();
    if (Number(input.value) === last) input.value = 0;
    step();
    button.textContent = "Stop";
    playing = setInterval(() => {
      input.value = Number(input.value) + 1;
      step();
      if (Number(input.value) === last) stop();
    }, Math.max(50, 8000 / last));
  });
}
