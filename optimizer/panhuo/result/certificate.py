"""certificate.npz: the prices and clusters that bounds come from, in arrays that name their rows."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from panhuo.assemble.siting import Assembled
from panhuo.engine.certificate import Proof
from panhuo.engine.program import Outcome
from panhuo_models.data import SitingData

FILE = "certificate.npz"
Arrays = Mapping[str, NDArray[Any]]
_DATE = (1980, 1, 1, 0, 0, 0)


def certificate(assembled: Assembled, outcome: Outcome | None) -> Arrays | None:
    """Lay out what a solve proves by prices; ``None`` where it proves nothing that way."""
    if outcome is None or all(stage.proof is None for stage in outcome.stages):
        return None
    data, reached, cells = assembled.data, assembled.reached, assembled.cells
    found: dict[str, NDArray[Any]] = {
        "stages": np.array([stage.name for stage in outcome.stages]),
        "sites": np.array(data.sites),
        "tallies": np.stack([data.tallies.service, data.tallies.circle], axis=1).astype(np.int32),
        "reach_demand": reached.demand,
        "reach_profile": reached.profile,
        "reach_service": reached.service,
        "flow_demand": cells.demand.astype(np.int32),
        "flow_profile": cells.profile.astype(np.int32),
        "flow_service": cells.service.astype(np.int32),
        "flow_tier": cells.tier.astype(np.int32),
    }
    for s, stage in enumerate(outcome.stages):
        proof = stage.proof
        if proof is None:
            continue
        rows = _prices(data, proof)
        if proof.parts is not None and proof.across is not None:
            charged = proof.parts.charged
            rows |= {
                "cluster": proof.parts.cluster.astype(np.int32),
                "cluster_bounds": proof.parts.bounds,
                "cluster_values": proof.parts.values,
                "constant": np.array(proof.parts.constant),
                "charged_start": charged.start.astype(np.int32),
                "charged_column": charged.column.astype(np.int32),
                "charged_value": charged.value,
                "charged_upper": charged.upper,
                "charged": charged.price,
            }
            rows |= {f"across_{name}": array for name, array in _prices(data, proof.across).items()}
        found |= {f"stage{s}_{name}": array for name, array in rows.items()}
    return found


def _prices(data: SitingData, proof: Proof) -> dict[str, NDArray[Any]]:
    """Lay out the prices of rows."""
    return {
        "rows": np.array(proof.names, dtype=np.str_),
        "prices": proof.planning,
        "reach": proof.reach,
        "flow": proof.flow,
        "serving_rows": _pairs(data.outlets.names, proof.outlet, data.tiers, proof.tier),
        "serving": proof.serving,
        "fair_rows": np.stack([proof.needy, proof.other], axis=1).astype(np.int32),
        "fair": proof.fair,
        "counting": proof.counting,
        "least": proof.least,
        "kept": proof.kept,
    }


def _pairs(outlets: tuple[str, ...], outlet: NDArray[Any], tiers: tuple[str, ...], tier: NDArray[Any]) -> NDArray[Any]:
    """Name pairs of outlet and tier, (n, 2) text."""
    names = [(outlets[n], tiers[h]) for n, h in zip(outlet.tolist(), tier.tolist(), strict=True)]
    return np.array(names, dtype=np.str_).reshape(-1, 2)


def write_certificate(arrays: Arrays, path: Path) -> None:
    """Write the arrays as ``numpy.savez_compressed`` would, but the same bytes whenever it is."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            with archive.open(entry, "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False)
