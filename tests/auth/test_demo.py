from auth.demo import read
from auth.identity import Role, TenantId
from auth.policy import SEPARATED
from tests.auth.providers import everyone

EKDALEN, NORRSKOG = TenantId("ekdalen"), TenantId("norrskog")


def test_each_organisation_has_an_employee_a_prototyper_an_officer_and_an_administrator():
    people = everyone()
    for tenant in (EKDALEN, NORRSKOG):
        held = [each.roles[tenant] for each in people.people if set(each.roles) == {tenant}]
        assert sorted(map(sorted, held)) == sorted(
            [
                [Role.EMPLOYEE],
                [Role.EMPLOYEE, Role.PROTOTYPER],
                [Role.SECURITY_OFFICER],
                [Role.TENANT_ADMIN],
            ]
        )


def test_one_person_is_officer_in_the_one_and_employee_in_the_other():
    (both,) = [each for each in everyone().people if len(each.roles) == 2]
    assert both.roles == {EKDALEN: {Role.SECURITY_OFFICER}, NORRSKOG: {Role.EMPLOYEE}}


def test_nobody_is_officer_and_administrator_and_operators_belong_nowhere():
    people = everyone()
    assert not any(held >= SEPARATED for each in people.people for held in each.roles.values())
    assert [each.roles for each in people.operators] == [{}]


def test_everyone_needs_a_password_and_lives_under_example():
    people = everyone()
    assert len(set(people.usernames)) == len(people.people) + len(people.operators) == 10
    assert all(each.endswith(".example") for each in people.usernames)


def test_an_empty_demonstration_is_read_too():
    assert read({"organisations": [], "people": [], "operators": []}).usernames == ()
