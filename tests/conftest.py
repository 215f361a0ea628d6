"""Temporary projects: copies of the shipped study whose files a test may alter."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

# A law is no timed test: on a busy machine an example may take long. What a machine of CI draws is the same each time.
settings.register_profile("suite", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("suite")

ROOT = Path(__file__).parents[1]


def pytest_collection_modifyitems(items):
    """The slow files first: where several processes share them out, none is left with one at the end."""
    items.sort(key=lambda item: "pipelines" not in item.path.parts[-2:])


def copy_project(root: Path, *, profile: str = "", notebooks: bool = False) -> Path:
    """A project root with the shipped study and its extracts; all populations under `profile` where one is named."""
    study = root / "pipelines" / "studies" / "south-glos"
    study.mkdir(parents=True)
    for file in (ROOT / "pipelines" / "studies" / "south-glos").glob("*.*"):
        if file.suffix in (".toml", ".md"):
            shutil.copy(file, study)
    if profile:
        text = (study / "study.toml").read_text("utf-8")
        (study / "study.toml").write_text(text.replace('profile = "none"', f'profile = "{profile}"'), "utf-8")
    shutil.copytree(ROOT / "data_raw" / "south-glos", root / "data_raw" / "south-glos")
    if notebooks:
        shutil.copytree(ROOT / "notebooks", root / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return root


@pytest.fixture(scope="module")
def make_project(tmp_path_factory):
    """Makes a copied project that lasts for the module, and names it as the root while the module runs."""
    before = os.environ.get("SERVICE_EVALUATION_ROOT")

    def make(**how) -> Path:
        root = copy_project(tmp_path_factory.mktemp("project"), **how)
        os.environ["SERVICE_EVALUATION_ROOT"] = str(root)
        return root

    yield make
    os.environ.pop("SERVICE_EVALUATION_ROOT", None)
    if before is not None:
        os.environ["SERVICE_EVALUATION_ROOT"] = before


@pytest.fixture(scope="session")
def template():
    """The address of a template that lasts for the session, so that not every run imports the libraries anew."""
    from pipelines import forking

    one = None if forking.why_not() else forking.Template()
    yield one.address if one else ""
    if one:
        one.close()


@pytest.fixture(scope="module")
def checks_here(template):
    """
    A run checks extracts in this process, and forks its kernels from the template of the session.

    In processes of their own great-expectations, and the libraries of the pages, would be imported anew each time.
    """
    import great_expectations  # noqa: F401

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.executors.aside", lambda function, *arguments, **_: function(*arguments))
        patch.setenv("SERVICE_EVALUATION_TEMPLATE", template)
        yield


@pytest.fixture
def a_project(tmp_path, monkeypatch):
    """A copied project for one test, named as the root."""
    monkeypatch.setenv("SERVICE_EVALUATION_ROOT", str(tmp_path))
    return copy_project(tmp_path)


@pytest.fixture
def forking_kernels(monkeypatch):
    """Kernels of this process are forked from a template of its own, as where make has switched it on."""
    from jupyter_client.provisioning import KernelProvisionerFactory

    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", "forking")
    for name in ("SERVICE_EVALUATION_TEMPLATE", "SERVICE_EVALUATION_STOCK_KERNELS"):
        monkeypatch.delenv(name, raising=False)
    KernelProvisionerFactory.clear_instance()  # it has read the variable once
    yield
    KernelProvisionerFactory.clear_instance()
