// Links in the text that set a figure, and numbers in it that are a figure's (book/_ext/steps.py).

const WAY = 300; // pixels from one end of a dragged number to the other
const STEPS = 50; // of an arrow key

const placeOf = (link) => document.getElementById(link.hash.slice(1));

// Most of the figure has to be seen, or nobody sees what was set.
export function bringIntoSight(place) {
  const { top, bottom, height } = place.getBoundingClientRect();
  const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
  if (seen < 0.6 * Math.min(height, innerHeight))
    place.scrollIntoView({ block: height < innerHeight ? "center" : "start" });
}

// A hand has come: the figure's own sweep is over.
export const touch = (place) => place.querySelector(".lw-card")?.dispatchEvent(new Event("keydown", { bubbles: true }));

// `make` makes the figure of a place, if nobody has done so.
export function steps(make) {
  async function set(place, values, again = true) {
    if (!again && place.querySelector(":scope > .lw-error")) return;
    await make(place);
    if (!place.matches(".lw-live")) return; // it has said why
    touch(place);
    const model = await latentwalk.model(place.dataset.view);
    model.set(values);
    model.save_changes();
  }

  for (const link of document.querySelectorAll("a[data-set]")) {
    const place = placeOf(link);
    link.role = "button";
    const act = (event) => {
      event.preventDefault();
      bringIntoSight(place);
      set(place, JSON.parse(link.dataset.set));
    };
    link.addEventListener("click", act);
    link.addEventListener("keydown", (event) => {
      if (event.key === " ") act(event);
    });
  }

  for (const link of document.querySelectorAll("a[data-drag]")) {
    const place = placeOf(link);
    const { trait, min, max, digits, ...opened } = JSON.parse(link.dataset.drag);
    let { value } = opened;
    const number = Object.assign(document.createElement("span"), { className: "lw-drag", role: "slider", tabIndex: 0 });
    const say = () => {
      number.textContent = value.toFixed(digits).replace("-", "\u2212");
      Object.assign(number, {
        ariaLabel: trait,
        ariaValueMin: min,
        ariaValueMax: max,
        ariaValueNow: value.toFixed(digits),
      });
    };
    const move = (to, again = true) => {
      value = Math.min(max, Math.max(min, to));
      say();
      set(place, { [trait]: value }, again);
    };
    const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -STEPS, End: STEPS };
    number.addEventListener("keydown", (event) => {
      if (!(event.key in KEYS)) return;
      event.preventDefault();
      move(value + (KEYS[event.key] * (max - min)) / STEPS);
    });
    number.addEventListener("pointerdown", ({ pointerId, clientX }) => {
      const start = value;
      number.setPointerCapture(pointerId);
      number.onpointermove = (event) => move(start + ((event.clientX - clientX) * (max - min)) / WAY, false);
      number.onlostpointercapture = () => {
        number.onpointermove = null;
      };
    });
    place.addEventListener("lw-made", async () => {
      const model = await latentwalk.model(place.dataset.view);
      const follow = () => {
        value = model.get(trait);
        say();
      };
      model.on(`change:${trait}`, follow);
      follow();
    });
    say();
    link.replaceWith(number);
  }
}
