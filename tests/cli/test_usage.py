"""Help and faults of the command line are in the reader's language, though Typer's own are not."""

import pytest

from panhuo.cli import main
from panhuo.cli.wrapping import wide


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["solve"], "缺少 INSTANCE", "INSTANCE is missing"),
        (["solve", "x"], "缺少 -o / --out", "-o / --out is missing"),
        (["sovle"], "没有命令 sovle", "there is no command sovle"),
        (["check", "--foo", "x"], "没有选项 --foo", "there is no option --foo"),
        (["check", "--jsn", "x"], "没有选项 --jsn：是否指 --json？", "there is no option --jsn: did you mean --json?"),
        (["check", "a", "b", "c"], "参数过多：b c", "more arguments than the command takes: b c"),
        (["solve", "x", "-o"], "-o 缺少取值", "-o lacks its value"),
        (["solve", "x", "-o", "y", "--gap", "z"], "--gap 只接受 ≥0", "--gap takes ≥0, and nothing else"),
        (["solve", "x", "-o", "y", "--gap", "-1"], "--gap 只接受 ≥0", "--gap takes ≥0, and nothing else"),
        (["solve", "x", "-o", "y", "--solver", "z"], "--solver 只接受 highs|scip|cpsat", "--solver takes highs|scip|cpsat"),
        (["verify", "x", "--clusters"], "--clusters 须与 --bound 同用", "--clusters goes with --bound"),
    ],
)  # fmt: skip
def test_a_fault_of_the_command_line_is_told_in_both_languages(words, zh, en, capsys):
    for lang, told in (("zh", zh), ("en", en)):
        assert main([*words, "--lang", lang] if words[-1] != "-o" else ["--lang", lang, *words]) == 2
        assert told in capsys.readouterr().err


def test_help_names_all_that_a_command_takes(capsys):
    assert main(["solve", "--help", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("用法：panhuo solve INSTANCE [选项]\n\n求出方案")
    assert "\n参数\n  INSTANCE " in shown
    assert "\n  -o, --out OUT " in shown
    assert "存放结果的文件夹。必填。" in shown
    assert "默认 highs。" in shown
    assert max(map(wide, shown.splitlines())) <= 100


def test_without_a_command_the_commands_are_listed(capsys):
    assert main(["--lang", "en"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Usage: panhuo COMMAND [OPTIONS]\n")
    assert "\n  solve     Find the plan, write it to OUT and check it.\n" in shown
