"""Reading the API as its users do."""


def read(client, address, **params):
    """Return what stands at an address of the API, which must answer 200."""
    response = client.get(address if "//" in address else f"/api/v1/{address}", params or None)
    assert response.status_code == 200, (address, response.text)
    return response.json()


def pages(client, address, **params):
    """Return all pages of a list, following `next` to the end."""
    found = [read(client, address, **params)]
    while found[-1]["next"]:
        found.append(read(client, found[-1]["next"]))
        assert len(found) < 100
    return found


def names(*pages):
    return [group["short_name"] for page in pages for group in page["groups"]]


def deleted(*pages):
    return [each["id"] for page in pages for each in page.get("deleted", [])]
