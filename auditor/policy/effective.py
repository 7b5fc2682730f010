"""The rules in effect: the shipped ones with the severities and switches of the policy file."""

from __future__ import annotations

from msgspec.structs import replace

from auditor.errors import PolicyError
from auditor.model.policy import Policy
from auditor.model.rules import Rule, RuleSet


def effective_rules(shipped: RuleSet, policy: Policy) -> RuleSet:
    """Severities, mandatory marks and on/off as the policy wants; PolicyError for a mandatory rule put off."""
    severities = dict(policy.severities)
    rules = tuple(_effective(rule, severities, policy) for rule in shipped.rules)
    refused = [rule.code for rule in rules if rule.mandatory and not rule.on]
    if refused:
        raise PolicyError(
            "The policy file switches off rules that are mandatory.",
            details=tuple(f"{policy.source}: rules.disable: {code} is mandatory" for code in refused),
            hint="Take them out of [rules] disable.",
        )
    return replace(shipped, rules=rules)


def _effective(rule: Rule, severities: dict[str, str], policy: Policy) -> Rule:
    return replace(
        rule,
        severity=severities.get(rule.code, rule.severity),
        mandatory=rule.mandatory or rule.code in policy.mandatory,
        on=(rule.on or rule.code in policy.enabled) and rule.code not in policy.disabled,
    )
