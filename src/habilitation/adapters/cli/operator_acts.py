"""The operator's acts as commands: one line for each, read from the request that its use case takes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any, get_type_hints

from attrs import Attribute, fields, frozen

from habilitation.use_cases import (
    agreements,
    cataloging,
    erasing,
    groups,
    issuing,
    opening,
    overseeing,
    seat,
    suspending,
    unlocking,
)
from habilitation.use_cases.witnessing import code_of

_FOR_PROGRAMS = re.compile(r" \((?:[RI]\d[^)]*|None)\)|``")


@frozen
class OperatorAct:
    """An act that the command line offers."""

    use_case: type[Any]
    named: tuple[str, ...] = ()
    """The fields of the request that stand on the line itself; the others are options."""
    final: bool = False
    """Whether nothing undoes it: then it is asked for twice."""

    @property
    def attribute(self) -> str:
        """What the use case is on ``Habilitation``."""
        return code_of(self.use_case).replace("-", "_")

    @property
    def request(self) -> type[Any]:
        asked: type[Any] = get_type_hints(self.use_case.__call__)["asked"]
        return asked

    @property
    def help(self) -> str:
        """What the request says is asked, without numbers of rules and Python."""
        return _FOR_PROGRAMS.sub("", inspect.getdoc(self.request) or "")

    @property
    def fields(self) -> Mapping[str, tuple[Attribute[Any], Any]]:
        """The fields of the request, each with its type."""
        hints = get_type_hints(self.request)
        return {field.name: (field, hints[field.name]) for field in fields(self.request)}


THE_ORGANIZATION, THE_AGREEMENT, ITS_GROUP = ("organization",), ("agreement",), ("agreement", "group")
THE_CODE, THE_USER = ("code",), ("user",)

ACTS: Mapping[str, Mapping[str, OperatorAct]] = {
    "organization": {
        "open": OperatorAct(opening.OpenOrganization, ("siret",)),
        "change-siret": OperatorAct(overseeing.ChangeSiret, THE_ORGANIZATION),
        "change-contact": OperatorAct(overseeing.ChangeContact, THE_ORGANIZATION),
        "suspend": OperatorAct(overseeing.SuspendOrganization, THE_ORGANIZATION),
        "resume": OperatorAct(overseeing.ResumeOrganization, THE_ORGANIZATION),
        "take-back": OperatorAct(overseeing.TakeBackControl, THE_ORGANIZATION),
        "return": OperatorAct(overseeing.ReturnControl, THE_ORGANIZATION),
        "reissue": OperatorAct(opening.ReissueCredentials, THE_ORGANIZATION),
        "force-passwords": OperatorAct(issuing.ForceAllPasswordChanges, THE_ORGANIZATION, final=True),
        "vacate": OperatorAct(seat.DeclareVacancy, THE_ORGANIZATION),
        "replace-administrator": OperatorAct(seat.ReplaceAdministrator, ("organization", "incoming")),
        "close": OperatorAct(overseeing.CloseOrganization, THE_ORGANIZATION, final=True),
    },
    "agreement": {
        "open": OperatorAct(opening.OpenAgreement, ("reference",)),
        "validate": OperatorAct(opening.ValidateAgreement, THE_AGREEMENT),
        "change-period": OperatorAct(agreements.ChangeAgreementPeriod, THE_AGREEMENT),
        "suspend": OperatorAct(agreements.SuspendAgreement, THE_AGREEMENT),
        "resume": OperatorAct(agreements.ResumeAgreement, THE_AGREEMENT),
        "open-group": OperatorAct(opening.OpenGroup, ITS_GROUP),
        "suspend-group": OperatorAct(agreements.SuspendGroup, ITS_GROUP),
        "resume-group": OperatorAct(agreements.ResumeGroup, ITS_GROUP),
        "withdraw-group": OperatorAct(agreements.WithdrawGroup, ITS_GROUP),
        "end": OperatorAct(agreements.EndAgreement, THE_AGREEMENT, final=True),
    },
    "catalog": {
        "define-service": OperatorAct(cataloging.DefineService, THE_CODE),
        "define-group": OperatorAct(cataloging.DefineGroup, THE_CODE),
        "change-group": OperatorAct(cataloging.ChangeGroup, THE_CODE),
        "retire-group": OperatorAct(cataloging.RetireGroup, THE_CODE, final=True),
    },
    "user": {
        "suspend": OperatorAct(suspending.SuspendUser, THE_USER),
        "reinstate": OperatorAct(suspending.ReinstateUser, THE_USER),
        "resend": OperatorAct(issuing.ResendCredentials, THE_USER),
        "force-password": OperatorAct(issuing.ForcePasswordChange, THE_USER),
        "unlock": OperatorAct(unlocking.Unlock, THE_USER),
        "assign-role": OperatorAct(groups.AssignRole, THE_USER),
        "refuse-role": OperatorAct(groups.RefuseRole, THE_USER),
        "erase": OperatorAct(erasing.ErasePerson, THE_USER, final=True),
    },
    "": {
        "erase-due": OperatorAct(erasing.EraseDue, final=True),
    },
}
"""By group of commands, and by name in it; what is in no group stands beside ``users`` and ``history``."""
