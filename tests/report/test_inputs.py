from __future__ import annotations

from auditor.model.problems import InputFile
from auditor.report.inputs import inputs_table
from auditor.report.wrap import columns

FILES = (
    InputFile("a/queues.json", "0", "platform API JSON", "understood", 6),
    InputFile("a/main.tf", "0", "Terraform configuration", "understood", 0, "looked at, holds no objects"),
    InputFile("a/broken.tf", "0", "Terraform configuration", "not", 0, "This is not valid HCL."),
    InputFile("a/half.json", "0", "platform API JSON", "partly", 1, "2 objects of unknown kind"),
    InputFile("a/notes\x1b[31m.txt", "0", "text", "not", 0, "no Genesys Cloud export"),
)


def test_each_kind_is_counted_and_each_file_has_its_reason() -> None:
    text = inputs_table(FILES, 120)
    rows = {line.split("  ")[0]: line.split() for line in text.splitlines()}
    assert rows["Terraform configuration"][2:5] == ["1", "0", "1"]
    assert rows["platform API JSON"][3:6] == ["1", "1", "0"]
    assert rows["all"][1:4] == ["2", "1", "2"]
    assert "  a/broken.tf: not: This is not valid HCL." in text
    assert "  a/half.json: partly, 1 object: 2 objects of unknown kind" in text
    assert "a/main.tf" not in text
    assert "NOT WHOLLY UNDERSTOOD (3)" in text
    assert "\x1b" not in text


def test_it_fits_the_width_and_depends_on_the_files_alone() -> None:
    narrow = inputs_table(FILES, 50)
    assert all(columns(line) <= 50 for line in narrow.splitlines())
    assert inputs_table(FILES, 80) == inputs_table(FILES, 80)
    assert inputs_table((), 80) == "No files.\n"
