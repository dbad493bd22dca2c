"""nbval, once more: what a cell writes to stderr (tqdm's progress bars) is not compared."""


def pytest_collection_modifyitems(items):
    for notebook in {item.parent for item in items if hasattr(item.parent, "skip_compare")}:
        notebook.skip_compare += ("stderr",)
