"""What a figure shows is a link, which another browser opens."""

from built import places
from cards import wait_until

from latentbook import HTML

# The state of a figure, by the names of its rules, and what it is changed to: another value for each trait, within its rule.
STATE = """const figureOf = async (place) => {
  const model = await latentwalk.model(place.dataset.view);
  const rules = Object.entries(model.get("rules"));
  const trait = ([name, [kind]]) => (kind === "word" ? `${name}_index` : name);
  const state = () => Object.fromEntries(rules.map((one) => [one[0], model.get(trait(one))]));
  return { model, rules, trait, state };
};
const frames = async (count) => { while (count--) await new Promise(requestAnimationFrame); };"""
CHANGE = f"""async (place) => {{
  {STATE}
  const {{ model, rules, trait, state }} = await figureOf(place);
  const other = {{
    number: (now, low, high) => {{
      const [from, to] = [Math.max(low, now - 0.5), Math.min(high, now + 0.5)];
      const [one, two] = [0.375, 0.625].map((part) => Math.round((from + part * (to - from)) * 1000) / 1000);
      return one === now ? two : one;
    }},
    whole: (now, low, high) => (now < high ? now + 1 : low),
    flag: (now) => now,  // what a flag starts may not stand still
    word: (now, ...words) => (now + 1) % words.length,
    numbers: (now, size) => Array.from({{ length: size }}, (_, i) => Math.round(1000 * Math.sin(i + 0.5)) / 1000),
    points: () => [[0.5, -1.25], [2, 0.125], [-3, 3]],
    picture: (now, size) => Array.from({{ length: size }}, (_, i) => (i % 28 > 8 && i % 28 < 13 ? (i % 200) / 255 : 0)),
  }};
  for (const one of rules) {{
    const [, [kind, ...rule]] = one;
    model.set(trait(one), other[kind](model.get(trait(one)), ...rule));
    await frames(2);
  }}
  model.save_changes();
  await frames(2);
  return state();
}}"""
AS_WANTED = f"""async ([id, wanted]) => {{
  {STATE}
  const place = document.getElementById(id);
  if (!place.querySelector(".lw-figure[data-ready]")) return false;
  const near = (a, b) => typeof a === "object" ? a.length === b.length && a.every((one, i) => near(one, b[i]))
    : typeof a === "number" ? Math.abs(a - b) <= 1e-5 * (1 + Math.abs(b)) : a === b;
  const now = (await figureOf(place)).state();
  return Object.keys(wanted).every((name) => near(now[name], wanted[name]));
}}"""


def comes_back_from_its_link(page, name):
    """Each figure of a page that a server gives is changed, and opened by its link in another context, from the disk."""
    other = page.context.browser.new_context(reduced_motion="reduce", viewport=page.viewport_size)
    fresh, troubles = other.new_page(), []
    fresh.on("pageerror", lambda error: troubles.append(str(error)))
    for figure in places(name):
        place = page.locator(f".lw-place[data-name='{figure}']")
        id, opened = (
            place.get_attribute("id"),
            place.evaluate(f"async (place) => {{ {STATE} return (await figureOf(place)).state(); }}"),
        )
        wanted = place.evaluate(CHANGE)
        assert wanted != opened, figure
        share = place.get_by_role("button", name="Share what this figure shows")
        if share.get_attribute("aria-expanded") != "true":  # a question before may have left the menu open
            share.click()
        place.get_by_role("button", name="Link to this").click()
        place.locator(".lw-shared:not(:empty)").wait_for()
        page.keyboard.press("Escape")
        link = page.evaluate("location.hash")
        assert link.startswith(f"#fig{id.removeprefix('figure')}:") and len(link) < 3000, link
        if fresh.url == "about:blank":
            fresh.goto(f"{(HTML / name).as_uri()}{link}")
        else:
            fresh.evaluate("(link) => { location.hash = link; }", link)
        wait_until(fresh, AS_WANTED, f"{figure}: its link {link} does not bring {wanted}", [id, wanted])
        assert fresh.locator(f"#{id}").evaluate("(place) => place.getBoundingClientRect().top < innerHeight"), (
            "in sight"
        )
        assert not fresh.locator(".lw-stale:visible, .lw-error:visible").count()
    assert troubles == []
    other.close()
