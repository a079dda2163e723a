"""What the program offers and what the README says are the same."""

from collections.abc import Callable

import click
from flask import Flask

from learn import cli
from tests.house import rules

README = (rules.ROOT / "README.md").read_text(encoding="utf-8")
STATIC = ("GET", "/static/<name>.<hash>.<ext>")  # answered before the routes


def test_every_setting_is_documented_and_no_other() -> None:
    source = (rules.ROOT / "learn" / "config.py").read_text(encoding="utf-8")
    assert rules.read_settings(source) == rules.documented_settings(README)
    assert len(rules.documented_settings(README)) == 14
    assert rules.read_settings(source + 'env.get("LEARN_NEW")') - rules.documented_settings(README) == {
        "LEARN_NEW"
    }


def test_every_command_and_option_is_documented_and_no_other() -> None:
    assert rules.undocumented_commands(cli.learn, README) == []


def test_a_forgotten_command_or_option_is_noticed() -> None:
    context = click.Context(cli.learn)
    commands = {name: cli.learn.get_command(context, name) for name in cli.COMMANDS}
    planted = click.Group("learn", commands={name: found for name, found in commands.items() if found})
    planted.add_command(click.Command("dance", params=[]))
    planted.add_command(click.Command("worker", params=[click.Option(["--fast"])]))
    assert rules.undocumented_commands(planted, README) == ["dance", "worker --fast"]


def test_every_address_is_documented_and_no_other(apps: Callable[[str], Flask]) -> None:
    actual = {STATIC}
    for rule in apps("sqlite").url_map.iter_rules():
        methods = (rule.methods or set()) & {"GET", "POST"}
        actual |= {(method, rules.plain_rule(rule.rule)) for method in methods}
    documented = rules.documented_addresses(README)
    assert actual - documented == set(), "not in the README"
    assert documented - actual == set(), "no longer there"
    assert len(documented) > 25
    assert ("POST", "/planted") not in documented


def test_both_commands_of_the_readme_are_those_of_the_build() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    build = (rules.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert len(lines) == 2
    for step in lines[1].split(" && "):
        assert step in build
