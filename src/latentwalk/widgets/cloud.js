// One picture's cloud in the 2-D latent plane, with the pictures that its samples decode to. See cloud.py for the traits.

import {
  backdrop,
  button,
  circles,
  clamp,
  defineFigure,
  digitCanvas,
  dot,
  element,
  fill,
  fixed,
  floats,
  normals,
  paintDigit,
  plotCanvas,
  plotContext,
  press,
  say,
  scale,
  shelf,
  sizeOf,
  steer,
  themeColors,
} from "./figure.js";
import { getNetwork } from "./network.js";

const SAMPLES = 6,
  PAST = 5,
  LIMIT = 4,
  PLANE = [-LIMIT, LIMIT],
  NEAR = 0.5;

export default defineFigure("cloud", async ({ model, root, save }) => {
  const text = model.get("text"),
    labels = model.get("labels"),
    colors = model.get("colors");
  const nets = await Promise.all(model.get("networks").map((reference) => getNetwork(model, reference)));
  const codes = model.get("codes").map(floats),
    crowds = model.get("crowds").map(floats),
    classes = model.get("crowd_labels");
  const frames = model.get("frames");
  const row = (table, i) => table.subarray(4 * i, 4 * i + 4); // mu1, mu2, sigma1, sigma2

  const load = (digit, view = model.get("view_index")) => {
    const [mu1, mu2] = row(codes[view], digit);
    save({ digit, mu1, mu2, scale: 1 });
  };
  const choices = shelf(model, (i) => load(i), text.shelf);
  for (const [i, label] of labels.entries()) choices.children[i].style.setProperty("--lw-class", colors[label]);

  const planes = ["whole", "near"].map((name) => {
    const canvas = plotCanvas(0);
    canvas.classList.add("lw-square");
    canvas.removeAttribute("style"); // as high as wide
    return { canvas, name, figure: element("figure", {}, canvas, element("figcaption", {}, text[name])) };
  });
  const whole = planes[0].canvas;
  const readout = element("p", { class: "lw-readout" });
  const shown = Array.from({ length: SAMPLES }, () => digitCanvas());
  root.append(
    choices,
    element("div", { class: "lw-columns" }, ...planes.map(({ figure }) => figure)),
    readout,
    element("div", { class: "lw-samples" }, ...shown),
    button(text.again, () => save({ seed: model.get("seed") + 1 })),
  );

  // A double click goes back to the picture's own place.
  steer(whole, {
    at: (x, y) => [scale([0, sizeOf(whole).width], PLANE)(x), scale([sizeOf(whole).height, 0], PLANE)(y)],
    get: () => [model.get("mu1"), model.get("mu2")],
    set: (mu1, mu2) => save({ mu1: clamp(mu1, PLANE), mu2: clamp(mu2, PLANE) }),
    reset: () => load(model.get("digit")),
  });
  const subject = () => `${model.get("view_index")},${model.get("digit")}`; // which network, which picture
  let drawn = subject();

  // The magnified square moves with mu: what is still in sight of its last picture is moved, and strips at its sides are painted.
  let near = {};
  function moving(context, key, [ox, oy], paint) {
    const { width, height } = context.canvas,
      whole = [width, height, key].join(),
      old = near;
    // From one canvas to another and back: one that is drawn onto itself has to be copied first.
    const [from, to] =
      old.whole === whole ? [old.to, old.from] : Array.from({ length: 2 }, () => element("canvas", { width, height }));
    near = { whole, ox, oy, from, to };
    const pen = to.getContext("2d"),
      [dx, dy] = old.whole === whole ? [old.ox - ox, oy - old.oy] : [width, 0];
    pen.resetTransform();
    pen.globalCompositeOperation = "copy";
    pen.drawImage(from, dx, dy);
    pen.globalCompositeOperation = "source-over";
    pen.setTransform(context.getTransform());
    const ratio = pen.getTransform().a,
      strips = [
        dx > 0 ? [0, 0, dx, height] : [width + dx, 0, width, height],
        dy > 0 ? [0, 0, width, dy] : [0, height + dy, width, height],
      ];
    for (const [x0, y0, x1, y1] of strips)
      if (x0 < x1 && y0 < y1) paint(pen, x0 / ratio, y0 / ratio, x1 / ratio, y1 / ratio);
    context.save();
    context.resetTransform();
    context.drawImage(near.to, 0, 0);
    context.restore();
  }

  function paintPlane({ canvas, name }, { view, mu, sigma, draws, color }) {
    const { context, width } = plotContext(canvas),
      theme = themeColors(root),
      magnified = name === "near";
    // CSS pixels and the screen's pixels of a unit of the plane
    const half = magnified ? NEAR : LIMIT,
      unit = width / (2 * half),
      pixels = unit * context.getTransform().a;
    const origin = mu.map((value) => (magnified ? Math.round(value * pixels) : 0)),
      [cx, cy] = origin.map((value) => value / pixels);
    const x = (value) => width / 2 + unit * (value - cx),
      y = (value) => width / 2 - unit * (value - cy);
    const ellipse = (pen, at1, at2, r1, r2) => {
      pen.beginPath();
      pen.ellipse(x(at1), y(at2), Math.max(unit * r1, 1.8), Math.max(unit * r2, 1.8), 0, 0, 2 * Math.PI);
    };
    const step = magnified ? 0.1 : 1,
      middle = [Math.round(cx / step), Math.round(cy / step)];
    const ticks = Array.from({ length: 15 }, (_, k) => k - 7).map((k) => middle.map((m) => (m + k) * step));
    const scene = (pen, x0 = 0, y0 = 0, x1 = width, y1 = width) => {
      // what of it lies between these sides, but not the cloud itself
      pen.save();
      pen.beginPath();
      pen.rect(x0, y0, x1 - x0, y1 - y0);
      pen.clip();
      pen.clearRect(x0, y0, x1 - x0, y1 - y0);
      pen.lineWidth = 1;
      pen.strokeStyle = theme.soft;
      pen.beginPath();
      for (const [a, b] of ticks) {
        pen.moveTo(x(a), y0);
        pen.lineTo(x(a), y1);
        pen.moveTo(x0, y(b));
        pen.lineTo(x1, y(b));
      }
      pen.stroke();
      const crowd = crowds[view],
        reach = (s) => 2 * unit * s + 3;
      for (let i = 0; i < classes.length; i++) {
        const at1 = crowd[4 * i],
          at2 = crowd[4 * i + 1],
          s1 = crowd[4 * i + 2],
          s2 = crowd[4 * i + 3];
        if (x(at1) + reach(s1) < x0 || x(at1) - reach(s1) > x1 || y(at2) + reach(s2) < y0 || y(at2) - reach(s2) > y1)
          continue;
        pen.fillStyle = pen.strokeStyle = colors[classes[i]];
        ellipse(pen, at1, at2, 2 * s1, 2 * s2);
        pen.globalAlpha = s1 ? 0.3 : 0.8;
        pen.fill();
        pen.globalAlpha = 0.9;
        if (s1) pen.stroke();
      }
      pen.globalAlpha = 1;
      circles(
        pen,
        theme.prior,
        x(0),
        y(0),
        unit,
        1,
        [1, 2, 3].filter((radius) => Math.abs(Math.hypot(cx, cy) - radius) < 1.5 * half),
      ); // in sight
      pen.restore();
    };
    if (magnified) moving(context, [view, theme.text], origin, scene);
    else backdrop(context, [view, theme.text], scene);
    context.fillStyle = theme.text;
    for (const [a, b] of ticks.slice(4, 11).filter((_, k) => k % 2 === 0)) {
      // numbers on the lower and the left edge
      context.textAlign = "center";
      context.fillText(fixed(a, magnified ? 1 : 0), x(a), width - 5);
      context.textAlign = "left";
      context.fillText(fixed(b, magnified ? 1 : 0), 4, y(b) + 4);
    }
    context.strokeStyle = color;
    context.lineWidth = 2.5;
    for (const k of [1, 2]) {
      ellipse(context, ...mu, k * sigma[0], k * sigma[1]);
      context.stroke();
    }
    if (!magnified) {
      context.strokeStyle = theme.text;
      context.lineWidth = 1;
      context.strokeRect(x(mu[0] - NEAR), y(mu[1] + NEAR), 2 * NEAR * unit, 2 * NEAR * unit);
    }
    for (let age = PAST - 1; age >= 0; age--)
      for (const [a, b] of draws[age]) {
        // older draws fade
        context.globalAlpha = 1 - age / PAST;
        dot(context, theme.eps, x(a), y(b), magnified ? 5 : 2.5, age ? null : theme.text, magnified ? 2.5 : 1);
      }
    context.globalAlpha = 1;
    dot(context, theme.mu, x(mu[0]), y(mu[1]), magnified ? 4 : 3);
  }

  return () => {
    if (drawn !== subject()) {
      // each network has its own place for each picture
      drawn = subject();
      load(model.get("digit"));
    }
    const [view, digit, scale, seed] = ["view_index", "digit", "scale", "seed"].map((name) => model.get(name));
    const mu = [model.get("mu1"), model.get("mu2")],
      network = nets[view],
      [m1, m2, spread] = frames[view];
    const sigma = [...row(codes[view], digit).subarray(2)].map((value) => scale * value);
    const draws = Array.from({ length: PAST }, (_, age) => {
      const next = normals(seed - age);
      return Array.from({ length: SAMPLES }, () => mu.map((value, i) => value + next() * sigma[i]));
    });
    const label = labels[digit],
      color = themeColors(root)[network.kind];
    const values = {
      network: network.label,
      label,
      mu1: fixed(mu[0]),
      mu2: fixed(mu[1]),
      s1: fixed(sigma[0], 3),
      s2: fixed(sigma[1], 3),
    };
    const said = fill(network.kind === "vae" ? text.cloud : text.point, values);
    for (const plane of planes) {
      paintPlane(plane, { view, mu, sigma, draws, color });
      plane.canvas.setAttribute("aria-label", `${text[plane.name]}. ${said}`);
    }
    say(readout, said);
    const z = draws[0].map(([a, b]) => Float32Array.of(m1 + spread * a, m2 + spread * b));
    for (const [i, code] of z.entries()) {
      const numbers = [...code].map((value) => fixed(value)).join(", ");
      paintDigit(shown[i], network.decode(code), fill(text.sample, { index: i + 1, z: numbers }), network, code);
    }
    press(choices, digit);
    root.dataset.view = network.kind;
    const own = z.map((code) => Array.from(code));
    if (JSON.stringify(own) !== JSON.stringify(model.get("z"))) save({ z: own });
  };
});
