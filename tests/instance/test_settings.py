"""instance.toml and proposals."""

from pathlib import Path

import pytest

from panhuo.instance import read

CLEAN = 'title = "x"\n[policy]\nbudget_cny = 300000\n'


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[policy]\nbudget_cny = 1\n", "instance.toml, title: is required. Write this key."),
        (CLEAN.replace("300000", "-1"), "instance.toml, policy.budget_cny = -1: must be ≥ 0. Correct the value."),
        (
            CLEAN.replace("budget_cny", "budgt_cny"),
            "instance.toml, policy.budgt_cny = 300000: there is no such key: did you mean budget_cny? Rename the key.",
        ),
        (CLEAN.replace("300000", '"much"'), "instance.toml, policy.budget_cny = much: must be a number. "
         "Write a plain number such as 1234.5."),
        (CLEAN + "[access]\ndetour = 0.5\n", "instance.toml, access.detour = 0.5: must be ≥ 1. Correct the value."),
        (CLEAN + '[access]\nmethod = "fly"\n', "instance.toml, access.method = fly: must be one of straight, network, minutes. "
         "Write one of these words."),
        (CLEAN + "required_sites = 5\n", "instance.toml, policy.required_sites = 5: must be a list. Put it in square brackets."),
        (CLEAN + 'required_sites = ["s9"]\n', "instance.toml, policy.required_sites = s9: must be a site of sites: s1, s2, s3. "
         "Correct the name or take it out."),
        (CLEAN + 'required_sites = ["s1"]\nexcluded_sites = ["s1"]\n', "instance.toml, policy.excluded_sites = s1: is required and excluded "
         "at once. Take it out of one of the two."),
        (CLEAN + '[[policy.floors]]\nservice = "cantene"\nshare = 0.5\n', "instance.toml, policy.floors[0].service = cantene: "
         "must be a service of services: canteen, culture. Did you mean canteen?"),
        (CLEAN + '[[policy.floors]]\nservice = "canteen"\nshare = 0.5\ncircles = ["north"]\n',
         "instance.toml, policy.floors[0].circles = north: must be a circle of circles: west, east. Correct the name or take it out."),
        (CLEAN + '[[policy.objectives]]\nname = "a"\nmeasure = "smallest_share"\ncircle_types = ["hill"]\n',
         "instance.toml, policy.objectives[0].circle_types = hill: must be a type of circles: there is none. Correct the name or take it out."),
        (CLEAN.replace("300000", "inf"), "instance.toml, policy.budget_cny = inf: must be a number. "
         "Write a plain number such as 1234.5."),
        (CLEAN.replace("300000", "true"), "instance.toml, policy.budget_cny = True: must be a number. "
         "Write a plain number such as 1234.5."),
        (CLEAN + "[modes.keeep]\nmonths = 2\n", "instance.toml, modes.keeep = keeep: must be one of keep, convert, rebuild, add. "
         "Write one of these words."),
        (CLEAN + '[[policy.objectives]]\nname = "a"\nmeasure = "party_capital"\n', "instance.toml, policy.objectives[0].party: "
         "must be filled where measure is party_capital. Name the party."),
        (CLEAN + '[tables.services]\nsorce = "x"\n', "instance.toml, tables.services.sorce = x: there is no such key: "
         "did you mean source? Rename the key."),
        (CLEAN + '[tables.demnad]\nsource = "x"\n', "instance.toml, tables.demnad: there is no such table. Did you mean demand?"),
    ],
)  # fmt: skip
def test_settings_at_fault(folder, toml: str, sentence: str) -> None:
    folder.toml = toml
    assert folder.faults() == [sentence]


def test_toml_that_cannot_be_read_names_the_line(folder, faults_of) -> None:
    path = folder.write()
    (path / "instance.toml").write_text('title = "x"\nbudget = \n', "utf-8")
    (only,) = faults_of(path)
    assert only.startswith("instance.toml row 2: is not valid TOML: ")


def test_no_settings(folder, faults_of) -> None:
    path = folder.write()
    (path / "instance.toml").unlink()
    assert faults_of(path) == [
        "instance.toml: the file is missing. Write it: at least title, and the crs of each located table."
    ]


def test_all_faults_of_settings_and_proposal_at_once(folder, faults_of) -> None:
    folder.toml = CLEAN.replace("300000", '"much"') + 'required_sites = ["s9"]\n[modes.keeep]\nmonths = 1\n'
    path = _proposal(folder, 'titel = "x"\n[access]\ndetour = 9\n[change.sites.s9]\narea_m2 = 1\n')
    seen = [fault.partition(":")[0] for fault in faults_of(folder.write(), path)]
    assert sorted(seen) == [
        "instance.toml, modes.keeep = keeep",
        "instance.toml, policy.budget_cny = much",
        "instance.toml, policy.required_sites = s9",
        "proposals/ten.toml, access.detour = 9",
        "proposals/ten.toml, change.sites.s9",
        "proposals/ten.toml, titel = x",
        "proposals/ten.toml, title",
    ]


def test_a_crs_that_is_no_text_is_told_once(folder, faults_of) -> None:
    path = folder.write()
    toml = path / "instance.toml"
    toml.write_text(
        toml.read_text("utf-8").replace('[tables.sites]\ncrs = "EPSG:4490"', "[tables.sites]\ncrs = 4490"), "utf-8"
    )
    assert faults_of(path) == ["instance.toml, tables.sites.crs = 4490: must be a text. Put it in quotation marks."]


def test_faulty_settings_do_not_hide_other_faults(folder) -> None:
    folder.toml = "[policy]\nbudget_cny = 1\n"
    del folder.crs["sites"]
    assert len(folder.faults()) == 2


PROPOSAL = """
title = "Ten minutes"
title_zh = "十分钟"
[access]
detour = 1.5
[policy]
budget_cny = 500000
[change.services.canteen]
standard_min = 10
[change.funds.city]
cap_cny = 250000
"""


@pytest.fixture
def with_funds(folder):
    folder.tables["funds"] = [
        ["fund", "party", "上限（万元）"],
        ["city", "government", "30"],
        ["firm", "enterprise", "5"],
    ]
    return folder


def _proposal(folder, text: str) -> Path:
    (folder.path / "proposals").mkdir(exist_ok=True)
    path = folder.path / "proposals" / "ten.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_proposal_replaces_settings_and_cells(with_funds) -> None:
    path = _proposal(with_funds, PROPOSAL)
    instance = read(with_funds.write(), path)
    assert instance.settings.access.detour == 1.5
    assert instance.settings.policy.budget_cny == 500000
    assert instance.settings.title == "Six points"
    assert instance["services"]["standard_min"].iloc[0] == 10.0
    assert instance["funds"]["cap_cny"].tolist() == [250000.0, 50000.0]
    assert instance.proposal is not None
    assert instance.proposal.title == "Ten minutes"
    assert "proposals/ten.toml" in {s.name for s in instance.sources}


def test_a_proposal_may_fill_a_column_that_was_not_given(with_funds) -> None:
    path = _proposal(with_funds, 'title = "x"\n[change.sites.s1]\nstatus = "必选"\nbeside = ["market", "school"]\n')
    sites = read(with_funds.write(), path)["sites"]
    assert sites["status"].tolist() == ["required", "candidate", "candidate"]
    assert sites["beside"].tolist() == [("market", "school"), (), ()]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('title = "x"\n[change.site.s1]\narea_m2 = 1\n', ", change.site: no table is called site: did you mean sites? "
         "Name a table of the instance."),
        ('title = "x"\n[change.sites.s9]\narea_m2 = 1\n', ", change.sites.s9: sites has no row s9. Name a row of the table: s1, s2, s3."),
        ('title = "x"\n[change.sites.s1]\narea = 1\n', ", change.sites.s1.area: sites has no column area. Name a column of the table."),
        ('title = "x"\n[change.sites.s1]\nownershp = 1\n', ", change.sites.s1.ownershp: sites has no column ownershp: "
         "did you mean ownership? Name a column of the table."),
        ('title = "x"\n[change.sites.s1]\narea_m2 = "big"\n', ", change.sites.s1.area_m2 = big: must be a number. "
         "Write a plain number such as 1234.5."),
        ('title = "x"\n[change.sites.s1]\narea_m2 = -5\n', ", change.sites.s1.area_m2 = -5: must be > 0 [m²]. "
         "Correct the area or delete the row."),
        ('title = "x"\n[change.costs.a]\ncapital_cny = 5\n', ", change.costs: the rows of costs have no single key, "
         "so a proposal cannot name them. Change the table itself."),
        ('title = "x"\n[change.profiles.adult]\nspeed_km_h = 5\n', ", change.profiles: the instance does not give the table "
         "profiles. Add the table."),
        ('title = "x"\n[policy]\nbudget_cny = -5\n', ", policy.budget_cny = -5: must be ≥ 0. Correct the value."),
        ('title = "x"\n[policy]\nrequired_sites = ["zz"]\n', ", policy.required_sites = zz: must be a site of sites: s1, s2, s3. "
         "Correct the name or take it out."),
        ("budget = 5\n", ", title: is required. Write this key."),
        ('title = "x"\n[change.phases.a]\nb = 1\n', ", change.phases: this version does not plan phases yet. Take the table out."),
    ],
)  # fmt: skip
def test_proposals_at_fault_name_their_file(with_funds, faults_of, text: str, sentence: str) -> None:
    path = _proposal(with_funds, text)
    assert f"proposals/ten.toml{sentence}" in faults_of(with_funds.write(), path)


def test_no_such_proposal(folder, tmp_path: Path, faults_of) -> None:
    path = tmp_path / "none.toml"
    assert faults_of(folder.write(), path) == [f"{path}: there is no such proposal. Check the path."]


def test_every_kind_at_fault_is_told(folder) -> None:
    folder.toml += "[access.driving.kinds]\nfootway = -3\nboulevard = 'fast'\nlane = 131\nroad = 130\n"
    assert folder.faults() == [
        f"instance.toml, access.driving.kinds.{fault}"
        for fault in (
            "footway = -3: must be ≥ 0. Correct the value.",
            "boulevard = fast: must be a number. Write a plain number such as 1234.5.",
            "lane = 131: must be ≤ 130. Correct the value.",
        )
    ]
