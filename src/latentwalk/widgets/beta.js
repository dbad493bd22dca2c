// Networks trained with several betas. See beta.py for the traits.

const ROW = 6, SAMPLES = 18;

export default defineFigure("beta", async ({ model, root, schedule }) => {
  const text = model.get("text"), betas = model.get("betas"), references = model.get("networks"), measures = model.get("measures");
  const labels = model.get("labels"), colors = model.get("colors"), bins = model.get("bins"), histograms = model.get("histograms");
  const planes = model.get("planes").map(floats), codes = model.get("codes").map(floats), dims = codes[0].length / ROW;
  const picture = pictures(model.get("pictures"));

  // A network is loaded when its beta is chosen; the others when the figure is near and the page has nothing to do.
  const nets = [], loading = [];
  let failure = null;
  const load = (k) => (loading[k] ??= getNetwork(model, references[k]).then((net) => { nets[k] = net; }, (error) => { failure = error; }));
  const idle = () => new Promise((done) => (globalThis.requestIdleCallback ?? setTimeout)(done));
  const inSight = new IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting) return;
    inSight.disconnect();
    for (let k = 0; k < betas.length; k++) { await idle(); await load(k); }
  }, { rootMargin: "100%" });

  const plane = plotCanvas(300), histogram = plotCanvas(110), curve = plotCanvas(150);
  plane.classList.add("lw-square");
  plane.style.height = "";
  const planeCaption = element("figcaption");
  const grid = (size) => { const all = Array.from({ length: size }, () => digitCanvas()); return [all, element("div", { class: "lw-grid" }, ...all)]; };
  const [pairs, pairGrid] = grid(2 * ROW), [samples, sampleGrid] = grid(SAMPLES);
  const again = element("button", { type: "button", class: "lw-button", onclick: () => { model.set("seed", model.get("seed") + 1); model.save_changes(); } }, text.draw);
  const readout = element("p", { class: "lw-readout lw-strong" }), more = element("p", { class: "lw-readout" });
  const figure = (caption, ...content) => element("figure", {}, ...content, typeof caption === "string" ? element("figcaption", {}, caption) : caption);
  root.append(
    element("div", { class: "lw-columns lw-vae" },
      element("div", {}, figure(planeCaption, plane), figure(text.histogram, histogram)),
      element("div", {}, figure(text.recon, pairGrid), figure(text.samples, sampleGrid), again, figure(text.curve, curve))),
    readout, more);
  const first = Array.from({ length: ROW }, (_, i) => labels.indexOf(i));
  first.forEach((at, i) => paintDigit(pairs[i], picture(i), fill(text.original, { label: labels[at] })));
  await load(model.get("index"));
  inSight.observe(root);

  const stroke = (context, color, width, dash = []) => {
    Object.assign(context, { strokeStyle: color, lineWidth: width });
    context.setLineDash(dash);
    context.stroke();
    context.setLineDash([]);
  };
  const segment = (context, color, width, points, dash) => {
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    stroke(context, color, width, dash);
  };

  function drawPlane(k, color) {
    const { context, width } = plotContext(plane), data = planes[k], n = data.length / 4, shown = model.get("dims")[k];
    const reach = Float32Array.from({ length: n }, (_, i) => Math.max(Math.abs(data[4 * i]), Math.abs(data[4 * i + 1]))).sort();
    const limit = Math.max(3.3, 1.1 * reach[Math.floor(0.97 * n)]), unit = width / (2 * limit), at = (value) => width / 2 + value * unit;
    for (let i = 0; i < n; i++) {
      const [a, b, sa, sb] = data.subarray(4 * i, 4 * i + 4), point = Math.max(sa, sb) * unit < 1.5;
      context.beginPath();
      context.ellipse(at(a), at(-b), Math.max(1.5, sa * unit), Math.max(1.5, sb * unit), 0, 0, 7);
      context.fillStyle = colors[labels[i]];
      context.globalAlpha = point ? 1 : 0.12;
      context.fill();
      context.globalAlpha = 1;
      if (!point) stroke(context, colors[labels[i]], 1);
    }
    for (const radius of [1, 2, 3]) {
      context.beginPath();
      context.arc(width / 2, width / 2, radius * unit, 0, 7);
      stroke(context, color.prior, 1.5, [5, 4]);
    }
    planeCaption.textContent = fill(text.plane, { i: shown[0] + 1, j: shown[1] + 1 });
    plane.setAttribute("aria-label", planeCaption.textContent);
  }

  function drawHistogram(k, color) {
    const { context, width, height } = plotContext(histogram), bottom = height - 20, shares = histograms[k], top = Math.max(...shares);
    const x = (log) => 8 + ((log - bins[0]) / (bins.at(-1) - bins[0])) * (width - 16);
    context.fillStyle = color.sigma;
    shares.forEach((share, i) => context.fillRect(x(bins[i]), bottom, x(bins[i + 1]) - x(bins[i]) - 0.5, (-share / top) * (bottom - 6)));
    segment(context, color.line, 1, [[8, bottom], [width - 8, bottom]]);
    segment(context, color.prior, 1.5, [[x(0), 4], [x(0), bottom]], [5, 4]);
    Object.assign(context, { fillStyle: color.text, textAlign: "center", textBaseline: "middle" });
    ["10\u207b\u2076", "10\u207b\u2074", "0.01", "0.1", "1"].forEach((tick, i) => context.fillText(tick, x([-6, -4, -2, -1, 0][i]), height - 9));
    histogram.setAttribute("aria-label", text.histogram);
  }

  function drawCurve(k, color) {
    const { context, width, height } = plotContext(curve), left = 34, right = width - 12, bottom = height - 22;
    const kls = measures.map(({ kl }) => Math.log(kl)), recons = measures.map(({ recon }) => recon), low = Math.min(...recons) - 8, high = Math.max(...recons) + 22;
    const range = [Math.min(...kls) - 0.3, Math.max(...kls) + 0.3];
    const x = (log) => left + ((log - range[0]) / (range[1] - range[0])) * (right - left), y = (value) => bottom - ((value - low) / (high - low)) * (bottom - 6);
    Object.assign(context, { fillStyle: color.muted, textAlign: "right", textBaseline: "middle" });
    for (let tick = Math.ceil(low / 40) * 40; tick < high; tick += 40) {
      segment(context, color.soft, 1, [[left, y(tick)], [right, y(tick)]]);
      context.fillText(String(tick), left - 5, y(tick));
    }
    segment(context, color.line, 1, [[left, 6], [left, bottom], [right, bottom]]);
    context.fillText(text.axis_kl, right, height - 8);
    context.fillText(text.axis_recon, right, 12);
    context.textAlign = "center";
    for (const tick of [1, 3, 10, 30, 100, 300]) if (Math.log(tick) > range[0] && Math.log(tick) < range[1] - 1) context.fillText(String(tick), x(Math.log(tick)), height - 8);
    segment(context, color.vae, 2, kls.map((log, i) => [x(log), y(recons[i])]));
    kls.forEach((log, i) => {
      context.beginPath();
      context.arc(x(log), y(recons[i]), i === k ? 7 : 4, 0, 7);
      Object.assign(context, { fillStyle: i === k ? color.text : color.vae, strokeStyle: color.back, lineWidth: 1.5 });
      context.fill();
      context.stroke();
      context.fillStyle = i === k ? color.text : color.muted;
      if (i === k) context.fillText(`\u03b2 = ${betas[i]}`, Math.min(right - 16, Math.max(left + 34, x(log) - 16)), y(recons[i]) + (i ? 16 : -16));
      else context.fillText(betas[i], x(log) + 5, y(recons[i]) - 13);
    });
    curve.setAttribute("aria-label", text.curve);
  }

  let drawn = "";
  return () => {
    if (failure) throw failure;
    const k = model.get("index"), seed = model.get("seed"), color = themeColors(root), one = measures[k], beta = betas[k];
    drawPlane(k, color);
    drawHistogram(k, color);
    drawCurve(k, color);
    readout.textContent = fill(text.readout, { beta, recon: fixed(one.recon, 1), kl: fixed(one.kl, 1), sum: fixed(one.recon + one.kl, 1) });
    more.textContent = fill(text.more, { active: one.active, dims, sigma: Number(one.sigma.toPrecision(2)), spread: fixed(one.spread) });
    root.setAttribute("aria-busy", !nets[k]);
    if (!nets[k]) { load(k).then(schedule); return; }
    if (drawn === `${k} ${seed}`) return;
    const next = normals(seed), decode = (canvas, z, label) => paintDigit(canvas, nets[k].decode(z), label, nets[k], z);
    for (let i = 0; i < ROW; i++) decode(pairs[ROW + i], codes[k].slice(i * dims, (i + 1) * dims), fill(text.picture, { label: labels[first[i]], beta }));
    samples.forEach((canvas, i) => decode(canvas, Float32Array.from({ length: dims }, next), fill(text.sample, { i: i + 1, beta })));
    drawn = `${k} ${seed}`;
  };
});
