"""A code list is read by the columns that such lists have; what it lacks is told."""

import pytest

from analysis.errors import Mistake
from analysis.reference.codes import product_names


@pytest.mark.parametrize("text", ["code,term\n1,MST Continus 30mg tablets\n",
                                  "dmd_type,dmd_id,term,bnf_code\nAMP,1,MST Continus 30mg tablets,0407020Q0\n"])
def test_codes_have_the_names_of_the_list(tmp_path, text):
    (tmp_path / "opioids.csv").write_text(text)
    assert product_names(tmp_path / "opioids.csv") == {"1": "MST Continus 30mg tablets"}


@pytest.mark.parametrize("text, says", [
    ("code,what\n1,x\n", "the list has no column of names: code, what"),
    ("", "the list has no column of codes: it is empty"),
    ("code,term\n1,x\n1,y\n", "one code has two names"),
])
def test_a_list_that_does_not_fit_is_a_mistake(tmp_path, text, says):
    (tmp_path / "opioids.csv").write_text(text)
    with pytest.raises(Mistake, match=says):
        product_names(tmp_path / "opioids.csv")


def test_a_list_that_is_not_there_is_a_mistake(tmp_path):
    with pytest.raises(Mistake, match="there is no opioids.csv"):
        product_names(tmp_path / "opioids.csv")
