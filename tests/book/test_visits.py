"""Each page of the built book, opened once in each of these ways and asked everything there. A failure names way, page and question."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import pytest
from built import CHAPTERS, CHINESE, LIVE, READ, places, wait_for_figures
from questions import figures, formulas, language, links, pages, paper, quiz, reach, stills

from latentbook import HTML

WITH_FORMULAS = [page for page in READ if 'class="math ' in (HTML / page).read_text()]

# In Chinese: the walk with all its figures, a study, the glossary.
WALK = [page for page in CHINESE if page.startswith("zh/notebooks/") and "/studies/" not in page]
TRANSLATED = WALK + [page for page in CHINESE if page in ("zh/notebooks/studies/shell.html", "zh/book/glossary.html")]
SAID = [page for page in TRANSLATED if "lw-untranslated" not in (HTML / page).read_text()]  # a new chapter is not yet
SOME = [page for page in WALK if places(page)][2:5]

PHONE = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
)


class Way(NamedTuple):
    """A way to open pages."""

    address: str  # the fixture that gives it
    options: dict  # of `visit`
    asked: list[tuple[Callable, list[str]]]  # questions, and of which pages
    moving: Sequence[
        tuple[Callable, list[str]]
    ] = ()  # questions that change the page: asked of one that is opened anew, unless the one before has set all back
    slower: Sequence[tuple[int, list[str]]] = ()  # how many times slower the processor is while which pages open
    calm: bool = False  # nothing that is asked moves a figure


WAYS = {
    "on a desk": Way(
        "server",
        {"script": pages.TRY},
        [
            (pages.is_all_there, READ),
            (pages.has_the_theme_that_the_system_has, READ),
            (pages.may_not_run_text_as_code, READ),
            (pages.has_no_violation, READ),
            (figures.decodes_what_pytorch_decodes, LIVE),
            (pages.has_room_for_code_and_what_it_prints, READ),
        ],
        [
            (reach.can_be_used_by_keyboard, LIVE),
            (figures.does_what_its_buttons_and_menus_say, LIVE),
            (links.comes_back_from_its_link, LIVE),
        ],
    ),
    "in the dark, from the disk": Way(
        "disk",
        {"scheme": "dark", "script": figures.NOTE},
        [
            (figures.came_in_order, LIVE),
            (pages.is_all_there, READ),
            (pages.has_the_theme_that_the_system_has, READ),
            (pages.has_no_violation, READ),
            (figures.moves_its_canvases_with_every_slider, LIVE),
        ],
        slower=[(6, LIVE)],
    ),
    "on a phone": Way(
        "server",
        {"width": 360, "is_mobile": True, "has_touch": True, "user_agent": PHONE, "script": figures.NOTE},
        [
            (figures.came_in_order, READ),
            (pages.is_all_there, READ),
            (pages.does_not_scroll_sideways, READ),
            (pages.shows_drawings_in_rows, READ),
            (reach.can_be_used_by_finger, LIVE),
        ],
        slower=[(20, LIVE), (6, [page for page in READ if page not in LIVE])],
    ),
    "in Chinese": Way(
        "server",
        {"locale": "zh-CN"},
        [
            (pages.is_all_there, TRANSLATED),
            (pages.has_no_violation, TRANSLATED),
            (language.speaks_of_itself_in_its_own_words, SAID),
            (language.leads_to_the_same_place_in_english, TRANSLATED),
        ],
        calm=True,
    ),
    "in Chinese, in the dark, from the disk": Way(
        "disk",
        {"locale": "zh-CN", "scheme": "dark"},
        [
            (pages.has_the_theme_that_the_system_has, SOME),
            (pages.has_no_violation, SOME),
            (figures.moves_its_canvases_with_every_slider, SOME),
        ],
    ),
    "in Chinese, on a phone": Way(
        "server",
        {"locale": "zh-CN", "width": 360, "is_mobile": True, "has_touch": True, "user_agent": PHONE},
        [(pages.is_all_there, TRANSLATED), (pages.does_not_scroll_sideways, TRANSLATED)],
        calm=True,
    ),
    "in Chinese, without scripts": Way(
        "disk",
        {"locale": "zh-CN", "java_script_enabled": False},
        [
            (paper.is_dark_on_white_from_the_dark_theme, SOME),
            (language.says_what_its_stills_show, SOME),
            (quiz.tells_by_keyboard_what_is_right, SOME),
        ],
        calm=True,
    ),
    "on paper": Way(
        "server",
        {"height": 2400, "device_scale_factor": stills.stills.SCALE, "reduced_motion": "reduce"},
        [
            (stills.has_stills_of_what_it_shows, LIVE),
            (stills.stands_still_until_somebody_moves_it, LIVE),
            (stills.shows_figures_on_a_screen_and_stills_on_paper, LIVE),
        ],
    ),
    "without scripts": Way(
        "disk",
        {"java_script_enabled": False},
        [
            (paper.is_dark_on_white_from_the_dark_theme, READ),
            (stills.shows_stills_without_javascript, LIVE),
            (quiz.tells_by_keyboard_what_is_right, CHAPTERS[1:]),
            (quiz.lets_a_finger_find_an_answer_on_a_phone, CHAPTERS[1:]),
            (formulas.are_whole_and_none_scrolls, WITH_FORMULAS),
        ],
        calm=True,
    ),
}


TOGETHER = 9  # pages that are opened one after the other


def visits(way: Way) -> list[list[str]]:
    """The pages of which something is asked in a way; those that leave nothing behind, together."""
    names = [name for name in (*READ, *TRANSLATED) if any(name in pages for _, pages in (*way.asked, *way.moving))]
    alone = [[name] for name in names if places(name) and not way.calm]
    others = [name for name in names if [name] not in alone]
    return alone + [others[at : at + TOGETHER] for at in range(0, len(others), TOGETHER)]


VISITS = [
    pytest.param(how, names, id=f"{how}: {names[0].removesuffix('.html')}{f' and {len(names) - 1}' * (len(names) > 1)}")
    for how, way in WAYS.items()
    for names in visits(way)
]


@pytest.mark.parametrize("how, names", VISITS)
def test_pages(tour, subtests, request, how, names):
    way = WAYS[how]
    seen = {"width": way.options.get("width", 1280), "theme": way.options.get("scheme", "light")}

    def ask(question, page, name):
        with subtests.test(question.__name__.replace("_", " "), page=name, **seen):
            return question(page, name)

    slower = max((times for times, slow in way.slower if set(names) & set(slow)), default=1)
    options = {**way.options, "slower": slower}
    with tour(request.getfixturevalue(way.address), names, **options) as opened:
        for name, page in opened:
            for question, wanted in way.asked:
                if name in wanted:
                    ask(question, page, name)
            as_it_was = False
            for question, wanted in way.moving:
                if name in wanted:
                    if not as_it_was:
                        page.goto(page.url)
                        wait_for_figures(page, name)
                    as_it_was = ask(question, page, name)
