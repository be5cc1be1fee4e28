"""The numbers by which a vault names things: types of their own, so that none passes for another.

Rule: a number is made by the vault's database, or read once from an address or a command line; nothing calculates one.
"""

from typing import Final, NewType

CaseNumber = NewType("CaseNumber", int)  # from 1
ProposalNumber = NewType("ProposalNumber", int)  # of an act that waits for a second officer, from 1

NO_CASE_NUMBER: Final = CaseNumber(0)  # of a line or an act that is about no case
