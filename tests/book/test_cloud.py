"""Latent cloud and Reparameterization in the built book: where the codes go when the reader drags, presses and clicks."""

import re

import pytest
from cards import settle, wait_until


def codes(card):
    """The codes that the card shows decoded now."""
    settle(card)
    return card.locator(".lw-samples canvas").evaluate_all("all => all.map((c) => [...c.z])")


def numbers(card):
    """The numbers of the read-out."""
    settle(card)
    text = card.locator(".lw-readout").inner_text().replace("−", "-")
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def press(card, label, *keys):
    for key in keys:
        card.get_by_role("slider", name=label, exact=True).press(key)


@pytest.fixture
def cloud(visit, server):
    with visit(server, "notebooks/02_distributions.html") as page:
        card = page.locator(".lw-card", has=page.locator("[data-figure=cloud]"))
        card.scroll_into_view_if_needed()
        yield card


@pytest.fixture
def dice(visit, server):
    with visit(server, "notebooks/03_reparameterization.html") as page:
        card = page.locator(".lw-card", has=page.locator("[data-figure=reparameterization]"))
        card.scroll_into_view_if_needed()
        card.get_by_role("button", name="outside", exact=True).click()
        yield card


def test_without_sigma_every_draw_is_mu(cloud):
    press(cloud, "σ ×", "Home")
    mu1, mu2, sigma1, sigma2 = numbers(cloud)
    assert sigma1 == sigma2 == 0
    shown = codes(cloud)
    assert len(shown) == 6 and all(z == shown[0] for z in shown)
    assert shown[0] == pytest.approx([mu1, mu2], abs=0.006)


def test_the_cloud_grows_with_sigma_around_the_same_mu(cloud):
    at_one = codes(cloud)
    mu = numbers(cloud)[:2]
    press(cloud, "σ ×", "End")
    at_ten = codes(cloud)
    for small, large in zip(at_one, at_ten):
        for k in (0, 1):
            assert large[k] - mu[k] == pytest.approx(10 * (small[k] - mu[k]), abs=0.06)  # mu is read to two digits


ROOM = 13  # px beyond the plane's limit, for a handle that stands there


def test_the_plane_follows_the_pointer_and_the_keys(cloud):
    plane = cloud.locator("canvas[tabindex]").first
    plane.scroll_into_view_if_needed()
    box, mouse = plane.bounding_box(), cloud.page.mouse
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    unit = (box["width"] - 2 * ROOM) / 8  # the plane goes from -4 to 4
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + unit, y - 2 * unit, steps=4)
    mouse.up()
    assert numbers(cloud)[:2] == pytest.approx([1, 2], abs=0.05)
    start = numbers(cloud)[:2]
    plane.press("ArrowLeft")
    plane.press("Shift+ArrowUp")
    assert numbers(cloud)[:2] == pytest.approx([start[0] - 0.1, start[1] + 0.01], abs=0.006)
    for _ in range(60):
        plane.press("ArrowRight")
    assert numbers(cloud)[0] == 4, "the cloud stays on the plane"


def test_sampling_again_and_going_back(cloud):
    before, here = codes(cloud), numbers(cloud)
    cloud.get_by_role("button", name="Sample again").click()
    assert codes(cloud) != before and numbers(cloud) == here
    press(cloud, "μ₁", "PageUp", "PageUp")
    assert numbers(cloud) != here
    cloud.get_by_role("button", name="Back to the start").click()
    assert numbers(cloud) == here, "its button goes back to the picture's own place"


def test_play_rolls_the_dice_by_itself(cloud):
    before = cloud.locator(".lw-samples canvas").evaluate_all("all => all.map((c) => c.z.join())")
    cloud.locator(".jupyter-widgets.widget-play button").first.click()
    other = "(before) => [...document.querySelectorAll('.lw-samples canvas')].some((c, i) => c.z.join() !== before[i])"
    wait_until(cloud.page, other, "playing, and the same codes", before)


def test_an_autoencoder_has_one_point(cloud):
    in_the_vae = codes(cloud)
    cloud.get_by_role("button", name="AE: points").click()
    shown = codes(cloud)
    assert shown != in_the_vae and all(z == shown[0] for z in shown)
    assert cloud.locator(".lw-samples canvas").first.get_attribute("data-network") == "ae-2"
    cloud.get_by_role("button", name="VAE: ellipses").click()
    for z, first in zip(codes(cloud), in_the_vae):
        assert z == pytest.approx(first, abs=0.0051)  # at first the sliders have rounded mu to their steps


def test_eps_stays_while_mu_and_sigma_move(dice):
    """z = mu + eps * sigma for every draw: dz/dmu is 1, dz/dsigma is its eps."""
    start = [z[0] for z in codes(dice)]
    press(dice, "μ", *["ArrowRight"] * 5)
    moved = [z[0] for z in codes(dice)]
    assert [b - a for a, b in zip(start, moved)] == pytest.approx([0.05] * 6, abs=1e-5)
    press(dice, "σ", *["ArrowRight"] * 10)
    stretched = [z[0] for z in codes(dice)]
    eps = [(b - a) / 0.1 for a, b in zip(moved, stretched)]
    assert eps == pytest.approx([-1.8, -1.0, -0.4, 0.3, 0.9, 1.6], abs=1e-4)  # the chapter's draws
    assert len({z[1] for z in codes(dice)}) == 1, "the other number of the code stays"


def test_new_draws_and_the_chosen_one(dice):
    before = codes(dice)
    dice.get_by_role("button", name="New draws").click()
    after = codes(dice)
    assert after != before and [z[0] for z in after] == sorted(z[0] for z in after)
    dice.locator(".lw-samples button").first.click()
    eps, mu, sigma, z = numbers(dice)[:4]
    assert z == pytest.approx(mu + eps * sigma, abs=0.02)
    assert z == pytest.approx(after[0][0], abs=0.006)
