"""What people see: Released in; tables, figures and sentences out."""

from analysis.present.change_spread import spread_of_change
from analysis.present.changes import forest, means_on_scales
from analysis.present.combinations import combinations
from analysis.present.curves import curve, trend
from analysis.present.dumbbells import dumbbells
from analysis.present.figures import bars, spreads
from analysis.present.flow import flow_diagram
from analysis.present.heat import heat_map
from analysis.present.joint import joint
from analysis.present.matrices import pairs_map
from analysis.present.movement import alluvial
from analysis.present.over_time import over_time
from analysis.present.patterns import answered
from analysis.present.quotations import quotations
from analysis.present.saturation import saturation_curve
from analysis.present.sentences import middle, of_whom, scores_compared, sentence, themes_mentioned
from analysis.present.tables import table
from analysis.present.trees import code_tree

__all__ = ["alluvial", "answered", "bars", "code_tree", "combinations", "curve", "dumbbells", "flow_diagram",
           "forest", "heat_map", "joint", "means_on_scales", "middle", "of_whom", "over_time", "pairs_map",
           "quotations", "saturation_curve", "scores_compared", "sentence", "spread_of_change", "spreads",
           "table", "themes_mentioned", "trend"]
