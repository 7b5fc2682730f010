"""Regions of Genesys Cloud and their hosts: credentials go to these and to nobody else."""

from __future__ import annotations

from msgspec import Struct

REGIONS = {
    "mypurecloud.com": "us-east-1",
    "use2.us-gov-pure.cloud": "us-east-2",
    "usw2.pure.cloud": "us-west-2",
    "cac1.pure.cloud": "ca-central-1",
    "mxc1.pure.cloud": "mx-central-1",
    "sae1.pure.cloud": "sa-east-1",
    "mypurecloud.ie": "eu-west-1",
    "euw2.pure.cloud": "eu-west-2",
    "mypurecloud.de": "eu-central-1",
    "euc2.pure.cloud": "eu-central-2",
    "edee1.eusc-pure.cloud": "eusc-de-east-1",
    "mec1.pure.cloud": "me-central-1",
    "aps1.pure.cloud": "ap-south-1",
    "apse1.pure.cloud": "ap-southeast-1",
    "mypurecloud.com.au": "ap-southeast-2",
    "mypurecloud.jp": "ap-northeast-1",
    "apne2.pure.cloud": "ap-northeast-2",
    "apne3.pure.cloud": "ap-northeast-3",
}
"""Domain -> name at AWS; the hosts of the official SDK, version 269."""


class Hosts(Struct, frozen=True):
    """region: as recorded; api and login: where to ask and where to log in, without a slash at the end."""

    region: str
    api: str
    login: str


def hosts_of(region: str) -> Hosts | None:
    """The hosts of a region, named by its domain or as AWS names it; None when there is no such region."""
    word = region.strip().lower().removeprefix("https://").rstrip("/")
    for prefix in ("apps.", "api.", "login."):
        word = word.removeprefix(prefix)
    domain = next((domain for domain, name in REGIONS.items() if word in (domain, name)), None)
    return None if domain is None else Hosts(domain, f"https://api.{domain}", f"https://login.{domain}")
