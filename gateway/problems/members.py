"""What administrators are told about the members of their organisation."""

from typing import Final

from auth import errors as auth
from gateway.problems.entry import PERMISSION, Entry, broken, invalid

TABLE: Final[dict[type[Exception], Entry]] = {
    auth.MemberFault: invalid(
        400, "bad_member", "The members can't be changed like this.", "Medlemmarna kan inte ändras så här."
    ),
    auth.AddressElsewhere: invalid(
        422,
        "address_elsewhere",
        "Only addresses of your organisation's own domains can be added here ({domains}). "
        "Ask your operator for anyone else.",
        "Här kan bara adresser i organisationens egna domäner läggas till ({domains}). Be driften om andra.",
        "domains",
    ),
    auth.AlreadyMember: invalid(
        409,
        "already_member",
        "This person is a member already. Change their roles instead.",
        "Personen är redan medlem. Ändra rollerna i stället.",
    ),
    auth.LastAdministrator: invalid(
        409,
        "last_administrator",
        "This is the organisation's last administrator. Make somebody else administrator first.",
        "Det här är organisationens sista administratör. Gör först någon annan till administratör.",
    ),
    auth.ManagedMember: invalid(
        409,
        "managed_member",
        "This member comes from your organisation's own login. Take their roles here, and end the account there.",
        "Medlemmen kommer från organisationens egen inloggning. Ta bort rollerna här och avsluta kontot där.",
    ),
    auth.MemberNotFound: invalid(404, "not_found", "There is no such member.", "Medlemmen finns inte."),
    auth.MembersOff: broken(
        503,
        "members_off",
        "This gateway has no account with the identity provider for members. "
        "Ask your operator to set VALV_IDENTITY__MEMBERS_CLIENT_SECRET.",
        "Valv har inget konto hos inloggningstjänsten för att hantera medlemmar. "
        "Be driften ställa in VALV_IDENTITY__MEMBERS_CLIENT_SECRET.",
    ),
    auth.OperatorNoMember: invalid(
        409,
        "operator_no_member",
        "This person is an operator of the installation, and so belongs to no organisation.",
        "Personen sköter driften av hela installationen och kan därför inte tillhöra en organisation.",
    ),
    auth.OwnOfficer: Entry(
        403,
        "own_officer",
        PERMISSION,
        "Nobody can make themselves security officer. Another administrator has to.",
        "Ingen kan göra sig själv till granskare. En annan administratör behöver göra det.",
    ),
    auth.PersonNotFound: invalid(
        404,
        "person_not_found",
        "The identity provider knows nobody with this address. Let them log in once, or ask your operator.",
        "Inloggningstjänsten känner ingen med den adressen. Låt personen logga in en gång, eller be driften om hjälp.",
    ),
}
