// A loss that somebody's program prints, on a ruler of nats per image. See your_loss.py for the traits.

import { plotCanvas, sizeOf } from "./canvas.js";
import { chipRow } from "./chips.js";
import { box, button, element, paragraph } from "./dom.js";
import { defineFigure } from "./figure.js";
import { judgeLoss } from "./loss_units.js";
import { publish } from "./model.js";
import { clamp, scale } from "./numbers.js";
import { drawRuler, figures, rulerEnds, SIDE } from "./ruler.js";
import { onArrows, onSlide } from "./steer.js";
import { themeColors } from "./theme.js";
import { fill, say } from "./words.js";

const CHOICES = ["error", "pixels", "images", "kl"];

export default defineFigure("your_loss", ({ model, root, save }) => {
  const text = model.get("text");
  const facts = model.get("facts");
  const names = model.get("names");
  const ruler = plotCanvas(130);
  const chips = chipRow({ nats: "text", pixel: "line", bits: "line", beta: "vae" });
  const verdict = paragraph("lw-verdict");
  const regime = paragraph("lw-said");
  const accident = element("span", {});
  const fix = button(text.apply, () => apply(judged().accident));
  const mishap = box("lw-mishap", accident, " ", fix);
  root.append(ruler, chips.row, verdict, box("lw-why", regime, mishap));
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

  // What is printed grows with nats per image, however it is added up.
  const perNat = () => {
    const { nats } = judged();
    return nats ? model.get("loss") / nats : 1;
  };
  const put = (nats) => {
    const [low, high] = rulerEnds(judged());
    save({ loss: Number((clamp(nats, [low, high]) * perNat()).toPrecision(4)) });
  };
  onSlide(ruler, (x) => {
    const ends = rulerEnds(judged()).map(Math.log);
    put(Math.exp(scale([SIDE, sizeOf(ruler).width - SIDE], ends)(x)));
  });
  onArrows(ruler, (across, up, fine) => {
    const { nats } = judged();
    put(Math.max(nats, rulerEnds(judged())[0]) * Math.exp((fine ? 0.002 : 0.02) * (across + up)));
  });

  // The slider under the ruler: `place` is the number's share of the way, which the page works out, too.
  let own = null;
  const along = (ends) => scale(ends.map(Math.log), [0, 1]);
  model.on("change:place", () => {
    const ends = rulerEnds(judged());
    if (model.get("place") !== own) put(Math.exp(scale([0, 1], ends.map(Math.log))(model.get("place"))));
  });

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
    const kind = half === null ? "said" : "squares"; // which of several sentences of one name
    const word = (name) => fill(text[`${name}_${kind}`] ?? text[`${name}_said`] ?? text[name], values);
    chips.show(text, values);
    say(verdict, word(found.verdict));
    say(regime, word(found.regime));
    const { accident: other } = found;
    mishap.hidden = !other;
    regime.hidden = Boolean(other);
    if (other)
      say(accident, fill(text[`accident_${other.name}`], { nats: figures(other.nats), count: figures(other.count) }));
    drawRuler(ruler, themeColors(root), found, rulerEnds(found), text);
    ruler.setAttribute("aria-label", `${text.yours}: ${fill(text.nats, values)}. ${verdict.textContent}`);
    const ends = rulerEnds(found);
    own = Math.round(1000 * along(ends)(Math.log(clamp(nats, ends)))) / 1000;
    publish(model, "place", own);
  };
});
