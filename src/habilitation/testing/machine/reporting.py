"""How much a run did: accepted acts by role and by act, refusals by code; and what it did not do enough of."""

from __future__ import annotations

from collections import Counter

from habilitation.testing.machine.bench import Bench

ROLE_FLOOR = {"operator": 0.1, "administrator": 0.1, "manager": 0.1}
"""The least share of the accepted acts that each role must have."""
A_LONG_RUN = 2000
"""So many accepted acts must have been of all sorts."""
ACTS = (
    *("define_service", "define_group", "open_organization", "reissue_credentials", "open_agreement"),
    *("validate_agreement", "open_group", "assign_role", "refuse_role", "replace_administrator", "declare_vacancy"),
    *("sign_in", "claim_administrator", "choose_password", "sign_out"),
    *("create_user", "modify_user", "close_user", "reopen_user", "remove_user"),
    *("add_to_group", "change_membership", "remove_from_group", "generalize_to_all"),
    *("delegate_manager", "revoke_manager", "suspend_user", "reinstate_user", "erase_person", "unlock"),
    "erase_due",
    *("resend_credentials", "force_password_change", "force_all_password_changes", "change_own_details"),
    *("change_email", "confirm_email", "object_to_email", "effect_email"),
    *("change_own_password", "forgot_password", "forgot_login", "choose_password_by_link"),
    *("activate", "sign_in_externally", "link_identity", "unlink_identity"),
    *("suspend_organization", "resume_organization", "take_back_control", "return_control", "close_organization"),
    *("change_siret", "change_contact", "change_agreement_period"),
    *("suspend_agreement", "resume_agreement", "end_agreement"),
    *("suspend_group", "resume_group", "withdraw_group", "change_group", "retire_group"),
)
ACTS_OF = {
    "manager": (
        *("create_user", "modify_user", "close_user", "add_to_group", "change_membership", "remove_from_group"),
        "change_email",
    ),
    "user": ("change_email",),
    "administrator": ("change_email",),
}
"""What is those roles' own, be it only to do it to themselves."""


def report(machine: type[Bench]) -> str:
    """Three lines: by role, by act, by refusal."""
    accepted, refused = machine.accepted, machine.refused
    by_role, by_act = _sums(accepted, 0), _sums(accepted, 1)
    return "\n".join(
        (
            f"{machine.__name__}: {accepted.total()} accepted, {refused.total()} refused",
            f"  by role: {_listed(by_role)}",
            f"  by act: {_listed(by_act)}",
            f"  refusals: {_listed(_sums(refused, 1))}",
        )
    )


def shortfalls(machine: type[Bench]) -> list[str]:
    """What was not accepted often enough: roles by their share; in a long run, each act, and by whom."""
    accepted = machine.accepted
    total, by_role, by_act = accepted.total(), _sums(accepted, 0), _sums(accepted, 1)
    return [
        *(f"{role}: {by_role[role]} of {total}" for role, floor in ROLE_FLOOR.items() if by_role[role] < floor * total),
        *(f"{act} was never accepted" for act in ACTS if total > A_LONG_RUN and not by_act[act]),
        *(
            f"no {role}'s {act} was"
            for role, acts in ACTS_OF.items()
            for act in acts
            if total > A_LONG_RUN and not accepted[role, act]
        ),
    ]


def _sums(counted: Counter[tuple[str, str]], part: int) -> Counter[str]:
    sums: Counter[str] = Counter()
    for key, count in counted.items():
        sums[key[part]] += count
    return sums


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counted.most_common())
