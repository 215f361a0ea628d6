"""What people see: Released in; tables, figures and sentences out."""

from analysis.present.figures import bars, spreads
from analysis.present.flow import flow_diagram
from analysis.present.quotations import quotations
from analysis.present.sentences import sentence
from analysis.present.tables import table

__all__ = ["bars", "flow_diagram", "quotations", "sentence", "spreads", "table"]
