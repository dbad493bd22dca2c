// A loss that somebody's program prints, on a ruler of nats per image. See your_loss.py for the traits.

import { plotCanvas, plotContext, sizeOf } from "./canvas.js";
import { box, button, element, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { judgeLoss } from "./loss_units.js";
import { area, corners, line, write } from "./marks.js";
import { clamp, scale, steps } from "./numbers.js";
import { steer } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, say } from "./words.js";

const SIDE = 14; // CSS pixels left and right of the ruler
const TOP = 40; // of the ruler's band
const BOTTOM = 66;
const CHOICES = ["error", "pixels", "images", "kl"];

// Three digits that count, with spaces of thousands: 104.9, 0.134, 13,400.
function figures(value) {
  const size = Math.abs(value);
  if (size >= 1e7 || (size > 0 && size < 1e-3)) return value.toExponential(1).replace("-", "\u2212");
  const digits = size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString("en", { maximumFractionDigits: digits }).replace("-", "\u2212");
}

export default defineFigure("your_loss", ({ model, root, save }) => {
  const text = model.get("text");
  const facts = model.get("facts");
  const names = model.get("names");
  const ruler = plotCanvas(112);
  const chips = ["nats", "pixel", "bits", "beta"].map((name) => element("span", { class: `lw-chip lw-${name}` }));
  const verdict = paragraph("lw-verdict");
  const regime = paragraph("lw-said");
  const accident = element("span", {});
  const fix = button(text.apply, () => apply(judged().accident));
  const mishap = box("lw-mishap", accident, " ", fix);
  root.append(ruler, box("lw-chips", ...chips), verdict, box("lw-live", regime, mishap));
  verdict.setAttribute("role", "status");

  const judged = () => {
    const choice = (name) => [name, names[name][model.get(`${name}_index`)]];
    const numbers = ["loss", "batch", "weight"].map((name) => [name, model.get(name)]);
    return judgeLoss(facts, Object.fromEntries([...numbers, ...CHOICES.map(choice)]));
  };
  // Sets the ticks to the other way of adding up that was found.
  function apply({ name, count }) {
    const averaged = name === "mean" || name === "bits";
    const summed = name === "batch" || name === "set";
    const place = (choice, value) => names[choice].indexOf(value);
    save({
      ...(name === "bits" ? { loss: model.get("loss") * Math.log(2) } : {}),
      ...(summed ? { batch: count } : {}),
      pixels_index: place("pixels", averaged ? "mean" : "sum"),
      images_index: place("images", summed ? "sum" : "mean"),
      kl_index: place("kl", averaged ? "pixels" : "sum"),
    });
  }

  // The ruler's ends: all landmarks, and some room.
  const ends = ({ marks, band }) => {
    const values = [...marks.map(([, value]) => value), ...(band ?? [])].filter((value) => value > 0);
    if (!values.length) return [10, 1000];
    return [Math.min(...values) / 2, Math.max(...values) * 2.2];
  };
  const across = (found) => {
    const [low, high] = ends(found).map(Math.log);
    return scale([low, high], [SIDE, sizeOf(ruler).width - SIDE]);
  };
  // What is printed grows with nats per image, however it is added up.
  const perNat = () => {
    const { nats } = judged();
    return nats ? model.get("loss") / nats : 1;
  };
  const put = (nats) => {
    const [low, high] = ends(judged());
    save({ loss: Number((clamp(nats, [low, high]) * perNat()).toPrecision(4)) });
  };
  const opened = model.get("loss");
  steer(ruler, {
    at: (x) => {
      const found = judged();
      const [low, high] = ends(found).map(Math.log);
      return [Math.exp(scale([SIDE, sizeOf(ruler).width - SIDE], [low, high])(x)), 0];
    },
    get: () => [judged().nats, 0],
    set: (nats, up) => put(nats + 10 * up), // arrow keys: left and right by tenths, up and down by whole nats
    reset: () => save({ loss: opened }),
  });

  function drawRuler(found) {
    const { context: pen, width } = plotContext(ruler);
    const color = themeColors(root);
    const x = across(found);
    const [low, high] = ends(found);
    const at = (value) => clamp(x(Math.log(Math.max(value, 1e-9))), [SIDE, width - SIDE]);
    const sides = [SIDE, width - SIDE];
    area(pen, color.soft, 0.45, corners(sides, [TOP, BOTTOM]));
    for (const power of steps(0, 4))
      for (const digit of [1, 2, 5]) {
        const tick = digit * 10 ** power;
        if (tick < low * 1.1 || tick > high / 1.1) continue;
        line(pen, color.line, 1, [at(tick), BOTTOM], [at(tick), BOTTOM + 5]);
        write(pen, figures(tick), at(tick), BOTTOM + 14, color.muted);
      }
    write(pen, text.ruler, width / 2, 104, color.muted);
    if (found.band) {
      const [from, to] = found.band.map(at);
      const wide = [Math.min(from, to - 3), to];
      area(pen, color.vae, 0.85, corners(wide, [TOP, BOTTOM]));
      write(pen, text.expect, clamp((from + to) / 2, [SIDE + 32, width - SIDE - 32]), TOP - 10, color.vae);
    }
    for (const [name, value] of found.marks) {
      if (value <= 0 || name === "linear") continue;
      line(pen, color.text, 1.5, [at(value), TOP - 4], [at(value), BOTTOM]);
      const near = found.band && Math.abs(at(value) - at(Math.sqrt(found.band[0] * found.band[1]))) < 70;
      write(pen, text[name], clamp(at(value), [SIDE + 28, width - SIDE - 34]), near ? TOP - 26 : TOP - 10, color.muted);
    }
    // The number itself: a handle with a grip, or an arrow where it lies beyond the end.
    const here = at(found.nats);
    line(pen, color.back, 7, [here, TOP - 3], [here, BOTTOM + 3]);
    line(pen, color.text, 3, [here, TOP - 3], [here, BOTTOM + 3]);
    const beyond = found.nats > high ? 1 : found.nats < low ? -1 : 0;
    pen.fillStyle = color.text;
    pen.beginPath();
    const middle = (TOP + BOTTOM) / 2;
    if (beyond) for (const [dx, dy] of [[0, -10], [13 * beyond, 0], [0, 10]]) pen.lineTo(here + dx, middle + dy);
    else pen.arc(here, middle, 8, 0, 2 * Math.PI);
    pen.fill();
  }

  return () => {
    const found = judged();
    const { nats, beta, half } = found;
    const marks = Object.fromEntries(found.marks.map(([name, value]) => [name, figures(value)]));
    const values = {
      ...marks,
      nats: figures(nats),
      pixel: figures(nats / facts.pixels),
      bits: figures(nats / facts.pixels / Math.log(2)),
      beta: figures(beta),
      low: found.band && figures(found.band[0]),
      high: found.band && figures(found.band[1]),
      sigma: half && beta > 0 ? figures(Math.sqrt(beta / (2 * half))) : "",
      epoch: found.epoch,
      epochs: facts.usual.length,
      last: figures(facts.usual.at(-1)),
    };
    const word = (name) => fill(text[`${name}_said`] ?? text[name], values);
    for (const [i, name] of ["nats", "pixel", "bits", "beta"].entries()) say(chips[i], fill(text[name], values));
    say(verdict, word(found.verdict));
    say(regime, word(found.regime));
    const { accident: other } = found;
    mishap.hidden = !other;
    if (other) say(accident, fill(text[`accident_${other.name}`], { nats: figures(other.nats), count: figures(other.count) }));
    drawRuler(found);
    ruler.setAttribute("aria-label", `${text.yours}: ${fill(text.nats, values)}. ${verdict.textContent}`);
  };
});
