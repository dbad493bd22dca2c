// What every figure shares: the card's frame, pictures of digits, drawing once a frame, errors, colours of the theme.

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

// Fills "t = {t}" from an object; the words themselves come from Python, so that they can be translated.
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

export function fixed(value, digits = 2) {
  if (!Number.isFinite(value)) throw new Error(`${value} is not a number that can be shown`);
  return value.toFixed(digits).replace("-", "\u2212");
}

// Other words in the same place. A text that changes costs the browser less than a new one in its stead.
export function say(node, words) {
  if (!node.firstChild) node.append(words);
  else if (node.firstChild.data !== words) node.firstChild.data = words;
}

// One picture at native resolution; CSS scales it up without smoothing.
export function digitCanvas(size = 28) {
  return element("canvas", { class: "lw-digit", width: size, height: size, role: "img" });
}

// pixels: numbers in [0, 1]; network and z, if given, say which code was decoded.
export function paintDigit(canvas, pixels, label, network = null, z = null) {
  const context = canvas.getContext("2d"),
    image = context.createImageData(canvas.width, canvas.height);
  const colors = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) colors[i] = 0xff000000 | (Math.round(255 * pixels[i]) * 0x010101);
  context.putImageData(image, 0, 0);
  canvas.setAttribute("aria-label", label);
  if (network) {
    canvas.dataset.network = network.name;
    canvas.dataset.z = JSON.stringify(Array.from(z));
  }
}

// A drawing in CSS pixels, sharp on any screen.
export function plotCanvas(height, kind = "lw-plot") {
  const canvas = element("canvas", { class: kind, role: "img" });
  canvas.style.height = `${height}px`;
  new ResizeObserver(() => sizes.delete(canvas)).observe(canvas);
  return canvas;
}

export const FONT = "13px system-ui, sans-serif";

const sizes = new WeakMap(); // of canvases: asking the browser each time makes it lay out the page twice a frame

export function sizeOf(canvas) {
  if (!sizes.has(canvas)) sizes.set(canvas, { width: canvas.clientWidth, height: canvas.clientHeight });
  return sizes.get(canvas);
}

export function plotContext(canvas) {
  const ratio = globalThis.devicePixelRatio || 1,
    { width, height } = sizeOf(canvas);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio); // which resets all that the context holds
    canvas.height = Math.round(height * ratio);
    Object.assign(canvas.getContext("2d"), { font: FONT }); // not in each frame: it makes the browser work out styles
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

// The part of a drawing that seldom changes: one that is wanted again is painted once, and copied after that. The last few are kept.
const backdrops = new WeakMap(); // of canvases: key -> picture
const wanted = new WeakMap(); // of canvases: the last key

const keyOf = ({ width, height }, key) => [width, height, key].join();

export function painted(context, key, paint) {
  const { canvas } = context,
    whole = keyOf(canvas, key);
  if (!backdrops.has(canvas)) backdrops.set(canvas, new Map());
  const kept = backdrops.get(canvas);
  if (!kept.has(whole)) {
    const [oldest] = kept.keys(),
      copy = kept.size < 8 ? element("canvas") : kept.get(oldest);
    if (kept.size === 8) kept.delete(oldest);
    copy.width = canvas.width; // which also empties it
    copy.height = canvas.height;
    const pen = copy.getContext("2d");
    pen.setTransform(context.getTransform());
    pen.font = FONT;
    paint(pen);
    kept.set(whole, copy);
  }
  return kept.get(whole);
}

export function backdrop(context, key, paint) {
  const { canvas } = context,
    whole = keyOf(canvas, key),
    again = wanted.get(canvas) === whole || backdrops.get(canvas)?.has(whole);
  wanted.set(canvas, whole);
  const picture = again && painted(context, key, paint);
  context.save();
  if (picture) {
    context.resetTransform();
    context.drawImage(picture, 0, 0);
  } else paint(context);
  context.restore();
}

// The book's colours as the theme has them now: ae, vae, prior, mu, sigma, eps, text, line.
const themes = new WeakMap(); // of figures: asking the browser makes it work out the styles of the page

export function themeColors(root) {
  if (!themes.has(root)) {
    const style = getComputedStyle(root),
      pen = element("canvas").getContext("2d");
    const look = (name) => {
      pen.fillStyle = style.getPropertyValue(`--lw-${name}`);
      return pen.fillStyle; // as numbers: the system's colours keep their names when they change
    };
    const get = (known, name) => {
      known[name] ??= look(name);
      return known[name];
    };
    themes.set(root, new Proxy({}, { get }));
  }
  return themes.get(root);
}

export const clamp = (value, [low, high]) => Math.min(high, Math.max(low, value));
export const round = (value) => Math.round(100 * value) / 100;

// Where the numbers between a and b lie between two places of a drawing; with the pairs changed over, the way back.
export const scale =
  ([a, b], [from, to]) =>
  (value) =>
    from + ((value - a) / (b - a)) * (to - from);

export function line(context, color, width, ...points) {
  Object.assign(context, { strokeStyle: color, lineWidth: width });
  context.beginPath();
  for (const [x, y] of points) context.lineTo(x, y);
  context.stroke();
}

export function dot(context, color, x, y, radius, edge = null, width = 1.5) {
  context.fillStyle = color;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
  if (!edge) return;
  Object.assign(context, { strokeStyle: edge, lineWidth: width });
  context.stroke();
}

// The circles around a prior: one, two and three of its standard deviations.
export function circles(context, color, x, y, unit, width = 1.5, radii = [1, 2, 3]) {
  Object.assign(context, { strokeStyle: color, lineWidth: width });
  context.setLineDash([5, 4]);
  for (const radius of radii) {
    context.beginPath();
    context.arc(x, y, radius * unit, 0, 2 * Math.PI);
    context.stroke();
  }
  context.setLineDash([]);
}

// Numbers that travel as bytes.
export const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
export const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

// Pictures that travel as one byte a pixel: pictures(view)(i) is the i-th, in [0, 1].
export const pictures =
  (view, count = 784) =>
  (i) =>
    new Float32Array(bytes(view).subarray(i * count, (i + 1) * count)).map((value) => value / 255);

// Test digits as a row of buttons: choose(i) is called when one is pressed, press(row, i) shows which one it was.
export function shelf(model, choose, label = null, kind = "lw-shelf") {
  const row = element("div", { class: kind, role: label && "group", "aria-label": label });
  const picture = pictures(model.get("pictures")),
    labels = model.get("labels"),
    count = model.get("pictures").byteLength / 784;
  if (labels.length !== count) throw new Error(`there are ${count} pictures and ${labels.length} labels`);
  labels.forEach((digit, index) => {
    const canvas = digitCanvas(),
      name = fill(model.get("text").digit, { label: digit, index });
    paintDigit(canvas, picture(index), "");
    canvas.setAttribute("aria-hidden", "true");
    row.append(
      element(
        "button",
        { type: "button", "aria-label": name, "data-index": index, onclick: () => choose(index) },
        canvas,
      ),
    );
  });
  return row;
}

export const button = (label, onclick) => element("button", { type: "button", class: "lw-button", onclick }, label);

export function press(row, chosen) {
  for (const [i, button] of [...row.children].entries()) button.setAttribute("aria-pressed", i === chosen);
}

// A drawing on which two numbers are chosen: by mouse or finger, by arrow keys (shift: fine); double click goes back.
// at(x, y) gives the numbers under a point, in CSS pixels from the upper left corner; get() gives the present ones.
export function steer(canvas, { at, get, set, reset }) {
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  const drag = (event) => {
    const box = canvas.getBoundingClientRect();
    set(...at(event.clientX - box.left, event.clientY - box.top));
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drag(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) drag(event);
  });
  canvas.addEventListener("dblclick", reset);
  canvas.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab moves between cells with the same keys
    const step = event.shiftKey ? 0.01 : 0.1,
      [a, b] = get();
    set(a + step * move[0], b + step * move[1]);
  });
}

// The code z and the numbers that sliders hold (the traits `names`) move together; places() says where in z each lies.
export function joinSliders(model, names, places) {
  let busy = false;
  const once = (change) => () => {
    if (busy) return;
    busy = true;
    change();
    busy = false;
  };
  const spread = once(() => {
    for (const [k, place] of places().entries()) model.set(names[k], model.get("z")[place]);
  });
  const gather = once(() => {
    const z = [...model.get("z")];
    places().forEach((place, k) => {
      z[place] = model.get(names[k]);
    });
    model.set("z", z);
  });
  model.on("change:z", spread);
  for (const name of names) model.on(`change:${name}`, gather);
  spread();
  return spread;
}

// Random numbers that a seed fixes (mulberry32, Box-Muller).
export function normals(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

// Calls back when a drawing is no longer as it should be though no number has changed: on a screen with smaller or larger pixels, or
// after zooming, and when the system's own colours come or go. Returns what ends it.
function watchScreen(changed) {
  const ending = new AbortController(),
    { signal } = ending;
  for (const query of ["(forced-colors: active)", "(prefers-color-scheme: dark)"])
    matchMedia(query).addEventListener("change", changed, { signal });
  const watchPixels = () =>
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      "change",
      () => {
        changed();
        watchPixels();
      },
      { once: true, signal },
    );
  watchPixels();
  return () => ending.abort();
}

// Makes a figure: `build` sets it up once and returns draw(), which is called when a trait changes, at most once a frame;
// save() gives traits new values, schedule() asks for a drawing. Anything that goes wrong is shown inside the figure.
export function defineFigure(name, build) {
  return {
    async render({ model, el }) {
      const root = element("div", { class: "lw-figure", "data-figure": name, role: "group", "data-frame": 0 });
      root.setAttribute("aria-label", model.get("title"));
      const problem = element("p", { class: "lw-error", role: "alert", hidden: true });
      el.append(root);
      const save = (values) => {
        model.set(values);
        model.save_changes();
      };
      const fail = (error) => {
        problem.textContent = fill(model.get("text").error ?? "{message}", { message: error.message });
        problem.hidden = false;
        console.warn(error);
      };
      let request = 0,
        draw = null,
        drawing = false,
        visible = false;
      const schedule = () => {
        if (!drawing) request ||= requestAnimationFrame(update);
      }; // what draw() sets is drawn already
      const update = () => {
        request = 0;
        if (!draw || !visible) return;
        try {
          drawing = true;
          draw();
          problem.hidden = true;
          root.dataset.frame = Number(root.dataset.frame) + 1;
          root.dataset.ready = 1;
        } catch (error) {
          fail(error);
        } finally {
          drawing = false;
        }
      };
      try {
        if (model.get("title")) root.append(element("div", { class: "lw-title" }, model.get("title")));
        draw = await build({ model, root, schedule, save });
        root.append(problem);
      } catch (error) {
        root.append(problem);
        fail(error);
      }
      // A double click on a slider or a picture sets all controls back. What steers by itself, or is a button, does not.
      const start = Object.fromEntries((model.get("resets") ?? []).map((name) => [name, model.get(name)]));
      const reset = ({ target }) => {
        if (!target.closest(".lw-card")?.contains(root) || target.closest("button, summary, canvas[tabindex], .lw-pad"))
          return;
        if (target.closest(".widget-slider, canvas")) save(start);
      };
      document.addEventListener("dblclick", reset);
      model.on("all", schedule); // not "change": ipywidgets leaves it out after a set() inside a handler of "change:name"
      const recolor = () => {
        themes.delete(root);
        schedule();
      };
      const watchTheme = new MutationObserver(recolor);
      for (const node of [document.documentElement, document.body])
        watchTheme.observe(node, { attributeFilter: ["data-theme", "data-jp-theme-light", "class"] });
      const watchSize = new ResizeObserver(([{ contentRect }]) => {
        visible = contentRect.width > 0;
        if (root.dataset.ready) schedule();
        else update(); // the first time at once, in the same frame
      });
      watchSize.observe(root);
      const leaveScreen = watchScreen(recolor);
      return () => {
        model.off("all", schedule);
        leaveScreen();
        document.removeEventListener("dblclick", reset);
        watchTheme.disconnect();
        watchSize.disconnect();
        cancelAnimationFrame(request);
      };
    },
  };
}
