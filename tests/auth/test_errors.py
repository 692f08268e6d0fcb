import inspect

from auth import errors


def test_every_error_is_public_and_every_public_name_exists():
    seen = {
        name
        for name, each in vars(errors).items()
        if inspect.isclass(each) and each.__module__ == "auth.errors"
    }
    assert seen == set(errors.__all__)


def test_every_error_stands_in_the_drawing():
    classes = [
        each for each in vars(errors).values() if inspect.isclass(each) and issubclass(each, Exception)
    ]
    assert classes
    for each in classes:
        assert each.__name__ in errors.__doc__
        assert issubclass(each, (errors.AuthError, errors.DatabaseDown))


def test_several_tenants_hint_at_a_scope_that_names_one():
    fault = errors.SeveralTenants(["norrskog", "ekdalen"])
    assert fault.aliases == ("ekdalen", "norrskog")
    assert fault.hint == "organization:ekdalen"
