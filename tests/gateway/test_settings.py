"""The configuration: every fault at once, secrets from files, nothing weak outside an evaluation."""

import pytest

from gateway.settings import BadSettings, read

GOOD = {
    "VALV_PUBLIC_URL": "https://valv.example",
    "VALV_DATA": "/srv/valv",
    "VALV_DATABASE_URL": "sqlite:////srv/valv/valv.db",
    "VALV_SESSION_KEY": "u8Zq3tXk1vQm7nRw2bYc5dLf9gHj4pSa",
    "VALV_MODELS": "/etc/valv/models.yaml",
    "VALV_IDENTITY__ISSUER": "https://id.example/realms/valv",
    "VALV_IDENTITY__CLIENT_SECRET": "k3Jd8sLq0wPz5xVb",
    "VALV_AUDIT__FOLDER": "/srv/valv/ledger",
    "VALV_AUDIT__KEYS": "/etc/valv/keys",
    "VALV_VECTORS__FOLDER": "/srv/valv/chroma",
}


def faults_of(**changes):
    with pytest.raises(BadSettings) as raised:
        read({name: value for name, value in {**GOOD, **changes}.items() if value is not None})
    return raised.value.faults


def test_what_is_set_is_read_and_what_is_not_has_its_standard():
    settings = read({**GOOD, "VALV_LIMITS__MAX_TOKENS": "99", "PATH": "/bin", "OTHER_THING": "1"})
    assert settings.limits.max_tokens == 99
    assert settings.limits.body_bytes == 2 * 1024 * 1024
    assert settings.identity.reachable_url == "https://id.example/realms/valv"
    assert settings.origin == "https://valv.example"


def test_settings_are_frozen():
    settings = read(GOOD)
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1


def test_every_fault_is_named_at_once():
    faults = faults_of(
        VALV_DATA=None, VALV_PORT="many", VALV_AUDIT__DISK_FLOOR_PERCENT="80", VALV_LIMITS__MAX_TOKENS="0"
    )
    assert "VALV_DATA: is not set" in faults
    assert any(fault.startswith("VALV_PORT: ") for fault in faults)
    assert any(fault.startswith("VALV_AUDIT__DISK_FLOOR_PERCENT: ") for fault in faults)
    assert any(fault.startswith("VALV_LIMITS__MAX_TOKENS: ") for fault in faults)


def test_a_weak_secret_is_named_beside_faults_of_other_kinds():
    faults = faults_of(VALV_DATA=None, VALV_SESSION_KEY="changeme", VALV_PUBLIC_URL="http://valv.example")
    assert "VALV_DATA: is not set" in faults
    assert any("VALV_SESSION_KEY" in fault and "placeholder" in fault for fault in faults)
    assert any("https" in fault for fault in faults)


def test_a_setting_that_does_not_exist_is_a_fault():
    assert any(fault.startswith("VALV_PROT: ") for fault in faults_of(VALV_PROT="8080"))


def test_a_setting_that_is_both_a_value_and_a_group_is_a_fault():
    assert any("VALV_AUDIT" in fault for fault in faults_of(VALV_AUDIT="everything"))


def test_a_file_holds_a_secret(tmp_path):
    file = tmp_path / "secret"
    file.write_text("f1leSecret-2bYc5dLf9gHj4pSa8Kw3z7\n")
    environment = {name: value for name, value in GOOD.items() if name != "VALV_SESSION_KEY"}
    settings = read({**environment, "VALV_SESSION_KEY_FILE": str(file)})
    assert settings.session_key.get_secret_value() == "f1leSecret-2bYc5dLf9gHj4pSa8Kw3z7"


def test_a_file_that_is_not_there_is_a_fault_beside_the_others(tmp_path):
    faults = faults_of(VALV_SESSION_KEY=None, VALV_SESSION_KEY_FILE=str(tmp_path / "none"), VALV_PORT="many")
    assert any(fault.startswith("VALV_SESSION_KEY_FILE: the file can't be read") for fault in faults)
    assert any(fault.startswith("VALV_PORT: ") for fault in faults)


def test_a_file_that_is_no_text_is_a_fault(tmp_path):
    file = tmp_path / "secret"
    file.write_bytes(b"\xff\xfe\xfd")
    faults = faults_of(VALV_SESSION_KEY=None, VALV_SESSION_KEY_FILE=str(file))
    assert any(fault.startswith("VALV_SESSION_KEY_FILE: ") for fault in faults)


@pytest.mark.parametrize("weak", ["", "changeme", "CHANGE-ME", "secret", "password", "valv"])
@pytest.mark.parametrize("name", ["VALV_SESSION_KEY", "VALV_IDENTITY__CLIENT_SECRET"])
def test_placeholder_secrets_are_refused_outside_evaluation(name, weak):
    assert any(name in fault for fault in faults_of(**{name: weak}))


@pytest.mark.parametrize(("key", "refused"), [("x" * 31, True), ("å" * 16, False), ("x" * 32, False)])
def test_a_session_key_has_32_bytes_or_more_outside_evaluation(key, refused):
    if not refused:
        assert read({**GOOD, "VALV_SESSION_KEY": key})
        return
    (fault,) = faults_of(VALV_SESSION_KEY=key)
    assert fault == "VALV_SESSION_KEY: 31 bytes; outside evaluation mode it must have 32 or more, at random"
    assert read({**GOOD, "VALV_EVALUATION": "true", "VALV_SESSION_KEY": key})


def test_an_evaluation_may_use_placeholders_and_plain_http():
    weak = {
        "VALV_EVALUATION": "true",
        "VALV_SESSION_KEY": "changeme",
        "VALV_PUBLIC_URL": "http://127.0.0.1:8080",
    }
    assert read({**GOOD, **weak}).evaluation


def test_plain_http_is_refused_outside_evaluation():
    assert any("https" in fault for fault in faults_of(VALV_PUBLIC_URL="http://valv.example"))


def test_vectors_are_in_a_folder_or_on_a_server_and_not_both():
    assert faults_of(VALV_VECTORS__SERVER="http://chroma:8000")
    assert faults_of(VALV_VECTORS__FOLDER=None)


def test_no_fault_and_no_text_of_the_settings_shows_a_secret():
    secret = "k4n4r1e-hemlig-2bYc5dLf9gHj4pSa8"
    shown = faults_of(VALV_SESSION_KEY=secret, VALV_IDENTITY__CLIENT_SECRET=secret, VALV_PORT="x")
    assert secret not in str(shown)
    assert secret not in repr(read({**GOOD, "VALV_SESSION_KEY": secret}))
