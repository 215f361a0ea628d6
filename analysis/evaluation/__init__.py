"""The study and its canonical tables in; each measure, called with the settings of the definition, out."""

from analysis.evaluation.cost import Cost
from analysis.evaluation.matrix import Matrix
from analysis.evaluation.quality import Quality
from analysis.evaluation.quotations import Quoting
from analysis.evaluation.record import Record
from analysis.evaluation.together import Together


class Evaluation(Quality, Cost, Quoting, Together, Matrix, Record):
    """
    What one study asks of the measures.

    Each method is one measure with the definition's settings filled in, so that two pages that show the same number
    have computed it the same way. A room a subject: a new measure's method goes into the one whose page shows it. A
    room that asks another for its measures stands upon it: Together upon Reach, People, Activity, Doses and Interviews.
    """
