// What every figure shares: the card's frame, pictures of digits, drawing once a frame, errors, colours of the theme.

function element(tag, attributes = {}, ...children) {
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
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

const fixed = (value, digits = 2) => value.toFixed(digits).replace("-", "\u2212");

// One picture at native resolution; CSS scales it up without smoothing.
function digitCanvas(size = 28) {
  return element("canvas", { class: "lw-digit", width: size, height: size, role: "img" });
}

// pixels: numbers in [0, 1]; network and z, if given, say which code was decoded.
function paintDigit(canvas, pixels, label, network = null, z = null) {
  const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < pixels.length; i++) {
    const grey = Math.round(255 * pixels[i]);
    image.data[4 * i] = image.data[4 * i + 1] = image.data[4 * i + 2] = grey;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  canvas.setAttribute("aria-label", label);
  if (network) { canvas.dataset.network = network.name; canvas.dataset.z = JSON.stringify(Array.from(z)); }
}

// A drawing in CSS pixels, sharp on any screen; drawn anew when the card's width changes.
function plotCanvas(height) {
  const canvas = element("canvas", { class: "lw-plot", role: "img" });
  canvas.style.height = `${height}px`;
  return canvas;
}

function plotContext(canvas) {
  const ratio = globalThis.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "13px system-ui, sans-serif";
  return { context, width, height };
}

// The book's colours as the theme has them now: ae, vae, prior, mu, sigma, eps, text, line.
function themeColors(root) {
  const style = getComputedStyle(root);
  return new Proxy({}, { get: (_, name) => style.getPropertyValue(`--lw-${name}`).trim() });
}

// Numbers that travel as bytes.
const floats = (view) => new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
const bytes = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

// Random numbers that a seed fixes (mulberry32, Box-Muller).
function normals(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

// Makes a figure: `build(root, read)` sets it up once and returns draw(), which is called when a trait changes, at most
// once a frame. Anything that goes wrong is shown inside the figure.
function defineFigure(name, build) {
  return {
    async render({ model, el }) {
      const root = element("div", { class: "lw-figure", "data-figure": name, role: "group", "data-frame": 0 });
      root.setAttribute("aria-label", model.get("title"));
      const problem = element("p", { class: "lw-error", role: "alert", hidden: true });
      el.append(root);
      const fail = (error) => {
        problem.textContent = fill(model.get("text").error ?? "{message}", { message: error.message });
        problem.hidden = false;
        console.warn(error);
      };
      let request = 0, draw = null;
      const schedule = () => { request ||= requestAnimationFrame(update); };
      const update = () => {
        request = 0;
        if (!draw) return;
        try {
          draw();
          problem.hidden = true;
          root.dataset.frame = Number(root.dataset.frame) + 1;
          root.dataset.ready = 1;
        } catch (error) { fail(error); }
      };
      try {
        if (model.get("title")) root.append(element("div", { class: "lw-title" }, model.get("title")));
        draw = await build({ model, root, schedule });
        root.append(problem);
        update();
      } catch (error) { root.append(problem); fail(error); }
      model.on("change", schedule);
      const watchTheme = new MutationObserver(schedule);
      for (const node of [document.documentElement, document.body])
        watchTheme.observe(node, { attributeFilter: ["data-theme", "data-jp-theme-light", "class"] });
      const watchSize = new ResizeObserver(schedule);
      watchSize.observe(root);
      return () => { model.off("change", schedule); watchTheme.disconnect(); watchSize.disconnect(); cancelAnimationFrame(request); };
    },
  };
}
