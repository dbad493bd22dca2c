"""The questions of the chapters, with the keyboard and with a finger; asked without JavaScript."""


def tells_by_keyboard_what_is_right(page, name):
    verdicts = ("正确。", "不太对。") if name.startswith("zh/") else ("Right. ", "Not quite. ")
    quizzes = page.locator("fieldset.lw-quiz").all()
    assert len(quizzes) >= 3, "a chapter checks itself with three questions"
    for quiz in quizzes:
        inputs, remarks = quiz.locator("input[type=radio]").all(), quiz.locator(".lw-remark p")
        assert quiz.locator("legend").inner_text().strip()
        assert remarks.count() == len(inputs) >= 2
        assert quiz.locator(".lw-right").count() == 1
        assert [p.is_visible() for p in remarks.all()] == [False] * len(inputs), "nothing is told before a choice"
        for index, button in enumerate(inputs):
            if index == 0:
                button.focus()
                page.keyboard.press("Space")
            else:
                page.keyboard.press("ArrowDown")
            assert button.is_checked()
            assert [p.is_visible() for p in remarks.all()] == [i == index for i in range(len(inputs))]
            choice = button.locator("xpath=..")
            right = "lw-right" in choice.get_attribute("class")
            said = remarks.nth(index).text_content().strip()
            assert said.startswith(verdicts[not right]) and len(said) > len(verdicts[not right]) + 2
            labelled = choice.locator("label")
            assert labelled.get_attribute("for") == button.get_attribute("id") and labelled.inner_text().strip()
    page.emulate_media(media="print")
    assert not [p for p in page.locator(".lw-remark p").all() if p.is_visible()], "on paper, questions stay open"
    page.emulate_media(media="screen")


def lets_a_finger_find_an_answer_on_a_phone(page, name):
    page.set_viewport_size({"width": 360, "height": 900})
    for label in page.locator(".lw-choice label").all():
        label.scroll_into_view_if_needed()
        box = label.bounding_box()
        assert box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= 360
        label.click(position={"x": 8, "y": box["height"] - 4})  # beside the button and below it, once it stands still
        assert label.locator("xpath=../input").is_checked()
