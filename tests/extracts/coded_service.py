"""A service of which only coded interviews are delivered: its definition."""


def coded(**said: object) -> str:
    """The definition, with further keys under [interviews]."""
    more = "".join(f"{key} = {value}\n" for key, value in said.items())
    return f"""\
title    = "A small service"
period   = {{ from = 2017-01-01, to = 2017-12-31 }}
data_cut = {{ records = 2017-12-31 }}
pages    = []
extracts = {{}}

[disclosure]
enrolled = "none"

[interviews]
project = "coded.qdpx"
coding  = "codebook"
{more}"""
