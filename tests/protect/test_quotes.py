"""Quotations: words that a person signed, with consent, to the letter; no more about the speaker than is safe."""

import datetime
from dataclasses import replace

import pandas as pd
import pytest

from analysis.evaluation.quotations import Candidates, QuoteRule
from analysis.interviews.quotations import Redaction, Signed, fingerprint
from analysis.measures.cells import Cells
from analysis.measures.summary import About
from analysis.present import quotations, table
from analysis.protect.gate import unbound
from analysis.protect.profile import Profiles, profile
from analysis.protect.quotes import Quotations, ages, attribution, quoted
from analysis.protect.released import release

TEXT = {"I1": "It was good to be heard. My GP, Dr Smith, said so too.", "I2": "Nobody asked me.", "I3": "It is late."}
INTERVIEWS = pd.DataFrame(
    [("I1", "P01", "service user", "female", "50s", "north", "yes"),
     ("I2", "P02", "service user", "male", "50s", "north", "no"),
     ("I3", "S01", "service provider", "male", "40s", "north", "yes")],
    columns=["interview_id", "participant_id", "group", "sex", "age_band", "practice", "quotable"],
).assign(date=pd.Timestamp("2018-05-01"))
# Six women of whom four are in their fifties, and a man; all of one practice but one woman.
PEOPLE = pd.DataFrame({"sex": ["female"] * 6 + ["male"], "birth_year": [1960, 1961, 1962, 1963, 1980, 1990, 1960],
                       "practice": ["north"] * 5 + ["south", "north"]})


def signed(interview="I1", start=0, end=24, code="heard", **more) -> Signed:
    one = Signed(interview, code, start, end, "", "R1", datetime.date(2018, 7, 2), "no", where="quotes.toml, line 1")
    one = replace(one, **more)
    return replace(one, text_sha256=more.get("text_sha256") or fingerprint(one.words(TEXT.get(interview, ""))))


def candidates(*sign_offs: Signed, k=4, most=3, interviews=INTERVIEWS, by="", sites=None, names=()) -> Candidates:
    rule = QuoteRule(k, most, {"service user": ("sex", "age_band")})
    return Candidates(sign_offs, interviews, TEXT, (("I1", "heard", TEXT["I1"][:24]), ("I3", "late", "It is late.")),
                      PEOPLE, {"talk": "Talk", "heard": "Being heard", "late": "Too late"},
                      {"talk": "talk", "heard": "talk", "late": "talk"}, rule, by, sites or {}, names)


def words(*sign_offs: Signed, **how) -> list[str]:
    return [one.words for one in quoted(candidates(*sign_offs, **how)).shown]


def why(*sign_offs: Signed, **how) -> list[str]:
    return [one.why for one in quoted(candidates(*sign_offs, **how)).withheld]


# ------------------------------------------------------------------------------------------------ which words

def test_a_signed_quotation_is_shown_as_it_stands_in_the_transcript():
    assert words(signed()) == ["It was good to be heard."]


def test_what_is_redacted_stands_in_brackets_and_what_stood_there_is_gone():
    one = signed(start=25, end=54, redactions=(Redaction(32, 40, "[name]"),))
    assert words(one) == ["My GP, [name], said so too."]


@pytest.mark.parametrize(("one", "reason"), [
    (signed("I9"), "its interview is not one that may be used: withdrawn, withheld, or not delivered"),
    (signed("I2", 0, 16), "there is no consent to quotation"),
    (signed(recognisable="yes"), "a colleague or a GP would know the speaker by what is said"),
    (signed(code="herd"), "the codebook has no code 'herd'"),
    (signed(end=400), "it ends after the transcript does"),
    (signed(text_sha256="0" * 64), "the words at its place are not those that were signed: sign it off again")])
def test_what_may_not_be_shown_is_withheld_with_the_reason(one, reason):
    assert (words(one), why(one)) == ([], [reason])


def test_without_a_record_of_consent_nothing_is_quoted():
    assert words(signed(), interviews=INTERVIEWS.assign(quotable=None)) == []


def test_without_its_transcript_a_quotation_cannot_be_held_against_it():
    found = quoted(replace(candidates(signed()), transcripts={}))
    assert found.withheld[0].why.startswith("the coded project does not hold the transcript")


@pytest.mark.parametrize("said", ["ring me on 07700 900123", "my number is 943 476 5919", "at a.b@example.org",
                                  "I live at BS32 4QQ", "I went to Hill Surgery", "like p02 did"])
def test_what_tells_of_a_person_must_be_redacted_first(said):
    text = {"I1": said}
    one = replace(signed(), start=0, end=len(said), text_sha256=fingerprint(said))
    found = quoted(replace(candidates(one, names=("Hill Surgery", "P02")), transcripts=text))
    assert found.shown == () and found.withheld[0].why.endswith("redact it")


def test_nobody_is_quoted_more_often_than_the_study_allows():
    three = [signed(end=end) for end in (24, 21, 11)]
    assert (words(*three, most=2), why(*three, most=2)) == (
        ["It was good to be heard.", "It was good to be hea"], ["more than 2 quotations of one participant"])


def test_quotations_stand_in_the_order_of_the_codebook():
    assert words(signed("I3", 0, 11, "late"), signed()) == ["It was good to be heard.", "It is late."]


def test_in_a_site_s_report_no_staff_is_quoted_for_it_would_say_where_they_work():
    found = quoted(candidates(signed("I3", 0, 11, "late"), signed()), of_site=True)
    assert ([one.participant for one in found.shown], found.withheld) == (["P01"], ())


def test_in_a_site_s_report_the_others_quotations_are_no_part_of_it():
    found = quoted(candidates(signed("I9")), of_site=True)
    assert (found.shown, found.withheld) == ((), ())


# ------------------------------------------------------------------------------------------------ who said it

@pytest.mark.parametrize(("interview", "k", "stands"), [
    ("I1", 4, "P01, service user, female, 50s"),    # four women of the service were in their fifties
    ("I1", 5, "P01, service user, female"),         # six women
    ("I1", 7, "P01, service user"),                 # seven people
    ("I2", 2, "P02, service user"),                 # there is one man
    ("I3", 99, "S01, service provider")])           # staff: the group and nothing else, whatever is known
def test_an_attribution_says_no_more_than_fits_enough_people_of_the_service(interview, k, stands):
    who = INTERVIEWS.set_index("interview_id", drop=False).loc[interview]
    assert attribution(who, candidates(k=k)) == (stands, "")


def test_where_too_few_fit_even_the_group_the_quotation_is_withheld():
    assert why(signed(), k=8) == ["fewer than 8 people of the service fit even the group"]


def test_where_sites_have_reports_the_people_who_must_fit_are_those_of_the_site():
    """The site's report says where everybody in it is from; five people of the north are women, one from the south."""
    who = INTERVIEWS.iloc[0]
    assert attribution(who, candidates(k=6))[0] == "P01, service user, female"
    assert attribution(who, candidates(k=6, by="practice", sites={"north": "North"}))[0] == "P01, service user"


@pytest.mark.parametrize(("band", "years"), [("50s", (50, 59)), ("18 to 39", (18, 39)), ("18-39", (18, 39)),
                                             ("80+", (80, 200)), ("80 and over", (80, 200)), ("older", (1, 0))])
def test_a_band_of_ages_is_read_and_one_that_is_none_fits_nobody(band, years):
    assert ages(band) == years


# ------------------------------------------------------------------------------------------------ on a page

def test_passages_that_nobody_signed_are_shown_in_drafts_only():
    assert [one.signed for one in quoted(candidates(), working=True).shown] == [False, False]
    assert quoted(candidates()).shown == ()


def test_quotations_are_made_by_the_door_and_by_nothing_else():
    with pytest.raises(TypeError, match="and by nothing else"):
        Quotations((), (), {}, {}, "")
    with pytest.raises(TypeError, match="are what page.quote"):
        quotations(candidates())


def cleared(found: Quotations) -> dict:
    return {one.id: {"words": one.words, "attribution": one.attribution} for one in found.shown}


def test_the_gate_lets_words_pass_that_were_cleared_and_numbers_in_them():
    found = quoted(candidates(signed("I3", 0, 11, "late"), signed()))
    assert unbound(quotations(found).content, {}, cleared(found)) == []


@pytest.mark.parametrize(("old", "new", "problem"), [
    ("good to be", "bad to be", "shows quotation {id} otherwise than it was cleared"),
    ("service user, female, 50s", "Mrs Smith", "shows quotation {id} otherwise than it was cleared"),
    ('data-quote="{id}"', 'data-quote="x"', "quotes words that nobody cleared"),
    (' data-quote="{id}"', "", "quotes words that nobody cleared")])
def test_the_gate_refuses_words_that_nobody_cleared(old, new, problem):
    found = quoted(candidates(signed()))
    identity = found.shown[0].id
    html = quotations(found).content
    assert old.format(id=identity) in html
    assert unbound(html.replace(old.format(id=identity), new), {}, cleared(found)) == [problem.format(id=identity)]


def test_a_transcript_s_markup_is_text_on_the_page():
    text = {"I1": "<script>x</script>"}
    one = replace(signed(), start=0, end=18, text_sha256=fingerprint(text["I1"]))
    assert "<script>" not in quotations(quoted(replace(candidates(one), transcripts=text))).content


def counts():
    cells = Cells("themes")
    base = cells.count(7, "interviews", population="service users interviewed", unit="interviews")
    n = cells.count(3, "interviews", population="service users interviewed", unit="interviews", theme="talk",
                    code="heard")
    cells.row("Interviews", {"Service users: interviews": ("{interviews}", {"interviews": base})})
    cells.row("Being heard", {"Service users: interviews": ("{interviews}", {"interviews": n})})
    return release(cells.summary("Themes", About("people", "interviews")), Profiles({"interviewed": profile("none")}))


def test_each_quotation_stands_beside_its_count_and_the_count_leads_to_it():
    found = quoted(candidates(signed()), beside=counts())
    assert repr(quotations(found)).splitlines()[:3] == [
        "Talk: Being heard", "Interviews that mention it: service users 3 of 7.",
        "“It was good to be heard.” (P01, service user, female, 50s)"]
    assert f'href="#quote-{found.shown[0].id}">P01</a>' in table(counts(), quoted=found).content
    assert f'id="quote-{found.shown[0].id}"' in quotations(found).content


def test_in_drafts_every_count_that_has_passages_leads_to_all_of_them():
    found = quoted(candidates(), beside=counts(), working=True)
    assert 'href="#said-heard">all passages</a>' in table(counts(), quoted=found).content
    assert 'id="said-heard"' in quotations(found).content
    assert "all passages" not in table(counts(), quoted=quoted(candidates(signed()), beside=counts())).content


def test_a_table_of_which_nothing_is_quoted_has_no_column_for_it():
    assert table(counts(), quoted=quoted(candidates())).content == table(counts()).content
