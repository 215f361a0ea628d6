"""Who may be counted: decisions, withdrawals and opt-outs in; what leaves before anything is checked, out."""
