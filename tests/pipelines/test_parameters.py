"""Parameters of a notebook: declared in one typed cell, checked before any kernel starts."""

import json

import pytest

from analysis.errors import Mistake
from pipelines.parameters import checked, declared, from_words, read_notebook

PAGE = 'study: str = "a-study"\nweeks: int = 26\nlimit: float = 0.5\nnegative: int = -1\nshown: bool = True\n'


def notebook(source: str, *more: str) -> dict:
    """A notebook with one cell for each source, all tagged as parameters, and one that is not."""
    cells = [{"source": s.splitlines(keepends=True), "metadata": {"tags": ["parameters"]}} for s in (source, *more)]
    return {"cells": [{"source": "words", "metadata": {}}, *cells]}


def refused(function, *arguments) -> str:
    with pytest.raises(Mistake) as mistake:
        function(*arguments)
    assert mistake.value.exit_code == 2
    return str(mistake.value)


def test_a_notebook_declares_its_parameters_with_type_and_default():
    assert declared(notebook(PAGE), "page.ipynb") == {
        "study": ("str", "a-study"), "weeks": ("int", 26), "limit": ("float", 0.5), "negative": ("int", -1),
        "shown": ("bool", True)}


@pytest.mark.parametrize("source, message", [
    ("weeks = 26",
     "page.ipynb, the parameters cell: 'weeks = 26' is no parameter\n  -> one a line, typed: study: str = \"a-study\""),
    ("weeks: int",
     "page.ipynb, the parameters cell: 'weeks: int' is no parameter\n  -> one a line, typed: study: str = \"a-study\""),
    ("weeks: list = []",
     "page.ipynb, the parameters cell: 'weeks: list = []' is no parameter\n"
     "  -> one a line, typed: study: str = \"a-study\""),
    ("weeks: int = 20 + 6",
     "page.ipynb, the parameters cell: 'weeks: int = 20 + 6' is no parameter\n"
     "  -> one a line, typed: study: str = \"a-study\""),
    ("weeks: int = -n",
     "page.ipynb, the parameters cell: 'weeks: int = -n' is no parameter\n"
     "  -> one a line, typed: study: str = \"a-study\""),
    ("weeks: int = -'a'",
     "page.ipynb, the parameters cell: 'weeks: int = -'a'' is no parameter\n"
     "  -> one a line, typed: study: str = \"a-study\""),
    ("import os",
     "page.ipynb, the parameters cell: 'import os' is no parameter\n  -> one a line, typed: study: str = \"a-study\""),
    ("weeks: int =",
     "page.ipynb, the parameters cell: line 1 is no Python: invalid syntax\n"
     "  -> one a line, typed: study: str = \"a-study\""),
    ('weeks: int = "26"', "page.ipynb, the parameters cell: parameter 'weeks' is '26', a str\n  -> it must be int"),
    ("shown: bool = 1", "page.ipynb, the parameters cell: parameter 'shown' is 1, a int\n  -> it must be bool"),
])
def test_a_declaration_that_papermill_could_misread_is_refused(source, message):
    assert refused(declared, notebook(source), "page.ipynb") == message


def test_a_page_has_exactly_one_cell_of_parameters():
    assert refused(declared, {"cells": []}, "page.ipynb") == (
        "page.ipynb: 0 cells are tagged 'parameters'\n  -> a page has exactly one")
    assert refused(declared, notebook(PAGE, PAGE), "page.ipynb") == (
        "page.ipynb: 2 cells are tagged 'parameters'\n  -> a page has exactly one")


def test_what_is_asked_for_is_passed_on_as_it_is():
    assert checked(notebook(PAGE), {"study": "007", "weeks": 12}, "page.ipynb") == {"study": "007", "weeks": 12}


@pytest.mark.parametrize("asked, message", [
    ({"week": 26}, "page.ipynb: the notebook has no parameter 'week'\n  -> did you mean 'weeks'?"),
    ({"xyz": 26}, "page.ipynb: the notebook has no parameter 'xyz'\n  -> it has: study, weeks, limit, negative, shown"),
    ({"weeks": "26"}, "page.ipynb: parameter 'weeks' is '26', a str\n  -> it must be int"),
    ({"weeks": True}, "page.ipynb: parameter 'weeks' is True, a bool\n  -> it must be int"),
])
def test_an_unknown_parameter_or_one_of_another_type_is_refused(asked, message):
    assert refused(checked, notebook(PAGE), asked, "page.ipynb") == message


def test_words_become_the_type_that_the_notebook_declares():
    words = {"study": "007", "weeks": "12", "limit": "1", "negative": "-3", "shown": "False"}
    assert from_words(notebook(PAGE), words, "page.ipynb") == {
        "study": "007", "weeks": 12, "limit": 1.0, "negative": -3, "shown": False}


@pytest.mark.parametrize("words, message", [
    ({"weeks": "many"}, "page.ipynb: parameter 'weeks' is 'many'\n  -> it must be int"),
    ({"weeks": "1.5"}, "page.ipynb: parameter 'weeks' is '1.5'\n  -> it must be int"),
    ({"shown": "yes"}, "page.ipynb: parameter 'shown' is 'yes'\n  -> it must be bool: true or false"),
    ({"week": "26"}, "page.ipynb: the notebook has no parameter 'week'\n  -> did you mean 'weeks'?"),
])
def test_words_that_are_not_of_the_type_are_refused(words, message):
    assert refused(from_words, notebook(PAGE), words, "page.ipynb") == message


def test_a_page_that_is_not_there_is_named_with_the_pages_that_are(tmp_path):
    (tmp_path / "00_summary.ipynb").write_text(json.dumps(notebook(PAGE)))
    assert read_notebook(tmp_path / "00_summary.ipynb") == notebook(PAGE)
    assert refused(read_notebook, tmp_path / "00_sumary.ipynb") == (
        "there is no page '00_sumary'\n  -> did you mean '00_summary'? notebooks/ has: 00_summary")
    assert refused(read_notebook, tmp_path / "zzz.ipynb") == "there is no page 'zzz'\n  -> notebooks/ has: 00_summary"


@pytest.mark.parametrize("text, why",
                         [("{half", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
                                       ("[]", "it has no cells"), ('{"nbformat": 4}', "it has no cells")])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, text, why):
    (tmp_path / "page.ipynb").write_text(text)
    assert refused(read_notebook, tmp_path / "page.ipynb") == (
        f"page.ipynb: this is no notebook: {why}\n  -> save it again from JupyterLab")
