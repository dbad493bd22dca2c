"""Nothing is missing, nothing is too wide, and axe-core finds no violation."""

from built import places

from latentbook import ROOT

AXE = ROOT / "book" / "node_modules" / "axe-core" / "axe.min.js"


# Opens all that is folded, the remarks of quizzes too.
UNFOLD = """() => {
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const folded of document.querySelectorAll(".toggle-hidden")) folded.classList.remove("toggle-hidden");
  for (const remark of document.querySelectorAll(".lw-remark p")) remark.style.display = "block";
}"""


def fetch_pictures(page) -> None:
    """Those further down are fetched when they come near; here, all at once."""
    decode = "(image) => { image.loading = 'eager'; return image.decode().catch(() => null); }"
    page.evaluate(f"Promise.all([...document.images].map({decode})).then(() => null)")


def is_all_there(page, name):
    assert page.locator(".lw-figure[data-ready]").count() == len(places(name))
    fetch_pictures(page)
    missing = "[...document.images].filter((i) => !(i.complete && i.naturalWidth)).map((i) => i.src)"
    assert page.evaluate(missing) == []
    assert page.locator(".math:not(:has(svg))").count() == 0


# Tries to run text as code; runs before the page does.
TRY = "addEventListener('load', () => { try { eval('1'); } catch (error) { window.refused = error.name; } });"


def may_not_run_text_as_code(page, name):
    assert page.evaluate("window.refused") == "EvalError", "the server's policy holds"


# What axe-core asks again in the dark: colours, and the pictures that are there for it.
IN_THE_DARK = ["color-contrast", "link-in-text-block", "image-alt", "image-redundant-alt", "svg-img-alt"]


def has_no_violation(page, name):
    # Bootstrap's buttons fade into their colours as the page opens.
    page.wait_for_function("() => document.getAnimations().every((one) => one.playState !== 'running')")
    page.add_script_tag(content=AXE.read_text())
    options = {"resultTypes": ["violations"], "preload": False}
    if page.evaluate("document.documentElement.dataset.theme") == "dark":
        options["runOnly"] = IN_THE_DARK
    found = page.evaluate("(options) => axe.run(document, options)", options)
    problems = [
        f"{rule['id']} ({rule['impact']}): {node['target']} {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"][:5]
    ]
    assert not problems, "\n".join(problems)


def has_the_theme_that_the_system_has(page, name):
    wanted = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    assert page.evaluate("document.documentElement.dataset.theme") == wanted
    # What matplotlib draws is drawn for both: one is seen, and in the dark the page shows through.
    seen = page.evaluate(
        """() => [...document.querySelectorAll(".lw-day, .lw-night")].map((one) =>
          [one.classList.contains("lw-night"), getComputedStyle(one).display !== "none", getComputedStyle(one).backgroundColor])"""
    )
    assert [shown for _, shown, _ in seen] == [night == (wanted == "dark") for night, _, _ in seen]
    assert {ground for night, shown, ground in seen if night and shown} <= {"rgba(0, 0, 0, 0)"}


def does_not_scroll_sideways(page, name):
    wide = page.evaluate(
        """() => {
          const root = document.documentElement;
          if (root.scrollWidth <= 360) return [];
          return [`page: ${root.scrollWidth}`, ...[...document.querySelectorAll("main *")]
            .filter((e) => e.getBoundingClientRect().right > 361)
            .map((e) => `${e.tagName}.${e.className}: ${e.getBoundingClientRect().right}`).slice(0, 10)];
        }"""
    )
    assert wide == []
    overflowing = page.evaluate(
        """() => [...document.querySelectorAll(".lw-card, .prev-next-area a")].filter((c) => c.scrollWidth > c.clientWidth + 1)
          .map((c) => `${c.querySelector(".lw-figure")?.dataset.figure ?? c.innerText}: ${c.scrollWidth} in ${c.clientWidth}`)"""
    )
    assert overflowing == []


def shows_drawings_in_rows(page, name):
    """On a phone, where a wide drawing's words could not be read (book/_ext/narrow.py)."""
    drawings = page.evaluate("[...document.querySelectorAll('picture img')].map((image) => image.currentSrc)")
    assert len(drawings) == page.locator("article img[src*='/network-']").count()
    assert all(drawing.endswith("-narrow.svg") for drawing in drawings), drawings


def has_room_for_code_and_what_it_prints(page, name):
    """Beside the sidebars."""
    page.evaluate(UNFOLD)
    wide = page.evaluate(
        """() => [...document.querySelectorAll("main pre")].filter((p) => p.scrollWidth > p.clientWidth + 1)
          .map((p) => `${p.scrollWidth} in ${p.clientWidth}: ${p.innerText.slice(0, 300)}`)"""
    )
    assert wide == []
