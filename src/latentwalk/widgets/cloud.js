// One picture's cloud in the 2-D latent plane, with the pictures that its samples decode to. See cloud.py for the traits.

const SAMPLES = 6, PAST = 5, LIMIT = 4, NEAR = 0.5;

export default defineFigure("cloud", async ({ model, root }) => {
  const text = model.get("text"), labels = model.get("labels"), colors = model.get("colors");
  const nets = await Promise.all(model.get("networks").map((reference) => getNetwork(model, reference)));
  const codes = model.get("codes").map(floats), crowds = model.get("crowds").map(floats), classes = model.get("crowd_labels");
  const frames = model.get("frames");
  const row = (table, i) => table.subarray(4 * i, 4 * i + 4); // mu1, mu2, sigma1, sigma2

  const load = (digit, view = model.get("view_index")) => {
    const [mu1, mu2] = row(codes[view], digit);
    model.set({ digit, mu1, mu2, scale: 1 });
    model.save_changes();
  };
  const choices = shelf(model, (i) => load(i), text.shelf);
  labels.forEach((label, i) => choices.children[i].style.setProperty("--lw-class", colors[label]));

  const planes = ["whole", "near"].map((name) => {
    const canvas = plotCanvas(0);
    canvas.classList.add("lw-square");
    canvas.removeAttribute("style"); // as high as wide
    return { canvas, name, figure: element("figure", {}, canvas, element("figcaption", {}, text[name])) };
  });
  const whole = planes[0].canvas;
  const readout = element("p", { class: "lw-readout" });
  const shown = Array.from({ length: SAMPLES }, () => digitCanvas());
  root.append(choices, element("div", { class: "lw-columns" }, ...planes.map(({ figure }) => figure)), readout,
    element("div", { class: "lw-samples" }, ...shown),
    element("button", { type: "button", class: "lw-button", onclick: () => { model.set("seed", model.get("seed") + 1); model.save_changes(); } }, text.again));

  // A double click goes back to the picture's own place.
  const clamp = (value) => Math.min(LIMIT, Math.max(-LIMIT, value));
  steer(whole, {
    at: (x, y) => [LIMIT * (2 * x / sizeOf(whole).width - 1), LIMIT * (1 - 2 * y / sizeOf(whole).height)],
    get: () => [model.get("mu1"), model.get("mu2")],
    set: (mu1, mu2) => { model.set({ mu1: clamp(mu1), mu2: clamp(mu2) }); model.save_changes(); },
    reset: () => load(model.get("digit")),
  });
  const subject = () => `${model.get("view_index")},${model.get("digit")}`; // which network, which picture
  let drawn = subject();

  function paintPlane({ canvas, name }, { view, mu, sigma, draws, color }) {
    const { context, width } = plotContext(canvas), theme = themeColors(root);
    const half = name === "whole" ? LIMIT : NEAR, [cx, cy] = name === "whole" ? [0, 0] : mu, unit = width / (2 * half);
    const x = (value) => width / 2 + unit * (value - cx), y = (value) => width / 2 - unit * (value - cy);
    const ellipse = (pen, at1, at2, r1, r2) => {
      pen.beginPath();
      pen.ellipse(x(at1), y(at2), Math.max(unit * r1, 1.8), Math.max(unit * r2, 1.8), 0, 0, 2 * Math.PI);
    };
    const scene = (pen) => { // all but the cloud itself
      pen.lineWidth = 1;
      const step = name === "whole" ? 1 : 0.1, middle = [Math.round(cx / step), Math.round(cy / step)];
      const ticks = Array.from({ length: 11 }, (_, k) => k - 5).map((k) => middle.map((m) => (m + k) * step));
      pen.strokeStyle = theme.soft;
      pen.beginPath();
      for (const [a, b] of ticks) {
        pen.moveTo(x(a), 0); pen.lineTo(x(a), width);
        pen.moveTo(0, y(b)); pen.lineTo(width, y(b));
      }
      pen.stroke();
      classes.forEach((label, i) => {
        const [at1, at2, s1, s2] = row(crowds[view], i);
        if (Math.abs(at1 - cx) > 1.3 * half || Math.abs(at2 - cy) > 1.3 * half) return;
        pen.fillStyle = pen.strokeStyle = colors[label];
        ellipse(pen, at1, at2, 2 * s1, 2 * s2);
        pen.globalAlpha = s1 ? 0.3 : 0.8;
        pen.fill();
        pen.globalAlpha = 0.9;
        if (s1) pen.stroke();
      });
      pen.globalAlpha = 1;
      pen.strokeStyle = theme.prior;
      pen.setLineDash([5, 4]);
      for (const radius of [1, 2, 3]) { ellipse(pen, 0, 0, radius, radius); pen.stroke(); }
      pen.setLineDash([]);
      pen.fillStyle = theme.text;
      for (const [a, b] of ticks.slice(2, 9).filter((_, k) => k % 2 === 0)) { // numbers on the lower and the left edge
        pen.textAlign = "center";
        pen.fillText(fixed(a, name === "whole" ? 0 : 1), x(a), width - 5);
        pen.textAlign = "left";
        pen.fillText(fixed(b, name === "whole" ? 0 : 1), 4, y(b) + 4);
      }
    };
    if (name === "whole") backdrop(context, [view, theme.text], scene);
    else scene(context); // it moves with mu
    context.strokeStyle = color;
    context.lineWidth = 2.5;
    for (const k of [1, 2]) { ellipse(context, ...mu, k * sigma[0], k * sigma[1]); context.stroke(); }
    if (name === "whole") {
      context.strokeStyle = theme.text;
      context.lineWidth = 1;
      context.strokeRect(x(mu[0] - NEAR), y(mu[1] + NEAR), 2 * NEAR * unit, 2 * NEAR * unit);
    }
    for (let age = PAST - 1; age >= 0; age--) for (const [a, b] of draws[age]) { // older draws fade
      context.globalAlpha = 1 - age / PAST;
      context.fillStyle = theme.eps;
      context.strokeStyle = theme.text;
      context.beginPath();
      context.arc(x(a), y(b), name === "whole" ? 2.5 : 5, 0, 2 * Math.PI);
      context.fill();
      if (!age) context.stroke();
    }
    context.globalAlpha = 1;
    context.fillStyle = theme.mu;
    context.beginPath();
    context.arc(x(mu[0]), y(mu[1]), name === "whole" ? 3 : 4, 0, 2 * Math.PI);
    context.fill();
  }

  return () => {
    if (drawn !== subject()) { // each network has its own place for each picture
      drawn = subject();
      load(model.get("digit"));
    }
    const [view, digit, scale, seed] = ["view_index", "digit", "scale", "seed"].map((name) => model.get(name));
    const mu = [model.get("mu1"), model.get("mu2")], network = nets[view], [m1, m2, spread] = frames[view];
    const sigma = [...row(codes[view], digit).subarray(2)].map((value) => scale * value);
    const draws = Array.from({ length: PAST }, (_, age) => {
      const next = normals(seed - age);
      return Array.from({ length: SAMPLES }, () => mu.map((value, i) => value + next() * sigma[i]));
    });
    const label = labels[digit], color = themeColors(root)[network.kind];
    const values = { network: network.label, label, mu1: fixed(mu[0]), mu2: fixed(mu[1]), s1: fixed(sigma[0], 3), s2: fixed(sigma[1], 3) };
    const said = fill(network.kind === "vae" ? text.cloud : text.point, values);
    for (const plane of planes) {
      paintPlane(plane, { view, mu, sigma, draws, color });
      plane.canvas.setAttribute("aria-label", `${text[plane.name]}. ${said}`);
    }
    readout.textContent = said;
    const z = draws[0].map(([a, b]) => Float32Array.of(m1 + spread * a, m2 + spread * b));
    z.forEach((code, i) => paintDigit(shown[i], network.decode(code), fill(text.sample, { index: i + 1, z: [...code].map((value) => fixed(value)).join(", ") }), network, code));
    press(choices, digit);
    root.dataset.view = network.kind;
    const own = z.map((code) => Array.from(code));
    if (JSON.stringify(own) !== JSON.stringify(model.get("z"))) { model.set("z", own); model.save_changes(); }
  };
});
