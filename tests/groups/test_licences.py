import pytest

from groups.licences import licence_name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"),
        ("https://creativecommons.org/licenses/by/3.0/deed.fr", "CC BY 3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://opendatacommons.org/licenses/odbl/1-0/", "ODbL"),
        ("https://opendatacommons.org/licenses/odbl/", "ODbL"),
        ("https://www.etalab.gouv.fr/licence-ouverte-open-licence/", "etalab.gouv.fr"),
    ],
)
def test_a_licence_is_called_by_its_usual_name(address, name):
    assert licence_name(address) == name
