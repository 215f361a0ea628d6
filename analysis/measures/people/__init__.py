"""Who was reached, who took part, who they were, and what befell them."""
