"""axe-core over every page of the built book, in the light and in the dark theme: no violation."""

import pytest
from conftest import PAGES, ROOT

AXE = ROOT / "book" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [page for page in PAGES if page != "index.html"])  # which only points on
def test_no_violation(visit, server, name, scheme):
    with visit(server, name, scheme=scheme) as page:
        assert page.evaluate("document.documentElement.dataset.theme") == scheme
        # Bootstrap's buttons fade into their colours as the page opens.
        page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
        page.evaluate("window.define = undefined")  # require.js's: axe would hand itself over to it
        page.add_script_tag(content=AXE.read_text())
        found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
        problems = [
            f"{rule['id']} ({rule['impact']}): {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            for node in rule["nodes"][:5]
        ]
        assert not problems, "\n".join([name, *problems])
