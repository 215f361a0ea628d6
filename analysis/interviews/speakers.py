"""A Project in; out without the codings by which QualCoder marks who speaks, which are no coding of what is said."""

from __future__ import annotations

from dataclasses import replace

from analysis.interviews.codings import Project

# QualCoder 4.0, Mark speakers: a coding of each turn by a coder of its own, with a code for each speaker in a category
# '📌 Speakers', whose word is in the language of the program (speakers.py: speaker_coder_name, speakers_category_name).
CODER, CATEGORY = "\N{PUSHPIN} Speaker coding", "\N{PUSHPIN} "
LOSS = "turn of a speaker, which QualCoder marks as if it were a coding"


def without_speakers(project: Project) -> Project:
    """
    The project with the turns of speakers as a loss with a name.

    The codes of speakers, which are names of people, leave it too, unless somebody else has coded with them.
    """
    turns = [coding for coding in project.codings if coding.coder == CODER]
    kept = tuple(coding for coding in project.codings if coding.coder != CODER)
    parents = {code.id: code.parent for code in project.codes}
    marks = {code.id for code in project.codes if not code.codable and code.name.startswith(CATEGORY)}
    used, spoken = {coding.code for coding in kept}, {coding.code for coding in turns}
    gone = {code.id for code in project.codes if code.id not in used
            and (code.id in spoken or marks & {code.id, *_above(code.id, parents)})}
    gone -= {above for code in project.codes if code.id not in gone for above in _above(code.id, parents)}
    if not turns and not gone:
        return project
    return replace(project, codings=kept, codes=tuple(code for code in project.codes if code.id not in gone),
                   notes=tuple(note for note in project.notes if note.kind != "code" or note.about not in gone),
                   losses=project.losses + (((LOSS, len(turns)),) if turns else ()))


def _above(code: str, parents: dict[str, str]) -> list[str]:
    above: list[str] = []
    while (code := parents.get(code, "")) and code not in above:
        above.append(code)
    return above
