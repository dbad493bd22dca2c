"""What a reader has done is remembered, and can be forgotten; what a term or a citation says is shown at its link."""

from built import CHAPTERS

FRONT, FIRST, SECOND = CHAPTERS[:3]


def test_a_chapter_is_remembered_and_forgotten(visit, server):
    with visit(server, FRONT) as page:
        address = page.url.removesuffix(FRONT)
        assert page.locator(".lw-continue").is_hidden() and page.locator(".lw-done").count() == 0

        page.goto(address + FIRST)
        choice = page.locator(".lw-choice input").nth(1)
        choice.check()
        page.goto(address + FRONT)
        line = page.locator(".lw-continue")
        assert line.inner_text() == "Continue at 1. An autoencoder leaves holes", "begun, not read to its end"
        assert page.locator(".lw-done").count() == 0

        line.locator("a").click()
        page.wait_for_url(address + FIRST)
        assert choice.is_checked(), "answers are there again"
        page.locator(".prev-next-area").scroll_into_view_if_needed()
        page.locator(".bd-links .lw-done").wait_for(state="attached")
        page.get_by_role("button", name="Clear my answers").click()
        page.reload()
        assert page.locator(".lw-choice input:checked").count() == 0

        page.goto(address + FRONT)
        assert line.inner_text() == "Continue at 2. From points to distributions"
        assert page.locator(".lw-chapters .lw-done").count() == 1
        page.get_by_role("button", name="Forget what I have read").click()
        assert line.is_hidden() and page.locator(".lw-done").count() == 0
        page.reload()
        assert line.is_hidden() and page.locator(".lw-done").count() == 0

        # every question answered is an end, too
        page.goto(address + SECOND)
        for quiz in page.locator(".lw-quiz").all():
            quiz.locator("input").first.check()
        page.locator(".bd-links .lw-done").wait_for(state="attached")


def test_what_is_remembered_is_damaged_and_nothing_breaks(visit, server):
    with visit(
        server, FRONT, before=lambda page: page.add_init_script("localStorage.setItem('latentwalk', '{')")
    ) as page:
        assert page.locator(".lw-continue").is_hidden()


def test_a_link_to_a_term_says_what_it_means(visit, base):
    with visit(base, FRONT) as page:
        link, card = page.locator("a[data-note]").first, page.locator("#lw-note")
        link.scroll_into_view_if_needed()
        link.hover()
        card.wait_for()
        assert len(card.inner_text()) > 40 and card.get_attribute("role") == "tooltip"
        card.hover()
        assert card.is_visible(), "the pointer may go into the card"
        page.keyboard.press("Escape")
        assert card.is_hidden()
        page.mouse.move(0, 0)
        link.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        assert card.is_visible() and link.get_attribute("aria-describedby") == "lw-note"
        page.keyboard.press("Tab")
        assert not card.is_visible() or link.get_attribute("aria-describedby") is None


def test_a_tap_goes_to_the_term(visit, server):
    with visit(server, FRONT, width=360, has_touch=True, is_mobile=True) as page:
        page.locator("a[data-note]").first.tap()
        page.wait_for_url("**/book/glossary.html#*")
        assert page.locator("#lw-note").count() == 0
