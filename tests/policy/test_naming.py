from __future__ import annotations

import pytest

from auditor.model.organisation import Organisation
from auditor.model.problems import InputFile
from auditor.policy.naming import organisation_name


@pytest.mark.parametrize(
    ("paths", "name"),
    [
        (["exports/dresden/ivrs.json", "exports/dresden/flows/a.yaml"], "dresden"),
        (["dresden/ivrs.json", "dresden/flows.json"], "dresden"),
        (["/srv/dresden/x.json", "/srv/leipzig/x.json"], "srv"),
        (["../dresden/x.json", "../dresden/y.json"], "dresden"),
        (["../x.json", "../y.json"], "organisation"),
        (["flows/main.yaml"], "main"),
        (["a.json", "b/c.json"], "organisation"),
        ([], "organisation"),
    ],
)
def test_an_organisation_is_called_as_its_folder(paths: list[str], name: str) -> None:
    inputs = tuple(InputFile(path, "", "", "understood", 1) for path in paths)
    assert organisation_name(Organisation(inputs=inputs)) == name
    assert organisation_name(Organisation(inputs=inputs, name="Stadtwerke Dresden")) == "Stadtwerke Dresden"
