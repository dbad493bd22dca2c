// One training, look by look, over the 2-D latent plane. See learning.py for the traits.

import { plotCanvas, plotContext, sizeOf, squareCanvas } from "./canvas.js";
import { digitCanvas, paintDigit, pictures } from "./digits.js";
import { box, captioned, element } from "./dom.js";
import { defineFigure } from "./figure.js";
import { circles, dot, line } from "./marks.js";
import { bytes, clamp, scale } from "./numbers.js";
import { onArrows, onSlide, placeOn } from "./steer.js";
import { themeColors } from "./theme.js";
import { drawTimeline, paintTiles, placesAt, timeSides } from "./training_film.js";
import { fill, fixed, say, short } from "./words.js";

const LIMIT = 4; // of the plane
const RIM = [-3.92, 3.92]; // where digits are shown that lie beyond
const PLANE = [-LIMIT, LIMIT];
const TENTHS = 10; // frames from one look to the next
const SMALL = 20; // CSS pixels of a flying digit, and of the one that is followed
const LARGE = 40;

export default defineFigure("learning", ({ model, root, save }) => {
  const text = model.get("text");
  const [epochs, recon, kl] = ["epochs", "recon", "kl"].map((name) => model.get(name));
  const [colors, labels, flying, unit] = ["colors", "labels", "flying", "unit"].map((name) => model.get(name));
  const classes = bytes(model.get("classes"));
  const view = model.get("places");
  const places = new Int16Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  if (places.length !== 2 * epochs.length * classes.length) throw new Error(`${places.length} places do not fit`);
  const maps = bytes(model.get("maps"));
  const losses = recon.map((value, i) => value + kl[i]);
  const last = epochs.length - 1;
  const picture = pictures(model.get("pictures"));
  const thumbs = labels.map((label, i) => {
    const canvas = digitCanvas();
    paintDigit(canvas, picture(i), String(label));
    return canvas;
  });

  const plane = squareCanvas();
  const map = squareCanvas();
  const time = plotCanvas(110);
  root.append(
    box(
      "lw-training",
      captioned(plane, fill(text.plane, { count: classes.length }), "lw-panel"),
      captioned(time, "", "lw-panel lw-time"),
      captioned(map, text.map, "lw-panel"),
    ),
  );
  const film = root.querySelector(".lw-training");
  time.parentElement.lastChild.classList.add("lw-readout");
  const tiles = element("canvas", { width: 14 * model.get("side"), height: 14 * model.get("side") });

  // Drawings of the plane: where its numbers lie.
  const axes = (canvas) => {
    const { width } = sizeOf(canvas);
    const [x, y] = [scale(PLANE, [0, width]), scale(PLANE, [width, 0])];
    return { x: (value) => x(clamp(value, RIM)), y: (value) => y(clamp(value, RIM)), unit: width / (2 * LIMIT) };
  };
  const now = () => placesAt(places, classes.length, model.get("frame") / TENTHS, unit);

  // Which flying digit is followed: the nearest to a finger, or the next one by arrow keys.
  plane.addEventListener("click", (event) => {
    const [left, top] = placeOn(plane, event);
    const { x, y } = axes(plane);
    const mu = now();
    const away = flying.map((i) => Math.hypot(x(mu[2 * i]) - left, y(mu[2 * i + 1]) - top));
    save({ digit: away.indexOf(Math.min(...away)) });
  });
  onArrows(plane, (across, up) => save({ digit: (model.get("digit") + across + up + labels.length) % labels.length }));

  // The loss is a handle for the time.
  const setFrame = (frame) => save({ frame: clamp(Math.round(frame), [0, TENTHS * last]) });
  onSlide(time, (x) => setFrame(scale(timeSides(time), [0, TENTHS * last])(x)));
  onArrows(time, (across, up, fine) => setFrame(model.get("frame") + (fine ? 1 : TENTHS) * (across + up)));

  function drawPlane(color, mu, chosen) {
    const { context: pen } = plotContext(plane);
    const { x, y, unit: size } = axes(plane);
    circles(pen, color.prior, x(0), y(0), size, 1);
    pen.globalAlpha = 0.8;
    for (let i = 0; i < classes.length; i++) dot(pen, colors[classes[i]], x(mu[2 * i]), y(mu[2 * i + 1]), 3);
    pen.globalAlpha = 1;
    const inside = (place, half) => clamp(place, [half + 2, sizeOf(plane).width - half - 2]) - half;
    const at = (i, half) => [x(mu[2 * flying[i]]), y(mu[2 * flying[i] + 1])].map((place) => inside(place, half));
    const put = (i, side) => {
      const [left, top] = at(i, side / 2);
      pen.fillStyle = i === chosen ? color.text : colors[labels[i]];
      pen.fillRect(left - 2, top - 2, side + 4, side + 4);
      pen.imageSmoothingEnabled = true;
      pen.drawImage(thumbs[i], left, top, side, side);
    };
    for (let i = 0; i < flying.length; i++) if (i !== chosen) put(i, SMALL);
    if (chosen < 0) return;
    const way = Array.from(epochs, (_, look) => {
      const place = 2 * (look * classes.length + flying[chosen]);
      return [x(places[place] * unit), y(places[place + 1] * unit)];
    });
    line(pen, color.back, 4, ...way);
    line(pen, color.text, 1.5, ...way);
    for (const point of way) dot(pen, color.text, ...point, 2);
    put(chosen, LARGE);
  }

  let painted = null; // the look whose pictures the tiles are
  function drawMap(color, look) {
    const { context: pen } = plotContext(map);
    const { x, y, unit: size } = axes(map);
    if (painted !== look) paintTiles(tiles, maps, look, model.get("side"));
    painted = look;
    const reach = model.get("reach") * (1 + 1 / (model.get("side") - 1)); // to the outer edges
    pen.imageSmoothingEnabled = false;
    pen.drawImage(tiles, x(0) - reach * size, y(0) - reach * size, 2 * reach * size, 2 * reach * size);
    circles(pen, color.prior, x(0), y(0), size, 1);
  }

  return () => {
    const place = model.get("frame") / TENTHS;
    const look = Math.round(place);
    const chosen = model.get("digit");
    const color = themeColors(root);
    drawPlane(color, now(), chosen);
    drawMap(color, look);
    drawTimeline(time, color, { epochs, losses, place, axis: text.axis });
    const said = fill(text.readout, {
      epoch: short(epochs[look]),
      recon: fixed(recon[look], 1),
      kl: fixed(kl[look], 1),
      loss: fixed(losses[look], 1),
    });
    const [from, to] = film.querySelectorAll("figcaption");
    say(to, said);
    const follows = chosen < 0 ? text.none : fill(text.pick, { label: labels[chosen], index: chosen });
    plane.setAttribute("aria-label", `${from.textContent}. ${follows}. ${said}`);
    map.setAttribute("aria-label", `${text.map}. ${said}`);
    time.setAttribute("aria-label", `${text.time}. ${said}`);
  };
});
