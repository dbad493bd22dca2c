"""A page in another language than English: its words, and the way from one language to the other."""

import re
from urllib.parse import urlsplit

from built import places

from questions.stills import LIST

HAN = re.compile(r"[\u4e00-\u9fff]")


def speaks_of_itself_in_its_own_words(page, name):
    """Its language is said in its head, and what the frame, the figures and the quizzes say is Chinese."""
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    said = page.evaluate(
        """() => ({
          titles: [...document.querySelectorAll(".lw-title")].map((one) => one.textContent),
          resets: [...document.querySelectorAll(".lw-reset")].map((one) => one.title),
          figures: [...document.querySelectorAll(".lw-figure")].map((one) => one.ariaDescription),
          verdicts: [...document.querySelectorAll(".lw-remark strong:first-child")].map((one) => one.textContent),
          folds: [...document.querySelectorAll("details.hide > summary")].map((one) => one.textContent),
          shares: [...document.querySelectorAll(".lw-share")].map((one) => {
            one.querySelector("button").click();
            const words = [...one.querySelectorAll(".lw-share-list button")].map((item) => item.textContent).join("");
            one.querySelector("button").click();
            return words;
          }),
          search: [document.querySelector("#pst-search-dialog input").placeholder],
        })"""
    )
    assert [(kind, words) for kind, all_ in said.items() for words in all_ if not HAN.search(words)] == []


def leads_to_the_same_place_in_english(page, name):
    """With what stands behind the address, such as a figure's state; nobody is told of a language that they read already."""
    assert page.locator(".lw-offer").count() == 0
    page.evaluate("history.replaceState(null, '', '?state=1#x')")
    page.evaluate("document.querySelector('.lw-language').addEventListener('click', (event) => event.preventDefault())")
    page.locator(".lw-language").click()
    led = urlsplit(page.evaluate("document.querySelector('.lw-language').href"))
    assert (led.path, led.query, led.fragment) == (urlsplit(page.url).path.replace("/zh/", "/"), "state=1", "x")


def says_what_its_stills_show(page, name):
    shown = page.locator(".lw-place > .lw-still").all()
    seen = [(still.is_visible(), still.get_attribute("alt")) for still in shown]
    assert seen and all(visible and HAN.search(alt) for visible, alt in seen)
    assert not re.search(r"\b[a-z]{2,} [a-z]{2,}", " ".join(alt for _, alt in seen))
    numbers = [re.findall(r"\d+\.\d+", LIST[still]["words"]) for still in places(name)]
    assert [re.findall(r"\d+\.\d+", alt) for _, alt in seen] == numbers, "what the figures read out"
