"""What ``instance.toml`` and the proposals say beside the tables: access, modes, operating, policy, sources."""

from panhuo.instance.policy.rules import (
    DEFAULT_STAGES,
    Access,
    Complex,
    Driving,
    Floor,
    InKind,
    Mode,
    Operating,
    People,
    Pin,
    Policy,
    Quota,
    Stage,
)
from panhuo.instance.policy.settings import Proposal, Settings
from panhuo.instance.policy.sources import Condition, TableNote

__all__ = [
    "DEFAULT_STAGES",
    "Access",
    "Complex",
    "Condition",
    "Driving",
    "Floor",
    "InKind",
    "Mode",
    "Operating",
    "People",
    "Pin",
    "Policy",
    "Proposal",
    "Quota",
    "Settings",
    "Stage",
    "TableNote",
]
