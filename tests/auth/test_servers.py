from pathlib import Path

from auth.servers import Ports, keycloak_command, standin_command


def keycloak():
    return keycloak_command(
        Path("/srv/keycloak"),
        ports=Ports(8180, 9000),
        data=Path("/srv/data"),
        public_url="https://login.example",
        administrator="first",
        password="canary",
    )


def test_keycloak_listens_on_loopback_alone_and_alone():
    argv = keycloak().argv
    assert argv[:3] == ("/srv/keycloak/bin/kc.sh", "start", "--optimized")
    assert {"--http-host=127.0.0.1", "--http-management-host=127.0.0.1", "--cache=local"} <= set(argv)
    assert keycloak().ready_url == "http://127.0.0.1:9000/health/ready"


def test_the_administrators_password_is_not_on_the_command_line():
    assert not any("canary" in part for part in keycloak().argv)
    assert keycloak().environment["KC_BOOTSTRAP_ADMIN_PASSWORD"] == "canary"


def test_the_stand_in_is_started_with_the_given_python():
    command = standin_command(
        Path("/py"), port=8180, data=Path("/d/people.json"), realm=Path("/d/realm.json")
    )
    assert command.argv == (
        "/py",
        "-m",
        "auth.standin",
        "--port=8180",
        "--data=/d/people.json",
        "--realm=/d/realm.json",
    )
