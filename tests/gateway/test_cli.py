"""The commands: which installation they are about."""

import os

import pytest

from gateway.cli import configuration
from gateway.cli.configuration import NoInstallation, find_settings


def test_where_nothing_tells_of_an_installation_that_is_said_and_not_what_it_lacks(monkeypatch, tmp_path):
    monkeypatch.setattr(configuration, "ROOT", tmp_path)
    for name in [each for each in os.environ if each.startswith("VALV_")]:
        monkeypatch.delenv(name)
    with pytest.raises(NoInstallation, match="make run"):
        find_settings()
