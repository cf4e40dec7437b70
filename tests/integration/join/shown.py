"""What an answer shows to a person."""

import re

import httpx


def heading(response: httpx.Response) -> str:
    """Give the heading of the page."""
    [found] = re.findall(r"<h1>(.*)</h1>", response.text)
    return str(found)


def sentences(response: httpx.Response) -> list[str]:
    """Give what the summary says."""
    return re.findall(r"<li>(?:<a[^>]*>)?([^<]*)", response.text)


def values(response: httpx.Response) -> dict[str, str]:
    """Give what is in the fields."""
    return dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', response.text))
